"""A chart that stands alone: title, what to look at, source and date around it, its colours resolved, on white paper.

Only text is put together here; what draws pixels is in pictures.py, and no page imports that.
"""

import re
import textwrap
from html import escape
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from estime.kernel.configuration import BadConfiguration, configuration
from estime.readouts import wording as w
from estime.readouts.colours import mixed, nearest_legible
from estime.readouts.shapes import Report, Section

PAPER, OWN_ACCENT = "#ffffff", "#1f5c4d"
FAMILY = "'Estime Sans', 'Source Sans 3', 'Segoe UI', Arial, sans-serif"
SERIF = "'Estime Serif', 'Source Serif 4', Georgia, serif"
WIDE, MARGIN, SHOWN = 460, 32, 640
INNER = WIDE - 2 * MARGIN


class Caption(NamedTuple):
    """What stands around a picture. `source`: whose data it is, empty for the brand's own."""

    place: str
    title: str
    sentence: str
    legend: str
    source: str
    made: str
    alt: str


class _Line(NamedTuple):
    text: str
    size: float
    colour: str
    step: int
    serif: bool = False


def caption_of(report: Report, section: Section) -> Caption:
    """The words around a section's chart; when it was computed is left out, so that the same stays the same."""
    with override(report.lang):
        source = _("Data: %(told)s") % {"told": report.attribution} if report.attribution else ""
        made = _("As of {as_of} · {name}").format(as_of=w.day(report.as_of.date()), name=_signature())
    alt = section.chart.alt if section.chart else section.title
    return Caption(report.title, section.title, section.sentence, section.legend, source, made, alt)


def _signature() -> str:
    """Who says so: the brand, by means of Estime."""
    try:
        name = configuration().brand.name.strip()
    except BadConfiguration:
        name = ""
    return f"{name} · Estime" if name and name != "Estime" else "Estime"


def accent() -> str:
    """The brand's accent as it can be read on white."""
    try:
        told = configuration().brand.accent
    except BadConfiguration:
        told = None
    return nearest_legible(told or OWN_ACCENT, PAPER)


def colours(accent: str) -> dict[str, str]:
    """What the variables of a page's chart are on white paper."""
    return {
        "var(--ink)": "#1d1c1a",
        "var(--soft)": "#5f5b54",
        "var(--line)": "#e0dcd4",
        "var(--track)": "#ebe7df",
        "var(--paper)": PAPER,
        "var(--accent-band)": mixed(accent, PAPER, 0.78),
        "var(--accent)": accent,
    }


def picture_svg(svg: str, caption: Caption, accent: str) -> str:
    """One SVG file that needs no stylesheet: `svg` is a chart as pages show it."""
    palette = colours(accent)
    for variable, colour in palette.items():
        svg = svg.replace(variable, colour)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    wide, high = (float(box.group(1)), float(box.group(2))) if box else (INNER, INNER)
    high *= INNER / wide
    head, at = _lines(_opening(caption, palette), 42)
    chart_at = at + 8
    foot, end = _lines(_closing(caption, palette), chart_at + high + 30)
    told = re.sub(
        r"^<svg[^>]*>",
        lambda found: (
            f'<svg x="{MARGIN}" y="{chart_at:.0f}" width="{INNER}" height="{high:.1f}"'
            f' viewBox="0 0 {wide:g} {box.group(2) if box else INNER}" overflow="visible">'
        ),
        svg,
        count=1,
    )
    tall = end + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SHOWN}" height="{tall * SHOWN / WIDE:.0f}"'
        f' viewBox="0 0 {WIDE} {tall:.0f}" font-family="{FAMILY}" role="img">'
        f"<title>{escape(f'{caption.title} · {caption.place}')}</title><desc>{escape(caption.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{head}{told}{foot}</svg>\n'
    )


def _opening(caption: Caption, palette: dict[str, str]) -> list[_Line]:
    ink, soft = palette["var(--ink)"], palette["var(--soft)"]
    return [
        *(_Line(line, 14, soft, 19) for line in textwrap.wrap(caption.place, 56)),
        *(_Line(line, 22, ink, 27, serif=True) for line in textwrap.wrap(caption.title, 34)),
        *(_Line(line, 15, soft, 20) for line in textwrap.wrap(caption.sentence, 60)),
    ]


def _closing(caption: Caption, palette: dict[str, str]) -> list[_Line]:
    soft = palette["var(--soft)"]
    told = [line for text in (caption.legend, caption.source, caption.made) for line in _wrapped(text)]
    return [_Line(line, 11.5, soft, 16) for line in told]


def _wrapped(text: str) -> list[str]:
    """Long addresses are broken too: a picture has no scroll bar. No-break spaces hold (`textwrap` keeps them)."""
    return textwrap.wrap(text, 82, break_on_hyphens=False)


def _lines(lines: list[_Line], at: float) -> tuple[str, float]:
    """The lines as SVG text from a baseline on, and where the next baseline would be."""
    told = []
    for number, line in enumerate(lines):
        at += line.step if number else 0
        font = f' font-family="{SERIF}" font-weight="600"' if line.serif else ""
        told.append(
            f'<text x="{MARGIN}" y="{at:.0f}" font-size="{line.size}" fill="{line.colour}"{font}>'
            f"{escape(line.text)}</text>"
        )
    return "".join(told), at + 16
