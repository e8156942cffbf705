"""What was left open in kept HTML, filled for one page: names of members, addresses of pictures, who is quoted."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from estime.cocreation.texts.rendering import CLOSE, OPEN

NOBODY: Final = "…"
"""Who was mentioned and is not known any more, or never was: their handle is nobody's business."""
_MARK = re.compile(f"{OPEN}([mnpq]):([^{OPEN}{CLOSE}]*){CLOSE}")


class Named(NamedTuple):
    """Somebody who is mentioned or quoted: what they are called, and where the link leads."""

    name: str
    url: str


class Shown(NamedTuple):
    """A picture of ours: its address and size, and what it shows where the text does not say."""

    url: str
    width: int = 0
    height: int = 0
    alt: str = ""


def marks_fill(
    kept: str, mentions: Mapping[str, Named], pictures: Mapping[UUID, Shown], quotes: Mapping[UUID, Named]
) -> SafeString:
    """HTML as a page shows it. Whatever the mappings do not know stays as letters: never a picture from elsewhere."""

    def filled(mark: re.Match[str]) -> str:
        kind, told = mark.group(1), mark.group(2)
        if kind == "p":
            return _picture(told, pictures)
        if kind == "q":
            return _quoted(quotes.get(UUID(told)))
        return _mention(unescape(told), mentions, linked=kind == "m")

    return mark_safe(_MARK.sub(filled, kept))  # noqa: S308  cleaned when it was kept; the rest is escaped below


def _mention(handle: str, mentions: Mapping[str, Named], *, linked: bool) -> str:
    known = mentions.get(handle)
    if known is None:
        return f"@{NOBODY}"
    name = escape(f"@{known.name}")
    if not linked:
        return name
    return (
        f'<a class="mention" href="{escape(known.url)}">{name}</a>'
        if known.url
        else f'<b class="mention">{name}</b>'
    )


def _picture(told: str, pictures: Mapping[UUID, Shown]) -> str:
    number, _colon, alt = told.partition(":")
    shown = pictures.get(UUID(number))
    said = unescape(alt).strip()
    if shown is None:
        return escape(said)
    size = f' width="{int(shown.width)}" height="{int(shown.height)}"' if shown.width and shown.height else ""
    return f'<img src="{escape(shown.url)}" alt="{escape(said or shown.alt)}"{size} loading="lazy" decoding="async">'


def _quoted(said: Named | None) -> str:
    if said is None:
        return ""
    return f'<footer><a href="{escape(said.url)}">{escape(said.name)}</a></footer>'
