"""Drawing voters again: the bootstrap that all methods share.

Invariants: the same seed, counts and number of draws give the same draws; a draw has as many voters as there were.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from estime.cocreation.tally.ballots import Counts, Floats

WORK: Final = 4e10
"""Elementary steps that resampling may take in all: some ten seconds on one processor of 2024."""
FEWEST: Final = 100
"""Fewer draws than this say too little; then there are none."""
HELD: Final = 4_000_000
"""Numbers of voters that are held at a time."""


def replicates_for(work: float, wanted: int, limit: float = WORK) -> int:
    """How many draws are affordable if one recount takes `work` steps: `wanted`, fewer, or none.

    >>> replicates_for(1e6, 1000), replicates_for(1e8, 1000), replicates_for(1e10, 1000)
    (1000, 400, 0)
    """
    affordable = int(limit // max(work, 1.0))
    if affordable >= wanted:
        return wanted
    return affordable if affordable >= FEWEST else 0


def resampled(counts: Counts, replicates: int, seed: int) -> Iterator[Floats]:
    """Draw as many voters as there were, with replacement, again and again.

    Meaning: what could have come out had other people of the same kinds voted. It knows nothing of people who
    influence each other, which makes the true uncertainty larger.

    Formula: each row is a multinomial draw of Σ counts voters with chances counts / Σ counts.

    Parameters
    ----------
    counts : int64 (n_kinds,), voters per kind of ballot.
    replicates : how many draws, ≥ 0.
    seed : the same seed gives the same draws with the same numpy.

    Returns
    -------
    An iterator of float64 (some draws, n_kinds), whole numbers, in pieces that fit into memory. No voters give
    no draws.

    Raises
    ------
    Nothing. Cost: O(replicates · voters), or replicates · kinds if that is less.

    Example
    -------
    >>> drawn = next(resampled(np.array([3, 1]), 2, seed=0))
    >>> drawn.shape, drawn.sum(axis=1).tolist()
    ((2, 2), [4.0, 4.0])

    Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, ch. 6,
    doi:10.1201/9780429246593.
    """
    voters = int(counts.sum())
    if voters == 0:
        return
    rng = np.random.default_rng(seed)
    at_once = max(1, HELD // max(len(counts), 1))
    many = voters > 20 * len(counts)  # a draw per kind is quicker than a draw per voter
    owners = None if many else np.repeat(np.arange(len(counts)), counts)
    for start in range(0, replicates, at_once):
        size = min(at_once, replicates - start)
        if owners is None:
            yield rng.multinomial(voters, counts / voters, size=size).astype(np.float64)
            continue
        drawn = np.empty((size, len(counts)))
        for row in drawn:
            row[:] = np.bincount(owners[rng.integers(voters, size=voters)], minlength=len(counts))
        yield drawn


def interval(pieces: Iterable[Floats]) -> Floats | None:
    """Percentiles 2.5 and 97.5 of each column over all pieces: float64 (2, n_columns), or None without any."""
    found = list(pieces)
    if not found:
        return None
    bounds: Floats = np.quantile(np.concatenate(found), [0.025, 0.975], axis=0)
    return bounds


def around(value: float, bounds: Floats | None, column: int) -> tuple[float | None, float | None]:
    """The bounds of one column, widened to hold the value itself; None without bounds."""
    if bounds is None:
        return None, None
    return min(value, float(bounds[0, column])), max(value, float(bounds[1, column]))
