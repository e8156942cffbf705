"""A folder as Polis exports it: `votes.csv` with one row per vote, `comments.csv` with the statements.

A person may vote on a statement again: the last vote by `timestamp` counts (of equal times the one further down),
and none is refused. The text dates carry local zones and are not read. Ids stay as they stand in the export.
"""

from array import array
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Floats, Opinions
from estime.cocreation.tally.errors import BallotsMissing, BallotsUnclear
from estime.cocreation.tally.formats import cells
from estime.cocreation.tally.formats.columns import plain
from estime.cocreation.tally.formats.opening import broken, check_there, rows

VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}
REMOVED = "-1"


def read(path: Path, encoding: str | None = None) -> Opinions:
    """Votes on statements, from the folder or its `votes.csv`.

    A vote that is not 1, 0 or −1 refuses the file and names its line. A statement that `comments.csv` does not have
    is kept without a text; `removed` holds those that were moderated out.
    """
    check_there(path)
    folder = path if path.is_dir() else path.parent
    votes = _file(folder, "votes") if path.is_dir() else path
    who, what, how, when = _votes(votes, encoding)
    comments = _file(folder, "comments", needed=False)
    texts, removed = _comments(comments, encoding) if comments else ({}, set())
    participants = sorted(set(who), key=cells.natural)
    statements = sorted({*what, *texts}, key=cells.natural)
    return _last(participants, statements, (who, what, how, when), texts, removed)


def is_folder(path: Path) -> bool:
    """Whether a folder looks like an export of Polis.

    A file of votes without winners and losers is one too; All Our Ideas names its files differently.
    """
    return path.is_dir() and any(file.name == "votes.csv" for file in path.iterdir())


def _file(folder: Path, name: str, *, needed: bool = True) -> Path | None:
    exact = folder / f"{name}.csv"
    if exact.is_file():
        return exact
    alike = [
        file
        for file in sorted(folder.glob(f"*{name}.csv"))
        if "participants" not in file.name and file.is_file()
    ]
    if len(alike) == 1:
        return alike[0]
    if needed or alike:
        raise BallotsMissing(
            f"“{folder.name}” holds {'several files' if alike else 'no file'} named {name}.csv.",
            todo="Give the folder of one conversation as Polis exports it.",
        )
    return None


Rows = tuple[list[str], list[str], NDArray[np.int8], Floats]


def _votes(path: Path | None, encoding: str | None) -> Rows:
    assert path is not None  # noqa: S101  # `_file` raises where a needed file is missing
    lines = rows(path, encoding)
    _, header = next(lines)
    titles = [plain(title) for title in header]
    missing = [name for name in ("comment_id", "voter_id", "vote") if name not in titles]
    if missing:
        raise BallotsUnclear(
            f"“{path.name}” lacks the columns {', '.join(missing)}.",
            todo="Polis exports votes.csv with timestamp, comment-id, voter-id and vote.",
        )
    comment, voter, vote = (titles.index(name) for name in ("comment_id", "voter_id", "vote"))
    stamp = titles.index("timestamp") if "timestamp" in titles else None
    who, what, how, when = [], [], array("b"), array("d")
    for line, row in lines:
        if len(row) <= max(comment, voter, vote, stamp or 0) or not row[comment] or not row[voter]:
            raise broken(path, line, "it is cut short.")
        if row[vote] not in VOTES:
            raise broken(path, line, f"“{row[vote][:40]}” is no vote: 1 agrees, −1 disagrees, 0 passes.")
        time = cells.seconds(row[stamp]) if stamp is not None else np.nan
        if time is None:
            raise broken(path, line, f"“{row[stamp or 0][:40]}” is no timestamp.")
        who.append(row[voter])
        what.append(row[comment])
        how.append(VOTES[row[vote]])
        when.append(time)
    return who, what, np.array(how, dtype=np.int8), np.array(when, dtype=np.float64)


def _comments(path: Path, encoding: str | None) -> tuple[dict[str, str], set[str]]:
    lines = rows(path, encoding)
    _, header = next(lines)
    titles = [plain(title) for title in header]
    if "comment_id" not in titles or "comment_body" not in titles:
        raise BallotsUnclear(
            f"“{path.name}” lacks the columns comment-id or comment-body.",
            todo="Export the conversation again.",
        )
    number, body = titles.index("comment_id"), titles.index("comment_body")
    moderated = titles.index("moderated") if "moderated" in titles else None
    texts, removed = {}, set()
    for line, row in lines:
        if len(row) <= max(number, body):
            raise broken(path, line, "it is cut short.")
        texts[row[number]] = row[body]
        if moderated is not None and len(row) > moderated and row[moderated] == REMOVED:
            removed.add(row[number])
    return texts, removed


def _last(
    participants: list[str], statements: list[str], votes: Rows, texts: dict[str, str], removed: set[str]
) -> Opinions:
    """The last vote of each person on each statement."""
    who, what, how, times = votes
    person = {name: place for place, name in enumerate(participants)}
    topic = {name: place for place, name in enumerate(statements)}
    row = np.array([person[name] for name in who], dtype=np.int64)
    column = np.array([topic[name] for name in what], dtype=np.int64)
    order = np.lexsort((np.arange(len(row)), times, column, row))
    later = np.flatnonzero((np.diff(row[order]) != 0) | (np.diff(column[order]) != 0))
    kept = order[np.append(later, len(order) - 1)] if len(order) else order
    notes = []
    if len(kept) < len(row):
        notes.append(
            f"{len(row) - len(kept):,} times somebody voted on a statement again: the last vote counts."
        )
    unknown = sum(statement not in texts for statement in statements)
    if unknown:
        notes.append(f"{unknown:,} statements have no text.")
    return Opinions(
        participants=tuple(participants),
        statements=tuple(statements),
        participant=row[kept],
        statement=column[kept],
        vote=how[kept],
        times=times[kept],
        texts=texts,
        removed=frozenset(removed),
        notes=tuple(notes),
    )
