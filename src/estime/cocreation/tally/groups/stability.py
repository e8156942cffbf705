"""Whether groups would be found again: halves of the people, and the people drawn anew.

Invariants: groups are called stable only by these figures; no figure knows what anybody else found; the same votes
give the same figures (fixed seeds, people in the order of where they stand).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from estime.cocreation.tally.groups.clusters import adjusted_rand, k_means, nearest
from estime.cocreation.tally.groups.projection import Projection, positions, project
from estime.cocreation.tally.groups.votes import Floats, Ints, VoteTable

LARGEST_K: Final = 5
HALVES: Final = 20
DRAWS: Final = 50
SEED: Final = 4
LARGEST_SAMPLE: Final = 2000
"""People in a half or a draw, at most: with more, groups are found as surely and the figures only cost more time."""

AGREEING: Final = 0.5
"""Least adjusted Rand index of two halves, median: more often than not nearer to "the same" than to chance."""
FOUND_AGAIN: Final = 0.6
"""Least mean Jaccard similarity of each group when people are drawn anew. Hennig (2007): below, not to be trusted."""


@dataclass(frozen=True)
class Stability:
    """How surely the groups would be found again."""

    k: int
    strength: dict[int, float] = field(default_factory=dict)
    """Number of groups → prediction strength in [0, 1], the mean over halves; `k` is where it is highest."""
    halves: float = 0.0
    """Median adjusted Rand index, at `k`, of the groups in which the maps of two halves put everybody."""
    found_again: tuple[float, ...] = ()
    """Per group: mean Jaccard similarity with the nearest group when people are drawn anew."""
    certainty: Floats = field(default_factory=lambda: np.zeros(0))
    """(n,) per person: share of the draws that put them into their group."""

    @property
    def reason(self) -> str:
        """Empty where the groups are stable; else why not: "halves-differ" or "not-found-again"."""
        if not self.halves >= AGREEING:
            return "halves-differ"
        return "" if min(self.found_again, default=0.0) >= FOUND_AGAIN else "not-found-again"


def prediction_strength(votes: VoteTable, halves: int = HALVES) -> tuple[dict[int, float], dict[int, float]]:
    """How well does one half of the people predict the groups of the other half, for 2 to 5 groups?

    Meaning: in [0, 1], higher is better; 1: every two people whom one half puts together, the other half's centres put
    together too. The number of groups with the highest one is chosen. The second result tells how far the two halves
    agree about everybody: each half makes its own map and groups and puts everybody into them; the adjusted Rand index
    of the two groupings, 1 the same, 0 chance, the median over the halves.

    Formula: min over groups c of the second half of the share of pairs within c that the centres of the first half
    put together; mean over random halves.

    Parameters: votes, people in a fixed order; halves, how many times to divide. Returns two mappings from k:
    strength (mean), agreement (median); k stops where a half has fewer than 2·k people. Deterministic: fixed seed.
    O(halves·(n·m² + m³)).

    Source: R. Tibshirani and G. Walther, "Cluster validation by prediction strength", JCGS 14 (2005) 511–528,
    doi:10.1198/106186005X59243. Departure: the k with the highest strength, not the largest one above 0.8.
    """
    generator = np.random.default_rng([SEED, 1])
    n = len(votes.participants)
    size = min(n // 2, LARGEST_SAMPLE)
    ks = [k for k in range(2, LARGEST_K + 1) if size >= 2 * k]
    strength: dict[int, list[float]] = {k: [] for k in ks}
    agreement: dict[int, list[float]] = {k: [] for k in ks}
    for _ in range(halves if ks else 0):
        drawn = generator.permutation(n)
        first, second = votes.taken(np.sort(drawn[:size])), votes.taken(np.sort(drawn[size : 2 * size]))
        onto, other = project(first), project(second)
        at, its, seen = positions(first, onto), positions(second, other), positions(second, onto)
        by_one, by_other = positions(votes, onto), positions(votes, other)
        for k in ks:
            centres = k_means(at, k)[1]
            own, other_centres = k_means(its, k)
            strength[k].append(_strength(nearest(seen, centres), own))
            agreement[k].append(adjusted_rand(nearest(by_one, centres), nearest(by_other, other_centres)))
    return (
        {k: float(np.mean(values)) for k, values in strength.items()},
        {k: float(np.median(values)) for k, values in agreement.items()},
    )


def drawn_anew(votes: VoteTable, groups: Ints, draws: int = DRAWS) -> tuple[tuple[float, ...], Floats]:
    """Would each group be found again among other people of the same kind, and each person be in it?

    Meaning: per group, in [0, 1]: above 0.75 stable, below 0.6 not to be trusted. Per person: the share of draws that
    put them where they are; near 1/k nothing is known of them.

    Formula: bootstrap the people, project and group anew, place everybody; per group the mean over draws of the
    largest |A ∩ B| / |A ∪ B| over the new groups B; per person how often theirs is the new group that overlaps
    most with their own.

    Parameters: votes, people in a fixed order; groups (n,) from 0; draws. Returns per group and (n,). Deterministic:
    fixed seed. O(draws·(n·m² + m³)).

    Source: C. Hennig, "Cluster-wise assessment of cluster stability", CSDA 52 (2007) 258–271,
    doi:10.1016/j.csda.2006.11.025. Departure: everybody is placed by the new groups, not only who was drawn.
    """
    generator = np.random.default_rng([SEED, 2])
    n, k = len(groups), int(groups.max()) + 1
    again, stayed = np.zeros(k), np.zeros(n)
    for _ in range(draws):
        sample = votes.taken(np.sort(generator.integers(0, n, min(n, LARGEST_SAMPLE))))
        onto = project(sample)
        centres = k_means(positions(sample, onto), k)[1]
        new = nearest(positions(votes, onto), centres)
        both = np.zeros((k, len(centres)))
        np.add.at(both, (groups, new), 1)
        either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
        likeness = both / np.maximum(either, 1)
        again += likeness.max(axis=1)
        stayed += new == likeness.argmax(axis=1)[groups]
    return tuple(float(x) for x in again / max(draws, 1)), stayed / max(draws, 1)


def examine(votes: VoteTable, onto: Projection, k: int | None = None) -> Stability:
    """How many groups are there, and would they be found again? `prediction_strength`, then `drawn_anew`.

    Parameters: votes, in a fixed order of people; onto, their projection; k, a number of groups that was asked for.
    Returns Stability; k is 1 where people are too few for two halves with so many groups. Deterministic.
    """
    strength, agreement = prediction_strength(votes)
    k = k or max(strength, key=lambda k: (round(strength[k], 9), -k), default=1)
    if k not in strength:
        return Stability(k, strength)
    groups = k_means(positions(votes, onto), k)[0]
    again, certainty = drawn_anew(votes, groups)
    return Stability(k, strength, agreement[k], again, certainty)


def _strength(told: Ints, own: Ints) -> float:
    """The smallest share of pairs within a group of `own` that `told` puts together; groups of one say nothing."""
    shares = []
    for group in range(int(own.max()) + 1):
        sizes = np.bincount(told[own == group]).astype(np.float64)
        n = sizes.sum()
        if n >= 2:
            shares.append(float((sizes * (sizes - 1)).sum() / (n * (n - 1))))
    return min(shares, default=0.0)
