"""A Polis conversation: a folder (or zip) with comments.csv, votes.csv and, if it is there, summary.csv.

A participant's number means something only within its conversation, so handles and ids begin with the
conversation's name: several conversations can share a channel. Voting again replaces the vote before it: an
Undo of the old act, then a new one. So the votes that stand are one per participant and statement.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from estime.channels.errors import DocumentInvalid
from estime.channels.formats.csv.records import records
from estime.channels.moments import from_epoch_ms
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, Untranslatable, reject
from estime.channels.source import Source
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

Line = dict[str, str]


def sniff(peek: Peek) -> int:
    """Certain when the folder holds both files."""
    names = {name.rpartition("/")[2] for name in peek.entries}
    return 3 if {"comments.csv", "votes.csv"} <= names else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Statements, then votes in order of time, then the number of views."""
    files, summary, conversation = told(source)
    latest: datetime | None = None
    for part, translate in (("comments.csv", _statements), ("votes.csv", _votes)):
        if part not in files:
            raise DocumentInvalid(
                f"“{source.name}” has no {part}.",
                todo="A Polis export has comments.csv and votes.csv: get it whole.",
            )
        for row in translate(source.entry(files[part]), conversation):
            if not isinstance(row, Reject) and row[1].published is not None:
                latest = max(latest, row[1].published) if latest else row[1].published
            yield row
    if latest and summary.get("views", "").isdecimal():
        yield 3, ObservationDraft(conversation, "views", float(summary["views"]), latest, None, "Page")


def told(source: Source) -> tuple[dict[str, str], Line, str]:
    """The files by their plain names, what the summary says, and what the conversation is called."""
    files = {name.rpartition("/")[2]: name for name in reversed(source.entries())}
    summary = _summary(source.entry(files["summary.csv"])) if "summary.csv" in files else {}
    return files, summary, summary.get("url", "").rstrip("/").rpartition("/")[2] or source.path.stem


def _summary(source: Source) -> Line:
    """Name and value of each line (a value may hold commas)."""
    found: Line = {}
    for item in source.text_lines():
        if not isinstance(item, Reject):
            name, _, value = item[1].partition(",")
            found[name.strip()] = value.strip().strip('"')
    return found


def _lines(source: Source, needed: set[str]) -> Iterator[tuple[int, Line] | Reject]:
    rows = records(source, ",")
    header = next(rows, None)
    if header is None or isinstance(header, Reject) or not needed <= set(header[1]):
        raise DocumentInvalid(
            f"“{source.name}” does not have the columns {', '.join(sorted(needed))}.",
            todo="Use the files as Polis exports them.",
        )
    names = header[1]
    for item in rows:
        yield item if isinstance(item, Reject) else (item[0], dict(zip(names, item[1], strict=True)))


def _when(line: Line) -> datetime:
    text = line["timestamp"].strip()
    if not text.isdecimal() or len(text) > 18:
        raise Untranslatable("bad-time", f"“{text[:40]}” is not a number of milliseconds.")
    return from_epoch_ms(int(text))


def _participant(line: Line, column: str, conversation: str) -> str:
    if not line[column].strip():
        raise Untranslatable("missing-field", f"The row has no “{column}”.")
    return f"{conversation}/{line[column].strip()}"


def _statements(source: Source, conversation: str) -> Iterator[Row]:
    for item in _lines(source, {"timestamp", "comment-id", "author-id", "comment-body"}):
        if isinstance(item, Reject):
            yield item
            continue
        number, line = item
        try:
            when, author = _when(line), _participant(line, "author-id", conversation)
        except Untranslatable as error:
            yield reject(number, error.code, error.reason, ",".join(line.values()))
            continue
        name = f"{conversation}/comment/{line['comment-id']}"
        extra: dict[str, object] = {
            key: int(line[key]) for key in ("agrees", "disagrees", "moderated") if _whole(line.get(key, ""))
        }
        body = line["comment-body"]
        yield (
            number,
            ActDraft(
                name, author, "Create", when, name, "Note", None, conversation, body, extra=extra or None
            ),
        )


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 19


def _votes(source: Source, conversation: str) -> Iterator[Row]:
    kept: list[tuple[datetime, int, Line]] = []
    for item in _lines(source, {"timestamp", "comment-id", "voter-id", "vote"}):
        if isinstance(item, Reject):
            yield item
            continue
        number, line = item
        try:
            if line["vote"].strip() not in ("-1", "0", "1"):
                raise Untranslatable("bad-number", f"A vote is 1, 0 or -1, not “{line['vote'][:40]}”.")
            _participant(line, "voter-id", conversation)
            kept.append((_when(line), number, line))
        except Untranslatable as error:
            yield reject(number, error.code, error.reason, ",".join(line.values()))
    kept.sort(key=lambda vote: vote[:2])
    standing: dict[tuple[str, str], str] = {}
    same: Counter[str] = Counter()
    for when, number, line in kept:
        voter, statement = _participant(line, "voter-id", conversation), line["comment-id"].strip()
        name = f"{voter}/vote/{statement}/{line['timestamp'].strip()}"
        same[name] += 1
        name += f"#{same[name]}" if same[name] > 1 else ""
        before = standing.get((voter, statement))
        if before is not None:
            yield number, ActDraft(f"{before}/undo", voter, "Undo", when, before, "Vote", None, conversation)
        standing[voter, statement] = name
        parent = f"{conversation}/comment/{statement}"
        value = float(line["vote"])
        yield number, ActDraft(name, voter, "Create", when, name, "Vote", parent, conversation, value=value)
