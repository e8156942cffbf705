"""A CSV of ballots, in any of three layouts:

- *a row for each mark*: columns `voter`, `option`, and `score`, `rank` or `vote` (left out: approved);
- *a row for each ballot*: a column `ballot`, such as `a|b|c`, `a > b = c`, or `a: 5 | b: 3`;
- *a column for each option*: every column that is none of the above.

Besides, each may have `count` (how many voters cast this ballot; not with a row for each mark), `time`,
`account_age_days` or `account_created`. Who votes again replaces their ballot: the latest one counts, and without
times the one further down. What a line says that cannot be counted refuses the file. docs/tally.md shows examples.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Ballots, Floats, Kind, check_size
from estime.cocreation.tally.errors import BallotsUnclear
from estime.cocreation.tally.formats import cells
from estime.cocreation.tally.formats.columns import NAMES, Columns, found
from estime.cocreation.tally.formats.opening import Row, broken, rows

WANTED = ("voter", "option", "mark", "ballot", "count", "time", "age", "made")
DAY = 86_400.0
BETWEEN = "|;,"


@dataclass
class Gathered:
    """Marks as they come: one entry per mark (`row`, `option`, `mark`), one per ballot (the rest)."""

    options: dict[str, int] = field(default_factory=dict)
    row: "array[int]" = field(default_factory=lambda: array("q"))
    option: "array[int]" = field(default_factory=lambda: array("l"))
    mark: "array[float]" = field(default_factory=lambda: array("d"))
    count: "array[int]" = field(default_factory=lambda: array("q"))
    time: "array[float]" = field(default_factory=lambda: array("d"))
    age: "array[float]" = field(default_factory=lambda: array("d"))
    voters: dict[str, int] = field(default_factory=dict)
    again: int = 0

    def place(self, option: str) -> int:
        """The position of an option, new ones at the end."""
        return self.options.setdefault(option, len(self.options))

    def add(self, row: int, option: int, mark: float) -> None:
        """One mark."""
        self.row.append(row)
        self.option.append(option)
        self.mark.append(mark)


def read(path: Path, kind: Kind, encoding: str | None = None) -> Ballots:
    """Ballots of this kind from a CSV; see the module."""
    lines = rows(path, encoding)
    _, header = next(lines)
    columns = found(path, header, WANTED)
    gathered = Gathered()
    if "option" in columns.at:
        _by_mark(path, lines, columns, kind, gathered)
    elif "ballot" in columns.at:
        _by_ballot(path, lines, columns, _list_reader(path, kind, gathered), gathered)
    elif columns.others:
        for title in columns.others.values():
            if not title or title in gathered.options:
                raise BallotsUnclear(
                    f"“{path.name}” has a column {'without a name' if not title else f'“{title}” twice'}.",
                    todo="Every option needs a column with a name of its own.",
                )
            gathered.place(title)
        _by_ballot(path, lines, columns, _table_reader(path, kind, columns, gathered), gathered)
    else:
        raise BallotsUnclear(
            f"“{path.name}” has no column that says how people voted.",
            todo=f"Name a column “ballot”, or “option”, or have a column for each option. "
            f"A voter’s column may be called: {', '.join(NAMES['voter'].split())}.",
        )
    return _ballots(kind, gathered, natural_order="option" in columns.at or "ballot" in columns.at)


def _by_mark(path: Path, lines: Iterator[Row], columns: Columns, kind: Kind, gathered: Gathered) -> None:
    """A row for each mark. The latest one of a voter on an option counts."""
    if "voter" not in columns.at:
        raise BallotsUnclear(
            f"“{path.name}” has a row for each option, but no column that says whose.",
            todo=f"Name one of these: {', '.join(NAMES['voter'].split())}.",
        )
    meaning = _meaning(kind)
    newest: dict[tuple[int, int], float] = {}
    for line, row in _fitting(path, lines, columns):
        voter, option = columns.cell(row, "voter"), columns.cell(row, "option")
        if not voter or not option:
            raise broken(path, line, f"there is no {'voter' if not voter else 'option'}.")
        ballot = gathered.voters.setdefault(voter, len(gathered.voters))
        time, age = _when(path, line, row, columns)
        if ballot == len(gathered.count):
            _begin(gathered, 1, time, age)
        elif not gathered.time[ballot] >= time:  # later, or either unknown
            gathered.time[ballot], gathered.age[ballot] = time, age
        mark = 1.0 if "mark" not in columns.at else meaning(columns.cell(row, "mark"))
        if mark is None:
            raise broken(path, line, f"“{columns.cell(row, 'mark')[:40]}” is not {_WORDS[kind]}.")
        place = gathered.place(option)
        before = newest.get((ballot, place))
        if before is not None:
            gathered.again += 1
        if before is None or not before > time:
            newest[ballot, place] = time
            gathered.add(ballot, place, mark)


def _by_ballot(
    path: Path,
    lines: Iterator[Row],
    columns: Columns,
    marks: Callable[[int, list[str], str], list[tuple[int, float]]],
    gathered: Gathered,
) -> None:
    """A row for each ballot. A voter's latest one counts."""
    replaced: list[int] = []
    for line, row in _fitting(path, lines, columns):
        counted = cells.whole(columns.cell(row, "count")) if columns.cell(row, "count") else 1
        if counted is None:
            raise broken(path, line, f"“{columns.cell(row, 'count')[:40]}” is no number of voters.")
        time, age = _when(path, line, row, columns)
        ballot = len(gathered.count)
        voter = columns.cell(row, "voter")
        if "voter" in columns.at and not voter:
            raise broken(path, line, "there is no voter.")
        said = marks(line, row, columns.cell(row, "ballot"))
        if voter and voter in gathered.voters:
            gathered.again += 1
            before = gathered.voters[voter]
            if gathered.time[before] > time:
                continue
            replaced.append(before)
        if voter:
            gathered.voters[voter] = ballot
        _begin(gathered, counted, time, age)
        for option, mark in said:
            gathered.add(ballot, option, mark)
    for ballot in replaced:
        gathered.count[ballot] = 0


def _fitting(path: Path, lines: Iterator[Row], columns: Columns) -> Iterator[Row]:
    """Rows of as many cells as the header; what a ballot in the last column is too many belongs to it."""
    last = columns.at.get("ballot") == columns.width - 1
    for line, row in lines:
        if len(row) <= columns.width:
            yield line, row
        elif last:
            yield line, [*row[: columns.width - 1], ",".join(row[columns.width - 1 :])]
        else:
            raise broken(path, line, f"it has {len(row)} cells, the header {columns.width}.")


def _list_reader(
    path: Path, kind: Kind, gathered: Gathered
) -> Callable[[int, list[str], str], list[tuple[int, float]]]:
    """Reads `a|b`, `a > b = c` or `a: 5 | b: 3`."""

    def listed(line: int, _: list[str], text: str) -> list[tuple[int, float]]:
        said: dict[int, float] = {}
        for position, same in enumerate(_levels(text, kind), start=1):
            for name in same:
                mark = float(position) if kind is Kind.RANKED else 1.0
                if kind is Kind.SCORE:
                    name, _colon, points = name.rpartition(":")
                    name, given = name.strip(), cells.number(points.strip())
                    if given is None or not name:
                        raise broken(path, line, f"“{text[:40]}” is not written as “option: points”.")
                    mark = given
                place = gathered.place(name)
                if place in said and kind is not Kind.APPROVAL:
                    raise broken(path, line, f"“{name[:40]}” stands there twice.")
                said[place] = mark
        return list(said.items())

    return listed


def _levels(text: str, kind: Kind) -> list[list[str]]:
    """The parts of a ballot, best first; those of a rank together."""
    if kind is Kind.RANKED and (">" in text or "=" in text):
        levels = [part.split("=") for part in text.split(">")]
    else:
        between = next((mark for mark in BETWEEN if mark in text), "|")
        levels = [[part] for part in text.split(between)]
    named = [[name.strip() for name in level if name.strip()] for level in levels]
    return [level for level in named if level]


def _table_reader(
    path: Path, kind: Kind, columns: Columns, gathered: Gathered
) -> Callable[[int, list[str], str], list[tuple[int, float]]]:
    """Reads a cell for each option."""
    meaning = _meaning(kind)

    def table(line: int, row: list[str], _: str) -> list[tuple[int, float]]:
        said = []
        for option, (place, title) in enumerate(columns.others.items()):
            cell = row[place] if place < len(row) else ""
            if not cell:
                continue
            mark = meaning(cell)
            if mark is None:
                raise broken(path, line, f"“{cell[:40]}” in the column “{title[:40]}” is not {_WORDS[kind]}.")
            if mark or kind is Kind.SCORE:
                said.append((option, mark))
        return said

    return table


_WORDS = {
    Kind.APPROVAL: "yes or no (1 or 0)",
    Kind.SCORE: "a number",
    Kind.RANKED: "a rank (1 is best)",
}


def _meaning(kind: Kind) -> Callable[[str], float | None]:
    """What a cell of this kind says, None if nothing that can be counted."""

    def approved(cell: str) -> float | None:
        said = cells.yes(cell)
        return None if said is None else float(said)

    def rank(cell: str) -> float | None:
        said = cells.whole(cell)
        return None if said is None or said > np.iinfo(np.int16).max else float(said)

    return {Kind.APPROVAL: approved, Kind.SCORE: cells.number, Kind.RANKED: rank}[kind]


def _when(path: Path, line: int, row: list[str], columns: Columns) -> tuple[float, float]:
    """When a ballot was cast, and how old the account was then, in days; NaN unknown."""
    moments = []
    for meaning in ("time", "made"):
        text = columns.cell(row, meaning)
        moment = cells.seconds(text) if text else np.nan
        if moment is None:
            raise broken(path, line, f"“{text[:40]}” is no time.", "Write it as 2026-05-31T18:00:00Z.")
        moments.append(moment)
    told = columns.cell(row, "age")
    age = cells.number(told) if told else (moments[0] - moments[1]) / DAY
    if age is None or age < 0:
        raise broken(path, line, f"“{(told or columns.cell(row, 'made'))[:40]}” is no age of an account.")
    return moments[0], age


def _begin(gathered: Gathered, count: int, time: float, age: float) -> None:
    gathered.count.append(count)
    gathered.time.append(time)
    gathered.age.append(age)


def _ballots(kind: Kind, gathered: Gathered, *, natural_order: bool) -> Ballots:
    """The table of what was gathered; later marks replace earlier ones."""
    names = list(gathered.options)
    if natural_order:
        names.sort(key=cells.natural)
    position = {name: place for place, name in enumerate(names)}
    order = np.array([position[name] for name in gathered.options], dtype=np.int64)
    n, m = len(gathered.count), len(names)
    check_size(n, m)
    empty: Any = {Kind.APPROVAL: False, Kind.SCORE: np.nan, Kind.RANKED: 0}[kind]
    type_ = {Kind.APPROVAL: np.bool_, Kind.SCORE: np.float64, Kind.RANKED: np.int16}[kind]
    marks: NDArray[Any] = np.full((n, m), empty, dtype=type_)
    if len(gathered.row):
        at = order[np.array(gathered.option)]
        marks[np.array(gathered.row), at] = np.array(gathered.mark).astype(type_)
    notes = []
    if gathered.again:
        notes.append(f"{gathered.again:,} times somebody voted again: their latest vote counts.")
    counts = np.array(gathered.count, dtype=np.int64)
    times, ages = _known(gathered.time), _known(gathered.age)
    return Ballots(kind, tuple(names), marks, counts, times, ages, notes=tuple(notes))


def _known(numbers: "array[float]") -> Floats | None:
    """None where none is known."""
    found_numbers = np.array(numbers, dtype=np.float64)
    return None if np.isnan(found_numbers).all() else found_numbers
