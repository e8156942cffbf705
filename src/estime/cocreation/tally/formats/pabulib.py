"""Pabulib's `.pb`, in and out: participatory budgets with what each project costs and how everybody voted.

Three tables in one file, separated by `;`: META, PROJECTS, VOTES. What people are besides voters (age, sex, district)
is not kept: no method needs it. https://pabulib.org/format
"""

import csv
import io
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn, TextIO

import numpy as np

from estime.cocreation.tally.ballots import Ballots, Kind, Money, check_size
from estime.cocreation.tally.errors import BallotsUnclear
from estime.cocreation.tally.formats import cells
from estime.cocreation.tally.formats.opening import broken, rows

KINDS: Final = {
    "approval": Kind.APPROVAL,
    "ordinal": Kind.RANKED,
    "cumulative": Kind.SCORE,
    "scoring": Kind.SCORE,
}
SECTIONS: Final = ("meta", "projects", "votes")
LARGEST: Final = 30
"""Amounts have at most so many digits before or after the point."""


@dataclass(frozen=True, eq=False)
class Pabulib:
    """A participatory budget: its ballots, its money, and the rest of the file as text."""

    ballots: Ballots
    money: Money
    voters: tuple[str, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Project → its columns other than `project_id`, `cost` and `name`."""


@dataclass
class _Read:
    """What has been read so far."""

    path: Path
    meta: dict[str, str] = field(default_factory=dict)
    projects: dict[str, dict[str, str]] = field(default_factory=dict)
    costs: dict[str, Fraction] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    voters: dict[str, int] = field(default_factory=dict)
    row: "array[int]" = field(default_factory=lambda: array("q"))
    option: "array[int]" = field(default_factory=lambda: array("l"))
    mark: "array[float]" = field(default_factory=lambda: array("d"))
    twice: int = 0

    @cached_property
    def places(self) -> dict[str, int]:
        """Project → its position, once all are read."""
        return {project: place for place, project in enumerate(self.costs)}

    def refuse(self, line: int, what: str) -> NoReturn:
        """Refuse the file for this line."""
        raise broken(self.path, line, what)

    @property
    def kind(self) -> Kind | None:
        """How people voted; None if it is not told in words of Pabulib."""
        return KINDS.get(self.meta.get("vote_type", "approval").casefold())


def read(path: Path, encoding: str | None = None) -> Pabulib:
    """What a `.pb` file holds.

    A vote for a project that is not in the list, a project or voter that comes twice, a cost that is no number or
    below 0 refuse the file and name the line. The same project twice in one approval ballot counts once, and a note
    says how often that was.
    """
    held = _Read(path)
    section, header, seen = "", None, set()
    for line, row in rows(path, encoding, delimiter=";"):
        title = row[0].casefold()
        if title in SECTIONS and not any(row[1:]):
            section, header = title, None
            seen.add(title)
        elif not section:
            raise BallotsUnclear(
                f"“{path.name}” does not begin with META.",
                todo="Is it a .pb file? See https://pabulib.org/format",
            )
        elif header is None:
            header = [cell.casefold() for cell in row]
            _check_header(held, section, header, line)
        elif section == "meta":
            held.meta[row[0]] = row[1] if len(row) > 1 else ""
        elif section == "projects":
            _project(held, line, dict(zip(header, row, strict=False)))
        else:
            _vote(held, line, dict(zip(header, row, strict=False)))
    missing = [name.upper() for name in SECTIONS if name not in seen]
    if missing:
        raise BallotsUnclear(
            f"“{path.name}” has no {' and no '.join(missing)}.",
            todo="Get the whole file: it may be cut short.",
        )
    return _whole(held)


def _check_header(held: _Read, section: str, header: list[str], line: int) -> None:
    needed = {"meta": ("key", "value"), "projects": ("project_id", "cost"), "votes": ("voter_id", "vote")}[
        section
    ]
    for name in needed:
        if name not in header:
            held.refuse(line, f"the columns of {section.upper()} lack “{name}”.")
    if section == "votes" and held.kind is None:
        raise BallotsUnclear(
            f"“{held.path.name}” has votes of the type “{held.meta['vote_type']}”.",
            todo=f"vote_type is one of: {', '.join(KINDS)}.",
        )
    if section == "votes" and held.kind is Kind.SCORE and "points" not in header:
        held.refuse(line, "the columns of VOTES lack “points”.")


def _project(held: _Read, line: int, row: dict[str, str]) -> None:
    project = row.pop("project_id", "")
    if not project or project in held.costs:
        held.refuse(line, f"the project “{project}” comes twice." if project else "there is no project_id.")
    cost = amount(row.pop("cost", ""))
    if cost is None:
        held.refuse(line, f"the cost of project “{project[:40]}” is no number of 0 or more.")
    held.costs[project] = cost
    if name := row.pop("name", ""):
        held.names[project] = name
    held.projects[project] = row


def _vote(held: _Read, line: int, row: dict[str, str]) -> None:
    voter = row.get("voter_id", "")
    if not voter or voter in held.voters:
        held.refuse(line, f"the voter “{voter[:40]}” comes twice." if voter else "there is no voter_id.")
    ballot = held.voters[voter] = len(held.voters)
    named = [name.strip() for name in row.get("vote", "").split(",") if name.strip()]
    said: set[str] = set()
    for name, mark in zip(named, _marks(held, line, row, len(named)), strict=True):
        place = held.places.get(name)
        if place is None:
            held.refuse(line, f"there is no project “{name[:40]}”.")
        if name in said and held.kind is not Kind.APPROVAL:
            held.refuse(line, f"the project “{name[:40]}” comes twice.")
        held.twice += name in said
        said.add(name)
        held.row.append(ballot)
        held.option.append(place)
        held.mark.append(mark)


def _marks(held: _Read, line: int, row: dict[str, str], named: int) -> list[float]:
    """What the projects of a ballot are given, in their order."""
    if held.kind is not Kind.SCORE:
        return [float(place) for place in range(1, named + 1)]
    points = [cells.number(text.strip()) for text in row.get("points", "").split(",") if text.strip()]
    given = [point for point in points if point is not None]
    if len(given) != named:
        held.refuse(line, f"there are {named} projects and {len(given)} numbers of points.")
    return given


def _whole(held: _Read) -> Pabulib:
    """Put together what was read."""
    budget = amount(held.meta.get("budget", ""))
    if budget is None:
        raise BallotsUnclear(
            f"“{held.path.name}” does not say how large the budget is.",
            todo="Put a line “budget;” with a number of 0 or more into META.",
        )
    kind = held.kind or Kind.APPROVAL
    n, m = len(held.voters), len(held.costs)
    check_size(n, m)
    marks = {
        Kind.APPROVAL: np.zeros((n, m), dtype=np.bool_),
        Kind.SCORE: np.full((n, m), np.nan),
        Kind.RANKED: np.zeros((n, m), dtype=np.int16),
    }[kind]
    if len(held.row):
        marks[np.array(held.row), np.array(held.option)] = np.array(held.mark).astype(marks.dtype)
    ballots = Ballots(
        kind,
        tuple(held.costs),
        marks,
        np.ones(n, dtype=np.int64),
        names=held.names,
        notes=tuple(_notes(held)),
    )
    money = Money(tuple(held.costs.values()), budget)
    return Pabulib(ballots, money, tuple(held.voters), held.meta, held.projects)


def _notes(held: _Read) -> Iterator[str]:
    if held.twice:
        yield f"{held.twice:,} times a ballot names a project twice: it counts once."
    for told, there, what in (
        ("num_votes", len(held.voters), "votes"),
        ("num_projects", len(held.costs), "projects"),
    ):
        if held.meta.get(told) and cells.whole(held.meta[told]) != there:
            yield f"META tells of {held.meta[told]} {what}; there are {there:,}."


def amount(text: str) -> Fraction | None:
    """An exact amount of money, 0 or more; None if it is none.

    >>> amount("12.50"), amount("-1"), amount("NaN")
    (Fraction(25, 2), None, None)
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or value < 0 or abs(value.adjusted()) > LARGEST:
        return None
    return Fraction(value)


def write(stream: TextIO, budget: Pabulib) -> None:
    """Write a `.pb` file: what `read` gives, or what was made of ballots and money.

    `num_projects`, `num_votes`, `budget` and `vote_type` are those of the ballots, whatever `meta` says. A row of
    ballots that stands for several voters is written as often; then voters are numbered. An amount that has no end
    as a decimal raises ValueError.
    """
    ballots, money = budget.ballots, budget.money
    out = csv.writer(stream, delimiter=";", lineterminator="\n")
    own = {
        "num_projects": str(len(ballots.options)),
        "num_votes": str(ballots.voters),
        "budget": decimal(money.budget),
        "vote_type": next(
            name
            for name in (budget.meta.get("vote_type", ""), *KINDS)
            if KINDS.get(name.casefold()) is ballots.kind
        ),
    }
    out.writerows([["META"], ["key", "value"], *({**budget.meta, **own}).items(), ["PROJECTS"]])
    extra = list(dict.fromkeys(column for columns in budget.projects.values() for column in columns))
    out.writerow(["project_id", "cost", "name", *extra])
    for option, cost in zip(ballots.options, money.costs, strict=True):
        told = budget.projects.get(option, {})
        cells_ = [told.get(column, "") for column in extra]
        out.writerow([option, decimal(cost), ballots.names.get(option, ""), *cells_])
    out.writerow(["VOTES"])
    scored = ballots.kind is Kind.SCORE
    out.writerow(["voter_id", "vote", "points"] if scored else ["voter_id", "vote"])
    out.writerows(_written(budget, scored))


def _written(budget: Pabulib, scored: bool) -> Iterator[list[str]]:
    """A row for each voter."""
    ballots = budget.ballots
    told = len(budget.voters) == len(ballots.marks) and (ballots.counts == 1).all()
    voter = 0
    for place, (marks, count) in enumerate(zip(ballots.marks, ballots.counts, strict=True)):
        given = np.flatnonzero(~np.isnan(marks) if scored else marks)
        if ballots.kind is Kind.RANKED:
            given = given[np.argsort(marks[given], kind="stable")]
            if len(set(marks[given].tolist())) < len(given):
                raise ValueError("a .pb file cannot hold a ranking in which two projects are equal")
        row = [",".join(ballots.options[option] for option in given)]
        if scored:
            row.append(",".join(f"{marks[option]:g}" for option in given))
        for _ in range(int(count)):
            voter += 1
            yield [budget.voters[place] if told else str(voter), *row]


def written(budget: Pabulib) -> str:
    """A `.pb` file as one text."""
    stream = io.StringIO()
    write(stream, budget)
    return stream.getvalue()


def decimal(value: Fraction) -> str:
    """An amount as a decimal number, exactly.

    >>> decimal(Fraction(25, 2)), decimal(Fraction(1000))
    ('12.5', '1000')
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise ValueError(f"{value} has no end as a decimal number")
    digits = max(0, value.denominator.bit_length())
    text = f"{int(value * 10**digits):0{digits + 1}d}"
    whole, part = text[: len(text) - digits], text[len(text) - digits :].rstrip("0")
    return f"{whole}.{part}" if part else whole


def as_approvals(ballots: Ballots) -> Ballots:
    """Approvals from any ballots: what was given more than 0 points, or was ranked, is approved of; with a note."""
    if ballots.kind is Kind.APPROVAL:
        return ballots
    said = "ranks" if ballots.kind is Kind.RANKED else "points above 0"
    marks = ballots.marks > 0
    note = f"People gave {said}; each project given some counts as approved."
    return replace(ballots, kind=Kind.APPROVAL, marks=marks, notes=(*ballots.notes, note))
