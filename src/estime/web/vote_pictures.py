"""Pictures of votes, drawn here as SVG: how each method works, an interval beside a figure, the map of opinion groups.

Colours come from classes, so that they are right in light and dark. A picture that says nothing the text beside it
does not say is hidden from screen readers; the others have a label.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_TICK: Final = '<path class="accent-line" stroke-width="3" d="M{x} {y}l4 5l8-10"/>'
_BOX: Final = '<rect class="edge" x="{x}" y="{y}" width="18" height="18" rx="3"/>'
_LINE: Final = '<path class="line" stroke-width="6" stroke-linecap="round" d="M{x} {y}h{long}"/>'


def how(method: str) -> SafeString:
    """How a method works, in one picture."""
    draw, label = {
        "approval": (_approval, _("Three options; two of them are ticked.")),
        "score": (_score, _("Three options with more and fewer points.")),
        "ranked": (_ranked, _("Three options in an order: first, second, third.")),
        "pairwise": (_pairwise, _("Two options side by side; one of them is chosen.")),
        "budget": (_budget, _("Shares of money of several voters, put together for what they want.")),
        "groups": (_groups, _("Two groups of dots, apart from each other.")),
    }[method]
    return _svg(200, 84, draw(), label)


def interval(score: float, low: float | None, high: float | None, most: float = 1.0) -> SafeString:
    """A dot with its interval on a line from 0 to `most`: the figures stand beside it."""
    place = [
        100 * max(0.0, min(value / most, 1.0)) if most else 0.0
        for value in (score, low or score, high or score)
    ]
    band = f'<rect class="band" x="{place[1]:.1f}" y="3" width="{max(place[2] - place[1], 0.5):.1f}" height="6"/>'
    body = f'<path class="line" d="M0 6H100"/>{band}<circle class="accent" cx="{place[0]:.1f}" cy="6" r="3"/>'
    return mark_safe(  # noqa: S308  numbers of ours
        f'<svg viewBox="-4 0 108 12" width="108" height="12" aria-hidden="true" focusable="false">{body}</svg>'
    )


def map_of(cells: Sequence[Sequence[int]], grid: int, groups: Sequence[str]) -> SafeString:
    """Where the people of each group stand: one dot for several people at a time, larger for more of them."""
    step = 300 / grid
    most = max((cell[3] for cell in cells), default=1)
    dots = []
    for group, column, row, people in cells:
        radius = 2.5 + (step * 0.9 - 2.5) * (people / most) ** 0.5
        at = f'cx="{(column + 0.5) * step:.1f}" cy="{(row + 0.5) * step:.1f}" r="{radius:.1f}"'
        dots.append(f'<circle class="group-{min(group, 4) + 1}" {at}/>')
    label = _("Map of opinions: the closer two dots are, the more alike people voted. %(groups)s") % {
        "groups": " · ".join(groups)
    }
    return _svg(300, 300, "".join(dots), label, margin=round(step))


def mark(group: int) -> SafeString:
    """The sign of a group, as its dots are drawn."""
    dot = f'<circle class="group-{min(group, 4) + 1}" cx="6" cy="6" r="4.5"/>'
    return mark_safe(  # noqa: S308  numbers of ours
        f'<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">{dot}</svg>'
    )


def _svg(width: int, height: int, body: str, label: str, *, margin: int = 0) -> SafeString:
    """`margin`: room around what is drawn, so that nothing of it is cut at the edge."""
    box = f"{-margin} {-margin} {width + 2 * margin} {height + 2 * margin}"
    return mark_safe(  # noqa: S308  drawn here; the label is escaped
        f'<svg viewBox="{box}" role="img" aria-label="{escape(label)}">{body}</svg>'
    )


def _rows() -> str:
    return "".join(_LINE.format(x=44, y=y, long=long) for y, long in ((15, 110), (42, 80), (69, 130)))


def _approval() -> str:
    boxes = "".join(_BOX.format(x=8, y=y) for y in (6, 33, 60))
    return boxes + _rows() + _TICK.format(x=11, y=15) + _TICK.format(x=11, y=69)


def _score() -> str:
    dots = []
    for y, many in ((15, 4), (42, 1), (69, 3)):
        for place in range(5):
            kind = "accent" if place < many else "edge"
            dots.append(f'<circle class="{kind}" cx="{100 + place * 20}" cy="{y}" r="6"/>')
    return "".join(_LINE.format(x=8, y=y, long=long) for y, long in ((15, 60), (42, 45), (69, 70))) + "".join(
        dots
    )


def _ranked() -> str:
    numbers = "".join(
        f'<text class="{"accent" if place == 1 else "ink"}" x="12" y="{y + 6}" font-size="18">{place}</text>'
        for place, y in ((1, 15), (2, 42), (3, 69))
    )
    return numbers + _rows()


def _pairwise() -> str:
    frame = 'x="8" y="14" width="80" height="56" rx="6"'
    left = f'<rect class="band" {frame}/><rect class="accent-line" stroke-width="3" {frame}/>'
    right = '<rect class="edge" x="112" y="14" width="80" height="56" rx="6"/>'
    return left + right + _LINE.format(x=26, y=42, long=44) + _LINE.format(x=130, y=42, long=44)


def _budget() -> str:
    coins = "".join(
        f'<circle class="{"accent" if place in (0, 1, 3) else "edge"}" cx="{16 + place * 24}" cy="16" r="9"/>'
        for place in range(5)
    )
    ways = '<path class="accent-line" stroke-width="2" d="M16 28L50 54M40 28L54 54M88 28L60 54"/>'
    return (
        coins
        + ways
        + '<rect class="band" x="30" y="56" width="60" height="20" rx="3"/>'
        + _LINE.format(x=110, y=66, long=60)
    )


def _groups() -> str:
    first = ((24, 20), (40, 34), (18, 46), (48, 54), (32, 62))
    second = ((140, 18), (160, 30), (150, 48), (176, 44), (166, 64), (138, 62))
    dots = [f'<circle class="group-1" cx="{x}" cy="{y}" r="6"/>' for x, y in first]
    return "".join(dots + [f'<circle class="group-2" cx="{x}" cy="{y}" r="6"/>' for x, y in second])
