"""The engagement map: in which cell each person stands, how people moved, and what may be told of it.

Invariants: each person is in exactly one cell; nothing is told of fewer than `fewest` people, nor can it be found by
taking what is told from a total; what is hidden is said to be hidden, never told as 0.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estime.engagement.measures.affect import Affect
from estime.engagement.measures.intervals import Bounds, wilson

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Whole = NDArray[np.int64]

NEUTRAL: Final = 0.1
"""Between −0.1 and 0.1 is neither for nor against."""

CELLS: Final = (
    "attached_active",
    "attached_quiet",
    "offer",
    "detached",
    "critic",
    "detached_against",
    "unknown_active",
    "unknown_quiet",
)
"""Cells by code. `detached` is quiet and between; quiet and against is told inside of it, and apart."""
ATTACHED: Final = (0, 1)
CRITIC: Final = 4
UNKNOWN: Final = (6, 7)

TOLD: Final = ("attached_active", "attached_quiet", "offer", "detached", "critic", "unknown")
"""Cells as they are told."""
TOLD_AS: Final = np.array([0, 1, 2, 3, 4, 3, 5, 5])
"""Which told cell a cell belongs to, by code."""
CAME: Final = "came"
LEFT: Final = "left"


def cells_of(affect: Affect, behaviour: Numbers, recent: Flags, *, neutral: float = NEUTRAL) -> Codes:
    """In which cell of the map does each person stand?

    Meaning: affect across, behaviour up. *Active*: an act other than a like within the window, and B at or above the
    median of those who had one. *Attached*: the whole interval of A above the neutral band; *against*: wholly below;
    *between* otherwise. Never an input to what somebody may do or gets.

    Formula: see above; codes are positions in `CELLS`.

    Parameters: `affect` of n people; `behaviour`, B (n,), ≥ 0; `recent`, an act other than a like within the window
    (n,); `neutral`, half the width of the neutral band (own choice: a tenth of the way from nothing to everything).
    Returns codes (n,), in the same order; ties at the median are active. Empty for nobody. Raises ValueError where the
    lengths differ. Deterministic. Cost: O(n log n).

    Example
    -------
    >>> warm = Affect(*(np.array([bound] * 2) for bound in (0.5, 0.3, 0.7)), np.array([True, True]))
    >>> [CELLS[code] for code in cells_of(warm, np.array([4.0, 1.0]), np.array([True, False]))]
    ['attached_active', 'attached_quiet']

    Source: own definition; critics who act are engaged, after A. O. Hirschman, Exit, Voice, and Loyalty, Harvard 1970.
    """
    if not len(affect.value) == len(behaviour) == len(recent):
        raise ValueError("a map needs affect, behaviour and recency of the same people")
    least = float(np.median(behaviour[recent])) if recent.any() else np.inf
    active = recent & (behaviour >= least)
    known = affect.known
    attached = known & (np.nan_to_num(affect.low, nan=-1.0) > neutral)
    against = known & (np.nan_to_num(affect.high, nan=1.0) < -neutral)
    feeling = np.select([~known, attached, against], [3, 0, 2], default=1)
    by_activity = np.array([[0, 2, 4, 6], [1, 3, 5, 7]], np.int8)
    chosen: Codes = by_activity[(~active).astype(np.int8), feeling]
    return chosen


class Moves(NamedTuple):
    """Where people of one quarter were in the next: `table` (1 + cells, cells + 1), its first row those who came (were
    not on the map), its last column those who left (did nothing other than like)."""

    table: Whole


def moves_of(before: tuple[Whole, Codes], after: tuple[Whole, Codes]) -> Moves:
    """How many people moved from each told cell to each other, from one quarter to the next?

    Parameters: for each of both, (keys of people, distinct, int64 (n,); their codes in `CELLS` (n,)), in any order.
    Returns Moves in the order of `TOLD`; each person is counted once. Cost: O(n log n).

    Example
    -------
    >>> one = (np.array([7, 8]), np.array([0, 0], np.int8))
    >>> other = (np.array([8, 9]), np.array([4, 4], np.int8))
    >>> moves_of(one, other).table[[0, 1, 1], [4, 4, 6]].tolist()
    [1, 1, 1]

    Source: own definition.
    """
    people = np.union1d(before[0], after[0])
    start = np.zeros(len(people), np.int64)
    start[np.searchsorted(people, before[0])] = 1 + TOLD_AS[before[1]]
    end = np.full(len(people), len(TOLD), np.int64)
    end[np.searchsorted(people, after[0])] = TOLD_AS[after[1]]
    table = np.zeros((1 + len(TOLD), len(TOLD) + 1), np.int64)
    np.add.at(table, (start, end), 1)
    return Moves(table)


def shown_of(counts: Whole, fewest: int, hidden_elsewhere: Flags | None = None) -> Flags:
    """Which counts of a table may be told, so that nobody is singled out, not even by taking one from a total?

    Meaning: True is told. A count from 1 to `fewest` − 1 is hidden; then, as long as what is hidden of a row or a
    column comes to fewer than `fewest` people, its smallest told count is hidden too (a nought only where nothing
    else is left).

    Parameters: `counts`, whole (rows, columns), ≥ 0; one row for a list. `fewest` ≥ 1. `hidden_elsewhere`, flags of the
    same shape: counts that would tell what another table hides. Returns flags of the same shape. Raises ValueError for
    a negative count. Deterministic: of equal counts the first is hidden. Cost: O(cells²).

    Example
    -------
    >>> shown_of(np.array([[40, 3, 12, 30]]), 10).tolist()
    [[True, False, False, True]]

    Source: complementary suppression, L. H. Cox, "Suppression methodology and statistical disclosure control", JASA 75
    (1980) 377–385, doi:10.1080/01621459.1980.10477481; here greedy, so that it may hide more than needed.
    """
    if (counts < 0).any():
        raise ValueError("a count is never below 0")
    shown: Flags = (counts == 0) | (counts >= fewest)
    if hidden_elsewhere is not None:
        shown &= ~hidden_elsewhere
    lines = [(row, slice(None)) for row in range(counts.shape[0])]
    if counts.shape[0] > 1:
        lines += [(slice(None), column) for column in range(counts.shape[1])]  # type: ignore[misc]  # either way round
    again = True
    while again:
        again = False
        for line in lines:
            hidden = counts[line][~shown[line]]
            while len(hidden) > 0 and hidden.sum() < fewest and shown[line].any():
                left = np.where(shown[line], counts[line], np.iinfo(np.int64).max)
                left = np.where(left == 0, np.iinfo(np.int64).max - 1, left)
                told = shown[line].copy()
                told[int(left.argmin())] = False
                shown[line] = told
                hidden, again = counts[line][~shown[line]], True
    return shown


def difference(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, Bounds]:
    """How much larger is one share than another, and between which bounds does the difference lie?

    Meaning: n of d each; 0 means no difference. An association: it does not say that one thing brought about the other.

    Formula: p − q, (p − q) − √((p − l_p)² + (u_q − q)²), (p − q) + √((u_p − p)² + (q − l_q)²), l and u Wilson's bounds.

    Parameters: (n, d) each, 0 ≤ n ≤ d, d > 0. Returns (difference, (low, high)), 95 %. Raises ValueError outside.
    Deterministic, O(1).

    Example
    -------
    >>> told, (low, high) = difference((56, 70), (48, 80))
    >>> round(told, 3), round(low, 4), round(high, 4)
    (0.2, 0.0524, 0.3339)

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17 (1998) 873–890, method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    (p, (lp, up)), (q, (lq, uq)) = ((n / d, wilson(n, d)) for n, d in (one, other))
    low = float(p - q - ((p - lp) ** 2 + (uq - q) ** 2) ** 0.5)
    high = float(p - q + ((up - p) ** 2 + (q - lq) ** 2) ** 0.5)
    return p - q, (low, high)
