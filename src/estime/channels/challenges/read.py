"""What a reader of challenges gives: what is told of the whole, its rows with their acts, what it refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from estime.channels.errors import DocumentInvalid
from estime.channels.formats.csv.records import records
from estime.channels.headers import folded
from estime.channels.rows import Untranslatable, reject
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Chosen, Given, Spoken, Stood
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

TYPES = {"idea": "Idea", "tip": "Tip", "story": "Story", "creation": "Creation"}
Line = dict[str, str]


@dataclass
class Read:
    """A whole challenge, read. `notes`: what was left out on purpose, in words."""

    about: About
    rows: list[Brings] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lines(source: Source, delimiter: str | None, needed: set[str]) -> Iterator[tuple[int, Line] | Reject]:
    """Each row of a CSV by the folded names of its columns. Raises `DocumentInvalid` without those that are needed."""
    rows = records(source, delimiter)
    header = next(rows, None)
    names = [] if header is None or isinstance(header, Reject) else [folded(name) for name in header[1]]
    if not needed <= set(names):
        raise DocumentInvalid(
            f"“{source.name}” does not have the columns {', '.join(sorted(needed))}.",
            todo="Use the file as it was exported, or say with a mapping which column is what (--map).",
        )
    for item in rows:
        yield item if isinstance(item, Reject) else (item[0], dict(zip(names, item[1], strict=True)))


def refused(number: int, error: Untranslatable, row: Any) -> Reject:
    """A row that cannot be translated."""
    cells = row.values() if isinstance(row, dict) else row
    return reject(number, error.code, error.reason, ",".join(str(cell) for cell in cells))


def required(value: object, name: str) -> str:
    """A cell that has to say something."""
    if value is None or not str(value).strip():
        raise Untranslatable("missing-field", f"The row has no “{name}”.")
    return str(value).strip()


def whole(value: object, name: str, *, least: int = 0) -> int:
    """A whole number in a cell, 0 where it says nothing."""
    text = "" if value is None else str(value).strip().removesuffix(".0")
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?\d{1,15}", text) or int(text) < least:
        raise Untranslatable(
            "bad-number", f"“{text[:40]}” in “{name}” is not a whole number from {least} up."
        )
    return int(text)


def name_of(path: PurePath) -> str:
    """What a challenge is called whose file says nothing: the file's own name."""
    stem = path.name.removesuffix(".gz")
    return (stem.rsplit(".", 1)[0] if "." in stem else stem)[:120] or "challenge"


def contribution(about: str, line: int, given: Given, name: str = "") -> Brings:
    """A contribution with the act that it is; without an author there is none, because an act is what somebody did."""
    act = None
    if given.by:
        content = f"{given.title}\n\n{given.body}".strip()
        act = ActDraft(
            given.source, given.by, "Create", given.at, given.source, TYPES.get(given.kind, "Idea"), None, about,
            content, given.lang or None,
        )  # fmt: skip
    return Brings(line, given, act, name=name)


def supports_told(given: Given, observed: datetime) -> Brings:
    """How many stand behind something, where the source does not say who: a total, never invented people."""
    total = ObservationDraft(
        given.source,
        "supports",
        float(given.supports),
        max(observed, given.at),
        given.at,
        TYPES.get(given.kind, "Idea"),
    )
    return Brings(0, None, None, total)


def comment(about: str, line: int, said: Spoken, name: str = "") -> Brings:
    """A comment with the act that it is."""
    act = None
    if said.by:
        extra: dict[str, object] | None = {"intent": said.intent} if said.intent else None
        act = ActDraft(
            said.source, said.by, "Create", said.at, said.source, "Note", said.answers or said.on or about, about,
            said.body, said.lang or None, extra=extra,
        )  # fmt: skip
    return Brings(line, said, act, name=name)


def supporting(about: str, line: int, stood: Stood, name: str = "") -> Brings:
    """Somebody's support with the act that it is."""
    source = f"{stood.on}/support/{stood.by}"
    act = ActDraft(source, stood.by, "Create", stood.at, stood.on, "Vote", stood.on, about, value=1.0)
    return Brings(line, stood, act, name=name)


def vote(about: str, line: int, chosen: Chosen, source: str, name: str = "") -> Brings:
    """One answer of a ballot with the act that it is. Between two: in reply to the one preferred, against the other."""
    about_what, value = chosen.of[0], float(chosen.mark)
    extra: dict[str, object] | None = None
    if len(chosen.of) == 2:
        left, right = chosen.of
        about_what, other = (right, left) if chosen.mark > 0 else (left, right)
        value, extra = (1.0 if chosen.mark else 0.0), {"against": other}
    act = ActDraft(
        source, chosen.by, "Create", chosen.at, source, "Vote", about_what, about, value=value, extra=extra
    )
    return Brings(line, chosen, act, name=name)
