"""From people at cuts to figures of the map: shares by cell, quarter by quarter, moves, and what went before losses.

Only what `shown_of` lets through becomes a figure, so that whoever reads figures reads nothing of fewer than `fewest`
people. No figure here is about one person.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import share
from estime.engagement.measures.affect import Affect, Community, Evidence, affect_of, community_of
from estime.engagement.measures.intervals import Z95
from estime.engagement.measures.map import (
    ATTACHED,
    CAME,
    CELLS,
    CRITIC,
    LEFT,
    TOLD,
    TOLD_AS,
    Codes,
    Flags,
    Numbers,
    Whole,
    cells_of,
    difference,
    moves_of,
    shown_of,
)

MEASURES: Final = ("affect", "map", "map_health", "map_moves", "map_before_loss")
FEW: Final = "few"
"""Cells that are hidden each, together."""
PAIRS: Final = 4
"""Past quarters that `map_before_loss` looks at: a year."""
NOW: Final = 1_000_000


class Standing(NamedTuple):
    """The people on the map of one scope at one cut, (n,) each."""

    person: Whole
    recent: Flags
    behaviour: Numbers
    evidence: Evidence
    asked: Numbers
    late: Numbers
    refused: Numbers
    bare: Numbers


class Placed(NamedTuple):
    """The same people on the map."""

    community: Community
    affect: Affect
    cells: Codes


class Scoped(NamedTuple):
    """Everything of one scope: its name, and people and places by cut."""

    scope: str
    standings: Mapping[int, Standing]
    placed: Mapping[int, Placed]
    ended: int
    """The first quarter that is not over."""


def placed(standing: Standing) -> Placed:
    """Put the people of one cut on the map, measured against their own community."""
    community = community_of(standing.evidence)
    affect = affect_of(standing.evidence, community)
    return Placed(community, affect, cells_of(affect, standing.behaviour, standing.recent))


def map_figures(told: Scoped, fewest: int) -> list[Figure]:
    """Every figure of one scope; nothing of a cut with fewer than `fewest` people."""
    figures: list[Figure] = []
    for cut in sorted(told.standings):
        if len(told.standings[cut].person) < fewest:
            continue
        where = (told.scope, None if cut == NOW else _day(cut))
        figures += _affect(where, told.placed[cut], fewest)
        figures += _cells(where, told.placed[cut].cells, fewest)
    figures += _moves(told, fewest)
    return figures + _before_losses(told, fewest)


def _day(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


Where = tuple[str, date | None]


def _affect(where: Where, found: Placed, fewest: int) -> list[Figure]:
    """`affect`: the community's mean, and how far people are apart; d: people on the map."""
    scope, period = where
    community, everyone = found.community, float(len(found.cells))
    if community.people < fewest or np.isnan(community.mean):
        return []
    half = Z95 * community.error
    # the last digits move with the order in which an engine adds up
    low, mean, high = (
        round(min(1.0, max(-1.0, community.mean + side * half)), 9) for side in (-1.0, 0.0, 1.0)
    )
    people, between = float(community.people), round(community.between, 9)
    return [
        Figure("affect", scope, period, "mean", mean, low, high, people, everyone),
        Figure("affect", scope, period, "between", between, None, None, people, everyone),
    ]


def _cells(where: Where, cells: Codes, fewest: int) -> list[Figure]:
    """`map`: shares of all on it; `map_health`: of those of whom enough is known."""
    scope, period = where
    counts, shown = _counted(cells, fewest)
    everyone, hidden = int(counts.sum()), int(counts[~shown].sum())
    figures = [
        share("map", scope, period, name, int(counts[at]), everyone)
        for at, name in enumerate(TOLD)
        if shown[at]
    ]
    if hidden:
        figures.append(share("map", scope, period, FEW, hidden, everyone))
    against = int((cells == CELLS.index("detached_against")).sum())
    if shown[TOLD.index("detached")] and _apart(against, int(counts[TOLD.index("detached")]), fewest):
        figures.append(share("map", scope, period, "detached_against", against, everyone))
    return figures + _health(where, (counts, shown), fewest)


def _counted(cells: Codes, fewest: int) -> tuple[Whole, Flags]:
    """How many are in each told cell, and which of these counts may be told."""
    counts = np.bincount(TOLD_AS[cells], minlength=len(TOLD)).astype(np.int64)
    return counts, shown_of(counts[np.newaxis, :], fewest)[0]


def _health(where: Where, told: tuple[Whole, Flags], fewest: int) -> list[Figure]:
    (scope, period), (counts, shown) = where, told
    known = int(counts[: len(TOLD) - 1].sum())
    if known < fewest or not shown[TOLD.index("unknown")]:
        return []
    attached = int(counts[list(ATTACHED)].sum())
    both = bool(shown[list(ATTACHED)].all())
    others = int(counts[~shown].sum()) - attached
    neither = not shown[list(ATTACHED)].any() and attached >= fewest and (others == 0 or others >= fewest)
    figures = [share("map_health", scope, period, "known", known, int(counts.sum()))]
    if both or neither:
        figures.append(share("map_health", scope, period, "attached", attached, known))
    if shown[CRITIC]:
        figures.append(share("map_health", scope, period, "critics", int(counts[CRITIC]), known))
    return figures


def _apart(part: int, whole: int, fewest: int) -> bool:
    """Whether a part may be told beside its whole."""
    return part == 0 or (part >= fewest and (part == whole or whole - part >= fewest))


def _moves(told: Scoped, fewest: int) -> list[Figure]:
    """`map_moves`, into each whole quarter: n of the d who were in a cell, or came.

    Nothing of a cell whose count the map hides: who left it and who stayed would add up to it.
    """
    figures = []
    for quarter in _pairs(told):
        before, after = (told.standings[cut] for cut in (quarter - 1, quarter))
        if min(len(before.person), len(after.person)) < fewest:
            continue
        start, end = told.placed[quarter - 1].cells, told.placed[quarter].cells
        table = moves_of((before.person, start), (after.person, end)).table
        apart = np.zeros(table.shape, bool)
        apart[1:] |= ~_counted(start, fewest)[1][:, np.newaxis]
        apart[:, :-1] |= ~_counted(end, fewest)[1]
        shown = shown_of(table, fewest, apart)
        rows, columns = (CAME, *TOLD), (*TOLD, LEFT)
        for row, name in enumerate(rows):
            total = int(table[row].sum())
            for column, into in enumerate(columns):
                if shown[row, column] and total >= fewest:
                    count = int(table[row, column])
                    figures.append(
                        share("map_moves", told.scope, _day(quarter), f"{name}>{into}", count, total)
                    )
    return figures


def _pairs(told: Scoped) -> list[int]:
    """Whole quarters of which the one before is known too."""
    return [cut for cut in sorted(told.standings) if cut < told.ended and cut - 1 in told.standings]


def _before_losses(told: Scoped, fewest: int) -> list[Figure]:
    """`map_before_loss`: of those who left in the next quarter and those who stayed, how many had met something.

    Pooled over the last year; somebody who asked in several quarters counts in each.
    """
    lost_late, lost_bare = np.zeros(2, np.int64), np.zeros(2, np.int64)
    stayed_late, stayed_bare = np.zeros(2, np.int64), np.zeros(2, np.int64)
    for quarter in _pairs(told)[-PAIRS:]:
        before, after = told.standings[quarter - 1], told.standings[quarter]
        lost = ~np.isin(before.person, after.person)
        for left, late, bare in ((lost, lost_late, lost_bare), (~lost, stayed_late, stayed_bare)):
            late += _met(before.asked, before.late, left)
            bare += _met(before.refused, before.bare, left)
    return [
        *_compared(told.scope, "late", lost_late, stayed_late, fewest),
        *_compared(told.scope, "bare", lost_bare, stayed_bare, fewest),
    ]


def _met(asked: Numbers, met: Numbers, who: Flags) -> Whole:
    """(how many met it, of how many who could have)"""
    could = who & (asked > 0)
    return np.array([int((could & (met > 0)).sum()), int(could.sum())], np.int64)


def _compared(scope: str, what: str, lost: Whole, stayed: Whole, fewest: int) -> list[Figure]:
    """Both shares and their difference, where each side has enough people, with it and without it."""
    pairs = [(int(side[0]), int(side[1])) for side in (lost, stayed)]
    if not all(d >= fewest and _apart(n, d, fewest) for n, d in pairs):
        return []
    apart, (low, high) = difference(pairs[0], pairs[1])
    names = (f"{what}_lost", f"{what}_stayed")
    return [
        *(
            share("map_before_loss", scope, None, name, n, d)
            for name, (n, d) in zip(names, pairs, strict=True)
        ),
        Figure("map_before_loss", scope, None, f"{what}_difference", apart, low, high, None, None),
    ]
