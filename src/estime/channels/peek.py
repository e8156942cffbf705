"""The first look at a path, from which each format says whether the file looks like its own."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from estime.channels.errors import TruncatedSource
from estime.channels.source import Source

_HEAD = 64 * 1024


@dataclass(frozen=True)
class Peek:
    """Name, entries (of a folder or zip), and the beginning of the text."""

    name: str
    is_folder: bool
    entries: tuple[str, ...] = ()
    head: str = ""
    first_object: dict[str, Any] | None = None
    columns: tuple[str, ...] = field(default=())

    @property
    def suffix(self) -> str:
        """The last part of the name without .gz: ".csv"."""
        return Path(self.name.removesuffix(".gz")).suffix.lower()

    @property
    def looks_like_json(self) -> bool:
        """Whether the text begins as a JSON document does."""
        return self.head.lstrip()[:1] in ("{", "[")


def peek_at(source: Source) -> Peek:
    """Look at the beginning of a source, without keeping it open."""
    if source.is_folder:
        entries = tuple(source.entries())
        if source.path.is_dir() or len(entries) != 1:
            return Peek(source.path.name, True, entries)
        source = source.entry(entries[0])
    head = _head(source)
    name = source.member or source.path.name
    return Peek(name, False, (), head, _first_object(head), _columns(head))


def _head(source: Source) -> str:
    pieces = source.chunks()
    read = b""
    try:
        for piece in pieces:
            read += piece
            if len(read) >= _HEAD:
                break
    except TruncatedSource:
        pass
    pieces.close()  # type: ignore[attr-defined]  # a generator
    encoding = source.encoding or "utf-8"
    source.meter.done = 0
    return read[:_HEAD].decode(encoding, "replace")


def _first_object(head: str) -> dict[str, Any] | None:
    """The first line as a JSON object, if it is one."""
    first = next((line for line in head.split("\n") if line.strip()), "")
    try:
        found = orjson.loads(first)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _columns(head: str) -> tuple[str, ...]:
    """The cells of the first line, whatever separates them, in lower case."""
    first = head.split("\n", 1)[0].rstrip("\r")
    if first.lstrip()[:1] in ("{", "["):
        return ()
    mark = max(",;\t|", key=first.count)
    return tuple(cell.strip().strip('"').lower() for cell in first.split(mark))
