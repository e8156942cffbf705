"""All Our Ideas (wiki surveys): a CSV of votes between two ideas, and a CSV of the ideas beside it.

Votes that the survey marks as not valid are left out, as it does itself; a note says how many. Any other CSV with the
columns `winner` and `loser` (`voter`, `time` if there are) is read as well.
"""

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from estime.cocreation.tally.ballots import Duels
from estime.cocreation.tally.errors import BallotsMissing, BallotsUnclear
from estime.cocreation.tally.formats import cells
from estime.cocreation.tally.formats.columns import Columns, found, plain
from estime.cocreation.tally.formats.opening import broken, check_there, rows

WANTED = ("winner", "loser", "voter", "time")


@dataclass
class _Read:
    """Votes as they come."""

    options: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    voters: dict[str, int] = field(default_factory=dict)
    winner: "array[int]" = field(default_factory=lambda: array("q"))
    loser: "array[int]" = field(default_factory=lambda: array("q"))
    voter: "array[int]" = field(default_factory=lambda: array("q"))
    time: "array[float]" = field(default_factory=lambda: array("d"))
    invalid: int = 0

    def place(self, option: str) -> int:
        return self.options.setdefault(option, len(self.options))


def read(path: Path, encoding: str | None = None) -> Duels:
    """Votes between two ideas: from a folder that holds one survey, its file of votes, or its file of ideas."""
    votes, ideas = files(path)
    held = _Read()
    if ideas is not None:
        _ideas(ideas, held, encoding)
    _votes(votes, held, encoding)
    notes = [f"{held.invalid:,} votes were marked as not valid, and are left out."] if held.invalid else []
    if ideas is None:
        notes.append("There is no file of ideas: only those are known that were voted on.")
    return Duels(
        options=tuple(held.options),
        winner=np.array(held.winner, dtype=np.int64),
        loser=np.array(held.loser, dtype=np.int64),
        voter=np.array(held.voter, dtype=np.int64),
        times=np.array(held.time, dtype=np.float64),
        names=held.names,
        notes=tuple(notes),
    )


def files(path: Path) -> tuple[Path, Path | None]:
    """The file of votes and the file of ideas, if there is one.

    Raises BallotsMissing where a folder holds no file of votes, BallotsUnclear where it holds several.
    """
    check_there(path)
    if path.is_dir():
        found_votes = [file for file in sorted(path.glob("*.csv")) if _is_votes(file)]
        if not found_votes:
            raise BallotsMissing(
                f"“{path.name}” holds no file of votes between two ideas.",
                todo="Give the path of the CSV itself; its name ends in votes.csv.",
            )
        if len(found_votes) > 1:
            raise BallotsUnclear(
                f"“{path.name}” holds {len(found_votes)} surveys.",
                todo=f"Give the path of one, such as {found_votes[0].name}.",
            )
        path = found_votes[0]
    elif "ideas" in path.name and not _is_votes(path):
        ideas = path
        path = path.with_name("votes".join(path.name.rsplit("ideas", 1)))
        check_there(path)
        return path, ideas
    beside = path.with_name("ideas".join(path.name.rsplit("votes", 1)))
    return path, beside if beside != path and beside.is_file() else None


def _is_votes(path: Path) -> bool:
    name = path.name.casefold().replace("_", "")
    return "votes" in name and "nonvotes" not in name and "participants" not in name


def _ideas(path: Path, held: _Read, encoding: str | None) -> None:
    lines = rows(path, encoding)
    _, header = next(lines)
    titles = [plain(title) for title in header]
    if "idea_id" not in titles or "idea_text" not in titles:
        raise BallotsUnclear(
            f"“{path.name}” is no file of ideas.", todo="It has the columns “Idea ID” and “Idea Text”."
        )
    number, text = titles.index("idea_id"), titles.index("idea_text")
    for line, row in lines:
        if len(row) <= max(number, text) or not row[number]:
            raise broken(path, line, "there is no idea.")
        if row[number] in held.options:
            raise broken(path, line, f"the idea “{row[number][:40]}” comes twice.")
        held.place(row[number])
        held.names[row[number]] = row[text]


def _votes(path: Path, held: _Read, encoding: str | None) -> None:
    lines = rows(path, encoding)
    _, header = next(lines)
    columns = found(path, header, WANTED)
    if "winner" not in columns.at or "loser" not in columns.at:
        raise BallotsUnclear(
            f"“{path.name}” does not say which of two options was preferred.",
            todo="It needs the columns “winner” and “loser” (in All Our Ideas “Winner ID” and “Loser ID”).",
        )
    titles = {plain(title): place for place, title in columns.others.items()}
    for line, row in lines:
        winner, loser = columns.cell(row, "winner"), columns.cell(row, "loser")
        if not winner or not loser or winner == loser:
            raise broken(
                path, line, "an option is missing." if winner != loser else "both options are the same."
            )
        if "valid" in titles and cells.yes(_at(row, titles["valid"])) is False:
            held.invalid += 1
            continue
        for option, text in ((winner, "winner_text"), (loser, "loser_text")):
            if option not in held.names and text in titles:
                held.names[option] = _at(row, titles[text])
        _vote(path, line, row, columns, held)


def _vote(path: Path, line: int, row: list[str], columns: Columns, held: _Read) -> None:
    told = columns.cell(row, "time")
    time = cells.seconds(told) if told else np.nan
    if time is None:
        raise broken(path, line, f"“{told[:40]}” is no time.", "Write it as 2026-05-31T18:00:00Z.")
    voter = columns.cell(row, "voter")
    held.winner.append(held.place(columns.cell(row, "winner")))
    held.loser.append(held.place(columns.cell(row, "loser")))
    held.voter.append(held.voters.setdefault(voter, len(held.voters)) if voter else -1)
    held.time.append(time)


def _at(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""
