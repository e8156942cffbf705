"""Where the bands of a picture of moves lie: names on both sides, bands between them as broad as people are many."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from estime.readouts.shapes import Mark

ARROW: Final = " → "
"""Between the two names of a move in the words of its mark."""
TALL: Final = 300
"""Height of all bands together."""
LEAST: Final = 40
"""Height of a place that holds its words."""
GAP: Final = 8
THIN: Final = 1.5
"""The thinnest band."""
STEPS: Final = 16


class Flows(NamedTuple):
    """`places`: names with their people and height; `bands`: points of bands, `stayed` or not; in one coordinate."""

    places: list[dict[str, Any]]
    bands: list[dict[str, Any]]
    height: float


def flows_of(marks: Sequence[Mark], names: Sequence[str], across: tuple[float, float]) -> Flows:
    """Places from top to bottom in the order of `names`; bands between the edges `across`."""
    moves = [(_ends(mark), mark.value) for mark in marks if mark.value > 0]
    total = max(1.0, sum(value for _between, value in moves))
    places: list[dict[str, Any]] = []
    tops: list[dict[str, float]] = []
    height = 0.0
    for side in (0, 1):
        top, found = 0.0, {}
        for name in names:
            people = sum(value for between, value in moves if between[side] == name)
            if people:
                tall = max(LEAST, people / total * TALL)
                places.append(
                    {"side": side, "name": name, "people": people, "top": top, "bottom": top + tall}
                )
                found[name] = top
                top += tall + GAP
        tops.append(found)
        height = max(height, top - GAP)
    order = {name: at for at, name in enumerate(names)}
    bands: list[dict[str, Any]] = []
    moves.sort(key=lambda move: (order[move[0][0]], order[move[0][1]]))
    for number, ((start, end), value) in enumerate(moves):
        broad = max(THIN, value / total * TALL)
        edges = (tops[0][start], tops[1][end])
        tops[0][start], tops[1][end] = edges[0] + broad, edges[1] + broad
        bands += _band(number, edges, (broad, start == end), across)
    return Flows(places, bands, height)


def _ends(mark: Mark) -> tuple[str, str]:
    start, _arrow, end = mark.series.partition(ARROW)
    return start, end


def _band(
    number: int, edges: tuple[float, float], look: tuple[float, bool], across: tuple[float, float]
) -> list[dict[str, Any]]:
    """A band that leaves its place and comes to the other level."""
    broad, stayed = look
    found = []
    for step in range(STEPS + 1):
        part = step / STEPS
        eased = part * part * (3 - 2 * part)
        top = edges[0] + (edges[1] - edges[0]) * eased
        x = across[0] + (across[1] - across[0]) * part
        found.append({"band": number, "x": x, "top": top, "bottom": top + broad, "stayed": stayed})
    return found
