"""The living page of style: every component in every state, with the words of when to use it (docs/look.md)."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.web.access import needs
from estime.web.brand import accents
from estime.web.colours import ENOUGH, contrast, nearest_legible, on_accent

EDGE_ENOUGH = 3.0
SHOWN = ("paper", "ink", "soft", "edge", "line", "track", "accent", "on-accent", "late")


class Swatch(NamedTuple):
    """One colour in both schemes, with its contrast on the paper of each (of what stands on the accent: on that)."""

    name: str
    meaning: str
    light: str
    dark: str
    light_ratio: float
    dark_ratio: float
    needed: float

    @property
    def enough(self) -> bool:
        return min(self.light_ratio, self.dark_ratio) >= self.needed


class Space(NamedTuple):
    """A step in pixels, on the narrowest and on the widest screen."""

    name: str
    least: int
    most: int


@require_safe
@needs("style.see")
def style(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/style.html", {"swatches": _swatches(), "spaces": _spaces()})


@lru_cache(maxsize=1)
def _tokens() -> tuple[dict[str, str], dict[str, str], str]:
    """The custom properties of reading.css: of light paper, and of dark paper where they differ."""
    css = Path(str(finders.find("estime/reading.css"))).read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#\w{6})", block)) for block in blocks)
    return light, {**light, **dark}, blocks[0]


def _swatches() -> list[Swatch]:
    light, dark, _block = _tokens()
    return [_swatch(name, _branded("light", light), _branded("dark", dark)) for name in SHOWN]


def _branded(scheme: str, tokens: dict[str, str]) -> dict[str, str]:
    """The tokens with the brand's accent, as brand.css serves it."""
    told = accents().get(scheme)
    if told is None:
        return tokens
    shown = nearest_legible(told, tokens["paper"])
    return {**tokens, "accent": shown, "on-accent": on_accent(shown)}


def _swatch(name: str, light: dict[str, str], dark: dict[str, str]) -> Swatch:
    under = "accent" if name == "on-accent" else "paper"
    ratios = [contrast(tokens[name], tokens[under]) for tokens in (light, dark)]
    needed = {"paper": 0.0, "line": 0.0, "track": 0.0, "edge": EDGE_ENOUGH}.get(name, ENOUGH)
    return Swatch(name, _meaning(name), light[name], dark[name], ratios[0], ratios[1], needed)


def _meaning(name: str) -> str:
    return {
        "paper": _("the ground of every page"),
        "ink": _("what is said and done; errors too, by weight"),
        "soft": _("what is said beside it"),
        "edge": _("the borders of fields: they must be found"),
        "line": _("lines between things: they need not be read"),
        "track": _("the empty part of a bar, a field that cannot be changed"),
        "accent": _("links, buttons, the drawn line; the brand’s own colour"),
        "on-accent": _("words on a button"),
        "late": _("lateness, and nothing else"),
    }[name]


def _spaces() -> list[Space]:
    block = _tokens()[2]
    steps = re.findall(r"--(space-\d): ([^;]+);", block)
    ends = [
        (name, [round(float(rem) * 16) for rem in re.findall(r"([\d.]+)rem", told)]) for name, told in steps
    ]
    return [Space(name, min(pixels), max(pixels)) for name, pixels in ends]
