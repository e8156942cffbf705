"""Who stands near whom: k-means without chance, and how far two ways of grouping agree.

Invariants: no random start, so that the order of people changes nothing; people at the same place are always in one
group; groups are numbered by size, the largest is 0.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from estime.cocreation.tally.groups.votes import Floats, Ints

DIRECTIONS: Final = 8
TAIL: Final = 0.1
ROUNDS: Final = 200


def k_means(points: Floats, k: int) -> tuple[Ints, Floats]:
    """Which people stand together, in k groups?

    Meaning: everybody belongs to the nearest centre, and the centre is the mean of those who belong. Every person
    weighs the same, however much they voted. It always finds k groups, also where there are none: whether they mean
    anything is `stability`'s question.

    Formula: minimises Σ over people of |y − centre of their group|², over many starts: the crowd cut in k equal parts
    along 8 directions and, for k = 2, a tenth cut off at either end.

    Parameters: points (n, 2), n ≥ 1; k ≥ 1. Returns groups (n,) int, by size from 0 (equal sizes: the one whose centre
    lies further in the first direction), and centres (k', 2); k' < k where fewer distinct places exist or a group
    runs empty in every start. Raises ValueError for k < 1. Deterministic; O(starts·rounds·n·k).

    >>> groups, centres = k_means(np.array([[0.0, 0.0], [0.0, 1.0], [0.5, 0.0], [9.0, 9.0]]), 2)
    >>> groups.tolist(), centres.round(2).tolist()
    ([0, 0, 0, 1], [[0.17, 0.33], [9.0, 9.0]])

    Source: S. P. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982) 129–137,
    doi:10.1109/TIT.1982.1056489. The starts are an own definition.
    """
    if k < 1:
        raise ValueError("there is at least one group")
    places, place, times = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    k = min(k, len(places))
    axes = np.ascontiguousarray(places.T)
    best: tuple[float, Ints, Floats] | None = None
    while best is None:
        seen = set[bytes]()
        for start in _starts(places, times, k):
            found = _lloyd(axes, times, start, k, seen)
            if found and (best is None or found[0] < best[0] * (1 - 1e-9)):
                best = found
        k -= 1
    _, at, centres = best
    size = np.bincount(at, times, len(centres))
    rank = np.lexsort((-centres[:, 1], -centres[:, 0], -size))
    number = np.empty(len(rank), dtype=np.int64)
    number[rank] = np.arange(len(rank))
    return number[at][place.reshape(-1)], centres[rank]


def nearest(points: Floats, centres: Floats) -> Ints:
    """The nearest centre of each point; of equally near ones the first. (n, 2) and (k, 2) → (n,) int. O(n·k).

    >>> nearest(np.array([[1.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])).tolist()
    [0]
    """
    return _nearest(points.T, centres)[0]


def adjusted_rand(first: Ints, second: Ints) -> float:
    """How far do two groupings of the same people agree, beyond chance?

    Meaning: 1 the same groups, 0 what chance gives, below 0 less than that. Names of groups do not matter.

    Formula: (Σ C(n_ij, 2) − E) / (½(Σ C(a_i, 2) + Σ C(b_j, 2)) − E), E = Σ C(a_i, 2)·Σ C(b_j, 2) / C(n, 2).

    Parameters: first, second (n,) int ≥ 0. Returns a number ≤ 1; 1 where both put everybody together, or apart.
    Raises ValueError where lengths differ. O(n).

    >>> round(adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])), 3)
    0.571

    Source: L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2 (1985) 193–218,
    doi:10.1007/BF01908075.
    """
    if first.shape != second.shape:
        raise ValueError("both groupings are of the same people")
    if len(first) < 2:
        return 1.0
    together = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(together, (first, second), 1)
    pairs, rows, columns = _pairs(together), _pairs(together.sum(axis=1)), _pairs(together.sum(axis=0))
    expected = rows * columns / (len(first) * (len(first) - 1) / 2)
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else float((pairs - expected) / (highest - expected))


def _pairs(counts: Floats) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _starts(places: Floats, times: Ints, k: int) -> Iterator[Ints]:
    """The crowd cut along directions at quantiles: by place, so that the order of people plays no part."""
    dimensions = places.shape[1]
    turns = np.arange(DIRECTIONS) * np.pi / DIRECTIONS if dimensions > 1 else np.zeros(1)
    cuts = [np.arange(1, k) / k]
    if k == 2:
        cuts += [np.array([TAIL]), np.array([1 - TAIL])]
    for turn in turns:
        along = places[:, 0] * np.cos(turn)
        if dimensions > 1:
            along = along + places[:, 1] * np.sin(turn)
        order = np.argsort(along, kind="stable")
        reached = np.cumsum(times[order]) / times.sum()
        for cut in cuts:
            border = along[order][np.minimum(np.searchsorted(reached, cut), len(order) - 1)]
            yield np.searchsorted(border, along, side="left").astype(np.int64)


def _lloyd(
    axes: Floats, times: Ints, at: Ints, k: int, seen: set[bytes]
) -> tuple[float, Ints, Floats] | None:
    """From one start until nobody moves; None where a group runs empty, or where an earlier start came by.

    `axes` has a row for each direction, the places in it. `seen`: every grouping that an earlier start went through to
    its end, since from there on both go the same way.
    """
    weight = times.astype(np.float64)
    weighed, passed = weight * axes, set[bytes]()
    for _ in range(ROUNDS):
        if (here := at.tobytes()) in seen:
            return None
        passed.add(here)
        size = np.bincount(at, weight, k)
        if (size == 0).any():
            seen |= passed
            return None
        centres = np.stack([np.bincount(at, axis, k) / size for axis in weighed], axis=1)
        now, far = _nearest(axes, centres)
        if (now == at).all():
            seen |= passed
            break
        at = now
    return float(weight @ far), at, centres


def _nearest(axes: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """The nearest centre of each place, and its squared distance. A whole direction at a time: there are few."""
    at, least = np.zeros(axes.shape[1], np.int64), np.full(axes.shape[1], np.inf)
    for number, centre in enumerate(centres):
        far = (axes[0] - centre[0]) ** 2
        for axis, middle in zip(axes[1:], centre[1:], strict=True):
            far += (axis - middle) ** 2
        nearer = far < least
        np.copyto(at, number, where=nearer)
        np.copyto(least, far, where=nearer)
    return at, least
