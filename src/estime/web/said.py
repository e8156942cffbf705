"""What people wrote, as a page may show it: plain text, whatever it holds. HTML and Markdown of a source stay letters.

Whoever may not see who people are reads texts with the mentions taken out (`readouts/mentions.py`).
"""

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

EXCERPT: Final = 280
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


def linked(text: str) -> SafeString:
    """A text with its web addresses as links that give nothing away and vouch for nothing."""
    text = plain(text)
    parts: list[str] = []
    at = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(_TRAILING)
        parts.append(escape(text[at : match.start()]))
        shown = escape(address)
        parts.append(f'<a href="{shown}" rel="nofollow noopener noreferrer ugc">{shown}</a>')
        at = match.start() + len(address)
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308  every piece is escaped above
