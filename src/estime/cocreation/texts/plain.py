"""What members write, as text without marks: for mails, feeds, excerpts and searching; and what a text refers to."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from markdown_it.token import Token

from estime.cocreation.texts.filling import NOBODY, Named
from estime.cocreation.texts.memory import Memory
from estime.cocreation.texts.parsing import (
    LONGEST_TEXT,
    QUOTE,
    TooNested,
    picture_id,
    text_clean,
    tokens_of,
)

EXCERPT: Final = 280
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class References(NamedTuple):
    """Whom and what a text names, each once, in its order; letters within code name nobody."""

    mentions: tuple[str, ...]
    pictures: tuple[UUID, ...]
    quotes: tuple[UUID, ...]


def markdown_plain(text: str, *, mentions: Mapping[str, Named] = _NOTHING) -> str:
    """A text without Markdown. Lines of quotations begin with `> `, of lists with `- ` or their number, as in mails."""
    clean = text_clean(text)
    tokens = _tokens(clean)
    if tokens is None:
        return clean.strip()
    told = _Lines(mentions).of(tokens)
    return re.sub(r"\n{3,}", "\n\n", told).strip()


def markdown_excerpt(text: str, length: int = EXCERPT, *, mentions: Mapping[str, Named] = _NOTHING) -> str:
    """The beginning of what somebody wrote themselves, on one line: what they quote is left out, unless it is all."""
    if mentions:
        return _excerpt(text, length, mentions)
    named = f"{length} {text}"
    return _MEMORY.get(named) or _MEMORY.put(named, _excerpt(text, length, mentions))


_MEMORY: Final = Memory(4_000_000)
"""Some 4,000 beginnings of texts, as lists show them."""


def _excerpt(text: str, length: int, mentions: Mapping[str, Named]) -> str:
    told = markdown_plain(text, mentions=mentions)
    own = "\n".join(line for line in told.split("\n") if not line.startswith(">"))
    line = " ".join((own.strip() or told).split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:.") + "…"


def references_of(text: str) -> References:
    """Whom a text mentions, which pictures it shows, which comments it quotes."""
    found: tuple[dict[str, None], dict[UUID, None], dict[UUID, None]] = ({}, {}, {})
    for token in _leaves(_tokens(text_clean(text)) or []):
        if token.type == "mention":
            found[0][token.content] = None
        elif token.type == "picture":
            found[1][UUID(token.info)] = None
        elif token.type == "inline" and (told := QUOTE.fullmatch(token.content)):
            found[2][picture_id(told.group(1))] = None
    return References(tuple(found[0]), tuple(found[1]), tuple(found[2]))


def quote_write(text: str, source: UUID) -> str:
    """The Markdown that quotes somebody's words, with where they stand. What it quotes itself is left out."""
    lines = [line for line in text_clean(text).strip().split("\n") if not line.lstrip().startswith(">")]
    told = "\n".join(lines).strip()
    said = "".join(f"> {line}".rstrip() + "\n" for line in told.split("\n"))
    return f"{said}>\n> [quote:{source}]\n\n"


def _tokens(clean: str) -> list[Token] | None:
    """None where the page shows the text as it was written, too."""
    if len(clean) > LONGEST_TEXT:
        return None
    try:
        return tokens_of(clean)
    except TooNested:
        return None


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


class _Lines:
    """A text on its way to lines without marks."""

    def __init__(self, mentions: Mapping[str, Named]) -> None:
        self._mentions = mentions
        self._before: list[str] = []
        self._item = ""
        self._numbers: list[int | None] = []
        self._cells: list[str] = []
        self._parts: list[str] = []

    def of(self, tokens: list[Token]) -> str:
        for token in tokens:
            self._block(token)
        return "".join(self._parts)

    def _block(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            told = "".join(map(self._leaf, token.children or []))
            if self._cells:
                self._cells[-1] = " ".join(told.split())
            elif not QUOTE.fullmatch(token.content):
                self._line(told)
        elif kind in ("fence", "code_block"):
            self._line(token.content.rstrip("\n"))
            self._gap()
        elif kind == "blockquote_open":
            self._before.append("> ")
        elif kind in ("bullet_list_open", "ordered_list_open"):
            first = int(token.attrs.get("start", 1)) if kind.startswith("ordered") else None
            self._numbers.append(first)
        elif kind == "tr_open":
            self._cells = [""]
        elif kind == "list_item_open":
            self._item = self._next_item()
            self._before.append(" " * len(self._item))
        elif kind.endswith("_close"):
            self._end(kind, token.hidden)

    def _end(self, kind: str, hidden: bool) -> None:
        if kind in ("th_close", "td_close"):
            self._cells.append("")
        elif kind == "tr_close":
            told, self._cells = " | ".join(self._cells[:-1]), []
            self._line(told)
        elif kind == "list_item_close":
            self._before.pop()
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            if not self._numbers:
                self._gap()
        elif kind == "blockquote_close":
            if self._parts and self._parts[-1] == self._gap_line():
                self._parts.pop()
            self._before.pop()
            self._gap()
        elif kind in ("heading_close", "table_close", "paragraph_close") and not hidden:
            self._gap()

    def _next_item(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _line(self, told: str) -> None:
        for line in told.split("\n"):
            before = "".join(self._before)
            if self._item:
                before = "".join(self._before[:-1]) + self._item
                self._item = ""
            self._parts.append((before + line).rstrip() + "\n")

    def _gap(self) -> None:
        """One empty line; within a quotation it is one of the quotation."""
        if self._parts and self._parts[-1] != self._gap_line():
            self._parts.append(self._gap_line())

    def _gap_line(self) -> str:
        return "".join(self._before).rstrip() + "\n"

    def _leaf(self, token: Token) -> str:
        if token.type in ("softbreak", "hardbreak"):
            return "\n"
        if token.type == "mention":
            known = self._mentions.get(token.content)
            return f"@{known.name if known else NOBODY}"
        return token.content
