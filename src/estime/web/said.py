"""What people wrote, as a page may show it: plain text, whatever it holds. HTML and Markdown of a source stay letters.

Whoever may not see who people are reads texts with the mentions taken out (`readouts/mentions.py`). `find` tells where
in a text the words are that somebody looked for: they are marked.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Span = tuple[int, int]
Find = Callable[[str], Sequence[Span]]

EXCERPT: Final = 280
BEFORE: Final = 80
"""So many letters of what stands before the first word that was looked for, where it is far from the beginning."""
_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_TRAILING = ".,;:!?…»”’)]}"
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")


def plain(text: str) -> str:
    """Without characters that turn the order of letters round: what is read is what was written."""
    return _UNSEEN.sub("", text)


def excerpt(text: str, length: int = EXCERPT) -> str:
    """The beginning of a text on one line."""
    told = " ".join(plain(text).split())
    return told if len(told) <= length else told[:length].rsplit(" ", 1)[0] + " …"


def excerpt_marked(text: str, find: Find, length: int = EXCERPT) -> SafeString:
    """The same with the words that were looked for marked, and from around the first of them if it comes late."""
    told = " ".join(plain(text).split())
    spans = find(told)
    begin = 0
    if spans and spans[0][1] > length:
        begin = told.rfind(" ", 0, max(0, spans[0][0] - BEFORE)) + 1
    end = len(told)
    if end - begin > length:
        end = max(told.rfind(" ", begin, begin + length), spans[0][1] if begin else 0)
        end = end if end > begin else begin + length
    shown = _marked(told, begin, end, spans)
    return mark_safe(("… " if begin else "") + shown + (" …" if end < len(told) else ""))  # noqa: S308  escaped


def linked(text: str, find: Find | None = None) -> SafeString:
    """A text with its web addresses as links that give nothing away and vouch for nothing."""
    text = plain(text)
    spans = find(text) if find is not None else ()
    parts: list[str] = []
    at = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(_TRAILING)
        end = match.start() + len(address)
        parts.append(_marked(text, at, match.start(), spans))
        shown = _marked(text, match.start(), end, spans)
        parts.append(f'<a href="{escape(address)}" rel="nofollow noopener noreferrer ugc">{shown}</a>')
        at = end
    parts.append(_marked(text, at, len(text), spans))
    return mark_safe("".join(parts))  # noqa: S308  every piece is escaped


def _marked(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """A part of a text, escaped, with what of these spans lies in it marked. Spans are in order and apart."""
    parts: list[str] = []
    for first, last in spans[max(0, bisect_right(spans, (start, start)) - 1) :]:
        if first >= end:
            break
        first, last = max(first, start), min(last, end)
        if first < last:
            parts += [escape(text[start:first]), "<mark>", escape(text[first:last]), "</mark>"]
            start = last
    parts.append(escape(text[start:end]))
    return "".join(parts)
