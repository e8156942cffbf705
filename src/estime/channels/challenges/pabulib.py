"""A participatory budget in Pabulib's `.pb`: projects with what they cost, and everybody's ballot.

The file says when the vote was, not when each ballot came in: all of them stand at its end. Ranks and points count as
approval, which a note tells; what people are besides voters (age, sex, district) is not kept.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from estime.channels.challenges.read import Line, Read, name_of, refused, required, vote
from estime.channels.errors import DocumentInvalid
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable, reject
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Choosable, Chosen
from estime.cocreation.tally.formats.pabulib import SECTIONS, amount
from estime.ledger.drafts import Reject

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
LARGEST = 10**11
LONGEST_QUOTE = 100
"""Lines over which a text in quotes may go."""
NEEDED = {"meta": {"key", "value"}, "projects": {"project_id", "cost"}, "votes": {"voter_id", "vote"}}


@dataclass
class _Pb:
    meta: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def read(source: Source, options: ReadOptions) -> Read:
    """Projects as options with their costs, voters by the numbers that the file gives them."""
    source = source.single()
    name = name_of(Path(source.member or source.path))
    pb, held = _Pb(), Read(About(f"pb/{name}", name, method="budget"))
    voters: set[str] = set()
    projects: set[str] = set()
    votes: list[tuple[int, Line]] = []
    for number, section, row in _sections(source, options, pb, held):
        if section == "meta":
            pb.meta[row["key"].strip()] = row["value"].strip()
            continue
        try:
            if section == "projects":
                held.rows.append(_project(number, row, held.about.source, projects))
            else:
                voter = required(row["voter_id"], "voter_id")
                if voter in voters:
                    raise Untranslatable("bad-field", f"The voter “{voter[:40]}” comes twice.")
                voters.add(voter)
                votes.append((number, row))
        except Untranslatable as error:
            held.rejects.append(refused(number, error, row))
    _about(source, options, pb, held)
    for number, row in votes:
        try:
            held.rows += _ballot(number, row, held.about, projects)
        except Untranslatable as error:
            held.rejects.append(refused(number, error, row))
    return held


def _sections(source: Source, options: ReadOptions, pb: _Pb, held: Read) -> Iterator[tuple[int, str, Line]]:
    """Each row with its section. A line that cannot be read is refused by itself; without a section all is."""
    section, header = "", None
    for item in _cells(source, options.delimiter or ";"):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, row = item
        title = row[0].casefold()
        if title in SECTIONS and not any(row[1:]):
            section, header = title, None
            pb.seen.add(title)
        elif not section:
            raise _broken(source, "does not begin with META")
        elif header is None:
            header = [cell.casefold() for cell in row]
            if not NEEDED[section] <= set(header):
                raise _broken(
                    source, f"lacks columns of {section.upper()}: {', '.join(sorted(NEEDED[section]))}"
                )
        else:
            yield number, section, dict(zip(header, [*row, *([""] * len(header))], strict=False))
    if missing := [name.upper() for name in SECTIONS if name not in pb.seen]:
        raise _broken(source, f"has no {' and no '.join(missing)}")


def _cells(source: Source, delimiter: str) -> Iterator[tuple[int, list[str]] | Reject]:
    """The cells of each line. A text in quotes may go over a few lines; one that is never closed costs its first."""
    held: deque[tuple[int, str] | Reject] = deque()
    lines = source.text_lines()
    while (item := held.popleft() if held else next(lines, None)) is not None:
        if isinstance(item, Reject):
            yield item
            continue
        number, text = item
        taken: list[tuple[int, str]] = []
        while text.count('"') % 2 and len(taken) < LONGEST_QUOTE:
            more = held.popleft() if held else next(lines, None)
            if more is None or isinstance(more, Reject):
                held.extendleft([more] if more is not None else [])
                break
            taken.append(more)
            text = f"{text}\n{more[1]}"
        try:
            cells = next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            yield reject(number, "bad-csv", f"The row cannot be read as CSV: {error}.", item[1])
            held.extendleft(reversed(taken))
            continue
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]


def _broken(source: Source, what: str) -> DocumentInvalid:
    return DocumentInvalid(
        f"“{source.name}” {what}.", todo="Get the whole file; https://pabulib.org/format says what it holds."
    )


def _project(number: int, row: Line, about: str, known: set[str]) -> Brings:
    project = required(row["project_id"], "project_id")
    if project in known:
        raise Untranslatable("bad-field", f"The project “{project[:40]}” comes twice.")
    cost = amount(row["cost"].strip())
    if cost is None or cost <= 0 or _cents(cost) == "0.00":
        raise Untranslatable("bad-number", f"“{row['cost'][:40]}” is no cost of more than 0.")
    known.add(project)
    title = row.get("name", "").strip() or project
    return Brings(number, Choosable(f"{about}/project/{project}", title, None, cost=_cents(cost)))


def _cents(value: Fraction) -> str:
    """An amount with two decimals."""
    return f"{round(value * 100) // 100}.{round(value * 100) % 100:02d}"


def _about(source: Source, options: ReadOptions, pb: _Pb, held: Read) -> None:
    budget = amount(pb.meta.get("budget", ""))
    if budget is None or not Fraction(1, 100) <= budget < LARGEST:
        raise _broken(source, "does not say how large the budget is")
    kind = pb.meta.get("vote_type", "approval").casefold()
    if kind != "approval":
        held.notes.append(f"People voted by {kind}; each project given something counts as approved.")
    opens, ended = _day(pb.meta.get("date_begin", "")), _day(pb.meta.get("date_end", ""))
    closes = ended + timedelta(days=1) if ended else options.observed_at
    if closes is None:
        raise DocumentInvalid(
            f"“{source.name}” does not say when the vote ended.",
            todo="Say it: --closes 2024-05-31, for example.",
        )
    place = ", ".join(pb.meta[key] for key in ("unit", "country") if pb.meta.get(key))
    held.about = About(
        held.about.source, pb.meta.get("description") or held.about.title, place, method="budget",
        parameters={"budget": _cents(budget), "unit": (pb.meta.get("currency") or "EUR")[:12]},
        opens=opens if opens and opens < closes else None, closes=closes,
    )  # fmt: skip


def _day(text: str) -> datetime | None:
    """A day as these files write it: 31.05.2024 or 2024-05-31."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (found[3], found[2], found[1]) if found[3] else (found[4], found[5], found[6])
    try:
        told = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    return told if 1970 <= told.year < 2200 else None


def _ballot(number: int, row: Line, about: About, projects: set[str]) -> list[Brings]:
    voter = f"{about.source}/{row['voter_id'].strip()}"
    assert about.closes is not None  # noqa: S101  `_about`
    at = about.closes - timedelta(seconds=1)
    named = dict.fromkeys(name.strip() for name in row["vote"].split(",") if name.strip())
    points = [text.strip() for text in row.get("points", "").split(",")]
    if unknown := [name for name in named if name not in projects]:
        raise Untranslatable("option-missing", f"There is no project “{unknown[0][:40]}”.")
    nothing = {name for name, given in zip(named, points, strict=False) if given in ("0", "0.0")}
    name = f"Participant {row['voter_id'].strip()}"
    found = []
    for project in named:
        if project not in nothing:
            chosen = Chosen(voter, (f"{about.source}/project/{project}",), 1, at)
            found.append(vote(about.source, number, chosen, f"{voter}/vote/{project}", name))
    return found
