"""How unequally members take part, from histograms (how many members made how many acts)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


class TopShare(NamedTuple):
    """The share of acts by the most active, its 95 % interval, their acts (n) and all acts (d)."""

    value: float
    low: float | None
    high: float | None
    n: int
    d: int


def top_share(
    sizes: Counts, persons: Counts, part: float, *, replicates: int = 1_000, seed: int = 0
) -> TopShare:
    """Which share of all acts do the most active members make?

    Meaning: between `part` (all equal) and 1 (they make all). Neither good nor bad: a small committed core
    is normal. Not for naming or ranking persons. The top is ⌈part · N⌉ persons; ties at its edge do not
    change the sum.

    Formula: Σ of the ⌈part·N⌉ largest sizes / Σ of all sizes. Interval: percentiles 2.5 and 97.5 of the same
    over `replicates` resamples of N persons with replacement (a multinomial draw from the histogram).

    Parameters
    ----------
    sizes : int64 (n_sizes,), acts per person, distinct, ≥ 1.
    persons : int64 (n_sizes,), how many persons made so many acts, ≥ 1.
    part : 0 < part ≤ 1.
    replicates : number of resamples. 1 000 puts the bounds within about 1 % of their own place.
    seed : the same seed gives the same interval on every machine with the same numpy.

    Returns
    -------
    TopShare. A single person has no interval.

    Raises
    ------
    ValueError
        Empty or unequal arrays, or `part` outside (0, 1].

    Cost: O(replicates · n_sizes).

    Example
    -------
    >>> top_share(np.array([1, 6]), np.array([9, 1]), 0.1)[:1]
    (0.4,)

    Source: own definition of the share, as in J. Nielsen's "participation inequality" (2006); interval: B.
    Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, ch. 13,
    doi:10.1201/9780429246593.
    """
    if len(sizes) == 0 or len(sizes) != len(persons) or not 0 < part <= 1:
        raise ValueError("top_share needs as many sizes as persons, at least one, and 0 < part <= 1")
    order = np.argsort(-sizes)
    largest, held = sizes[order].astype(np.int64), persons[order].astype(np.int64)
    total = int(held.sum())
    top = min(total, math.ceil(part * total - 1e-9))
    n, d = int(_top_sum(largest, held[None, :], top)[0]), int((largest * held).sum())
    if total == 1:
        return TopShare(n / d, None, None, n, d)
    draws = np.random.default_rng(seed).multinomial(total, held / total, size=replicates)
    shares = _top_sum(largest, draws, top) / (draws @ largest)
    low, high = np.quantile(shares, [0.025, 0.975])
    return TopShare(n / d, float(low), float(high), n, d)


def _top_sum(largest: Counts, draws: Counts, top: int) -> Counts:
    """Acts of the `top` most active persons in each row of `draws` (persons per size, largest size first)."""
    sofar = np.cumsum(draws, axis=1)
    taken = np.clip(top - (sofar - draws), 0, draws)
    summed: Counts = taken @ largest
    return summed


def absence_factor(sizes: Counts, persons: Counts) -> int:
    """How many people could leave before half of the contributions are gone?

    Meaning: the smallest number of persons who together make at least 50 % of the contributions; 1 is
    fragile. Not a target: it grows with size. Also called bus factor or truck factor.

    Formula: min k with Σ of the k largest sizes ≥ Σ of all sizes / 2.

    Parameters: `sizes` and `persons` as in `top_share`. Returns k ≥ 1, or 0 for an empty histogram. Raises
    ValueError for arrays of unequal length. Deterministic, O(n_sizes log n_sizes).

    Example
    -------
    >>> absence_factor(np.array([1000, 433, 300, 202]), np.array([1, 1, 1, 1]))
    1

    Source: CHAOSS, "Contributor Absence Factor",
    https://chaoss.community/kb/metric-contributor-absence-factor/
    """
    if len(sizes) != len(persons):
        raise ValueError("absence_factor needs as many sizes as persons")
    order = np.argsort(-sizes)
    left = (int((sizes * persons).sum()) + 1) // 2
    needed = 0
    for size, held in zip(sizes[order].tolist(), persons[order].tolist(), strict=True):
        if left <= 0:
            break
        taken = min(held, -(-left // size))
        needed += taken
        left -= taken * size
    return needed
