"""The picture of a challenge that other sites show beside a link to it: 1200 × 630, drawn when it is asked for.

Nothing is written anywhere. What was drawn last is remembered by what it shows, so an erased word is not shown again.
"""

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIZE: Final = (1200, 630)
EDITION: Final = 1
"""Of the drawing: with another one, everybody fetches it anew."""
_FONTS: Final = Path(__file__).resolve().parent.parent / "readouts" / "fonts"
_PAPER, _INK, _SOFT = "#fbfaf7", "#1d1c1a", "#5d5a54"
_LEFT, _RIGHT = 84, 1116
_LINES: Final = 4


class Card(NamedTuple):
    """What a card shows, from top to bottom. `accent`: a colour that can be read on our light paper."""

    space: str
    title: str
    power: str
    phase: str
    brand: str
    accent: str


def card_tag(card: Card) -> str:
    """What tells one card from another."""
    return hashlib.sha256("\0".join((str(EDITION), *card)).encode()).hexdigest()[:32]


@lru_cache(maxsize=128)
def card_png(card: Card) -> bytes:
    """The card as PNG."""
    from PIL import Image, ImageDraw  # 40 ms that no other page should pay for

    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 18, SIZE[1]), fill=card.accent)
    draw.text(
        (_LEFT, 64), _fitted(draw, card.space, _font("Sans-SemiBold", 34)), _SOFT, _font("Sans-SemiBold", 34)
    )
    size, lines = _title(draw, card.title)
    font, top = _font("Serif-SemiBold", size), 140
    for line in lines:
        draw.text((_LEFT, top), line, _INK, font)
        top += round(size * 1.22)
    draw.text(
        (_LEFT, 460),
        _fitted(draw, card.power, _font("Sans-SemiBold", 40)),
        card.accent,
        _font("Sans-SemiBold", 40),
    )
    foot = _font("Sans-Regular", 30)
    draw.text((_LEFT, 524), _fitted(draw, card.phase, foot), _SOFT, foot)
    draw.text((_RIGHT, 572), _fitted(draw, card.brand, foot), _SOFT, foot, anchor="rs")
    held = io.BytesIO()
    image.quantize(64).save(held, "PNG", optimize=True)
    return held.getvalue()


@lru_cache(maxsize=16)
def _font(name: str, size: int) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(_FONTS / f"Estime{name}.ttf"), size)


def _title(draw: "ImageDraw.ImageDraw", title: str) -> tuple[int, list[str]]:
    """The largest size in which a title has room, and its lines; a longer one is cut."""
    for size in (84, 72, 60, 52):
        lines = _wrapped(draw, title, _font("Serif-SemiBold", size))
        if len(lines) * size * 1.22 <= 300:
            return size, lines
    lines = lines[:_LINES]
    lines[-1] = _fitted(draw, lines[-1] + " …", _font("Serif-SemiBold", size))
    return size, lines


def _wrapped(draw: "ImageDraw.ImageDraw", text: str, font: Any) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font) <= _RIGHT - _LEFT:
            lines[-1] = longer
        else:
            lines.append(_fitted(draw, word, font))
    return [line for line in lines if line] or [""]


def _fitted(draw: "ImageDraw.ImageDraw", text: str, font: Any) -> str:
    """A line that has room, cut where it has none."""
    line = " ".join(text.split())[:400]
    if draw.textlength(line, font) <= _RIGHT - _LEFT:
        return line
    while line and draw.textlength(f"{line}…", font) > _RIGHT - _LEFT:
        line = line[:-1]
    return f"{line.rstrip()}…"
