"""Who moved on the engagement map: the last whole quarter as a picture, the quarters before it as figures."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.flows import ARROW
from estime.readouts.sections.map import CAME, CELLS, LEFT, cell
from estime.readouts.shapes import Chart, Mark, Phrase, Section, Table, phrase, table
from estime.readouts.shelf import Shelf

PLACES = (*CELLS, CAME, LEFT)
Moves = dict[tuple[str, str], Figure]


def moves_section(shelf: Shelf) -> Section | None:
    """The moves into the last whole quarter, drawn; those into earlier ones in the table."""
    quarters = _quarters(shelf)
    if not quarters:
        return None
    last = max(quarters)
    return Section(
        id="map-moves",
        title=_("Who moved on the map"),
        sentence=_(
            "Where people were a quarter before, on the left; where they were at the end of {quarter}, on the right."
        ).format(quarter=w.quarter(last)),
        definition="map",
        finding=_finding(quarters[last]),
        chart=_chart(quarters[last], last),
        table=_table(quarters),
        note=_("A move of a few people is left out, and so is one that would give it away."),
        legend=_(
            "The broader a band, the more people; grey where they stayed. The numbers are those of the bands."
        ),
        figures=shelf.all("map_moves"),
    )


def _quarters(shelf: Shelf) -> dict[date, Moves]:
    """Moves that somebody made, by quarter, those who moved most first."""
    found: dict[date, Moves] = {}
    for label in shelf.labels("map_moves"):
        start, _to, end = label.partition(">")
        for figure in shelf.dated("map_moves", label):
            if figure.period and figure.n:
                found.setdefault(figure.period, {})[start, end] = figure
    return {
        quarter: dict(sorted(moves.items(), key=lambda move: (-(move[1].n or 0), move[0])))
        for quarter, moves in found.items()
    }


def _finding(moves: Moves) -> Phrase:
    """The largest move, if there is one, of people of whom something is known."""
    moved = [move for move in moves if move[0] != move[1]]
    known = [move for move in moved if "unknown" not in move]
    if not moved:
        return phrase(_("Nobody moved, as far as it can be told."))
    start, end = (known or moved)[0]
    figure = moves[start, end]
    return phrase(
        ngettext(
            "The largest move: {n} person of {d}, from “{start}” to “{end}”.",
            "The largest move: {n} people of {d}, from “{start}” to “{end}”.",
            round(figure.n or 0),
        ),
        n=w.count(figure.n or 0),
        d=w.count(figure.d or 0),
        start=cell(start),
        end=cell(end),
    )


def _chart(moves: Moves, last: date) -> Chart:
    marks = tuple(
        Mark(
            f"{cell(start)}{ARROW}{cell(end)}",
            figure.n or 0,
            label=f"{w.count(figure.n or 0)} · {w.whole_percent(figure.value or 0.0)}",
        )
        for (start, end), figure in moves.items()
    )
    alt = _("Moves into {quarter}: {moves}.").format(
        quarter=w.quarter(last), moves="; ".join(f"{mark.series} {mark.label}" for mark in marks)
    )
    return Chart("moves", "count", alt, marks, names=tuple(cell(name) for name in PLACES))


def _table(quarters: dict[date, Moves]) -> Table:
    rows = [
        [
            w.quarter(quarter), cell(start), cell(end), w.count(figure.n or 0), w.count(figure.d or 0),
            w.percent(figure.value or 0.0), w.percent_interval(figure.low, figure.high),
        ]
        for quarter in sorted(quarters, reverse=True)
        for (start, end), figure in quarters[quarter].items()
    ]  # fmt: skip
    head = [
        _("Quarter"),
        _("Where they were"),
        _("Where they went"),
        _("People"),
        _("of"),
        _("Share"),
        _("95 % interval"),
    ]
    return table(_("Moves from cell to cell, by quarter"), head, rows)
