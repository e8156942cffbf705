"""Whole JSON documents, and the text inside HTML."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import orjson

from estime.channels.errors import DocumentInvalid
from estime.channels.source import Source


def json_document(source: Source) -> Any:
    """The content of a file that is one JSON document."""
    try:
        return orjson.loads(source.document())
    except ValueError as error:
        detail = str(error).partition(":")[0]
        raise DocumentInvalid(
            f"“{source.name}” is not one JSON document: {detail}.",
            todo="Check that it is whole and has not been edited; export it again if in doubt.",
        ) from error


def objects_of(value: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; an item that is none comes as an empty object, to be refused by the caller."""
    if isinstance(value, list):
        for item in value:
            yield item if isinstance(item, dict) else {}


class _Text(HTMLParser):
    """Keeps the text, with a line break where a block ends; leaves quotes of others out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("blockquote", "aside"):
            self._quoted += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "img" and not self._quoted:
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("blockquote", "aside"):
            self._quoted = max(0, self._quoted - 1)
        elif tag in ("p", "div", "li", "h1", "h2", "h3", "pre", "tr"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._quoted:
            self.pieces.append(data)


def html_text(html: str) -> str:
    """What a reader sees of a piece of HTML, without quotes of other people's posts."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (line.strip() for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)
