"""Acts over time as a picture: one bar a month (or a year, where there are many), drawn here, without a chart library.

Colours are the page's own, by name, so that one picture serves light and dark; the table under it says the same.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from estime.readouts import wording

WIDTH: Final = 360
HEIGHT: Final = 150
FOOT: Final = 24
HEAD: Final = 20
FONT: Final = 15
"""As in the other charts: at 360 pixels of screen its letters still are nearly 14 pixels high."""
MONTHS: Final = 60
"""Up to so many months each has a bar of its own."""


class Bar(NamedTuple):
    """A month or a year: its name, its first and last day (ISO), and how many acts."""

    name: str
    since: str
    until: str
    acts: int


def bars(months: Mapping[int, int]) -> list[Bar]:
    """From the first month with an act to the last, those between without any included. Months count from 1970."""
    if not months:
        return []
    first, last = min(months), max(months)
    if last - first < MONTHS:
        return [_month(month, months.get(month, 0)) for month in range(first, last + 1)]
    years: dict[int, int] = dict.fromkeys(range(first // 12, last // 12 + 1), 0)
    for month, acts in months.items():
        years[month // 12] += acts
    return [Bar(str(1970 + y), f"{1970 + y}-01-01", f"{1970 + y}-12-31", acts) for y, acts in years.items()]


def _month(month: int, acts: int) -> Bar:
    begin = date(1970 + month // 12, month % 12 + 1, 1)
    following = date(1970 + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    end = date.fromordinal(following.toordinal() - 1)
    return Bar(wording.month(begin), begin.isoformat(), end.isoformat(), acts)


def bars_svg(shown: list[Bar], sentence: str) -> SafeString:
    """The picture; `sentence` tells it to who cannot see it."""
    if not shown:
        return SafeString()
    most = max(bar.acts for bar in shown) or 1
    step = WIDTH / len(shown)
    wide = max(step - max(step * 0.25, 1), 1)
    room = HEIGHT - FOOT - HEAD
    # Numbers of ours and month names, put together by hand: format_html takes as long as the rest of the page.
    drawn = "".join(
        f'<rect x="{number * step:.1f}" y="{HEAD + room - room * bar.acts / most:.1f}" width="{wide:.1f}"'
        f' height="{room * bar.acts / most:.1f}" fill="var(--accent)"><title>{escape(_told(bar))}</title></rect>'
        for number, bar in enumerate(shown)
        if bar.acts
    )
    words = [(0, "start", shown[0].name)]
    if len(shown) > 1:
        words.append((WIDTH, "end", shown[-1].name))
    names = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="var(--soft)">{}</text>',
        ((x, HEIGHT - 5, anchor, FONT, name) for x, anchor, name in words),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><path d="M0 {}H{}" stroke="var(--line)"/>'
        '<text x="0" y="12" font-size="{}" fill="var(--soft)">{}</text>{}{}</svg>',
        WIDTH,
        HEIGHT,
        sentence,
        HEAD + room,
        WIDTH,
        FONT,
        wording.count(most),
        mark_safe(drawn),  # noqa: S308  numbers, and month names that are escaped
        names,
    )


def _told(bar: Bar) -> str:
    return _("%(month)s: %(count)s") % {"month": bar.name, "count": wording.count(bar.acts)}
