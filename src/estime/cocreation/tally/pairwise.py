"""Which idea people prefer, from "this one or that one?": Bradley–Terry strengths with their intervals.

Invariants: ideas are numbers from 0; the order of the comparisons changes nothing; every strength is finite, also of
an idea that was never beaten or never shown; where the comparisons fall into parts that never met, it is said so.
The page of prose is docs/methods/pairwise.md; which pair to ask next is `pairwise_next`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.pairwise_intervals import (
    Z95,
    best_set,
    quasi_variances,
    score_bounds,
)
from estime.kernel.errors import EstimeError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_SD: Final = 1.0
"""Standard deviation of strengths before anybody compared anything, in log-odds: of two ideas drawn at random the
better one then wins some 72 times in 100 (median). Why this wide: docs/methods/pairwise.md."""

TOLERANCE: Final = 1e-10
STEPS: Final = 100


class TallyNotConverged(EstimeError):
    """The strengths were not found in the steps allowed."""

    code: ClassVar[str] = "tally-not-converged"


class Comparisons(NamedTuple):
    """Who was preferred to whom, how often: one row per ordered pair that occurred.

    `ideas`: how many there are. `better`, `worse` : (m,) int. `times` : (m,) float ≥ 0; a tie counts ½ both ways.
    """

    ideas: int
    better: Ints
    worse: Ints
    times: Floats


@dataclass(frozen=True)
class Strengths:
    """What `bradley_terry` finds. Arrays have one element per idea, in the order of the ideas' numbers."""

    strength: Floats
    """Log-odds against an idea of average strength; the mean is 0."""
    covariance: Floats
    """(n, n), of the strengths; differences are what it is meant for."""
    low: Floats
    """Lower bound of the strength, 95 %, each idea against the average."""
    high: Floats
    quasi_sd: Floats
    """Two ideas differ with standard error √(quasi_sd[i]² + quasi_sd[j]²), nearly."""
    quasi_error: float
    """The largest relative error of that "nearly", over all pairs."""
    score: Floats
    """Probability of being preferred to another idea drawn at random."""
    score_low: Floats
    score_high: Floats
    compared: Floats
    """How many comparisons each idea took part in."""
    part: Ints
    """Ideas of different parts never met, not even through others; part 0 is the largest."""
    unbounded: NDArray[np.bool_]
    """Whether only the prior keeps the strength finite: never beaten by the others, never preferred, or never shown."""
    winners: tuple[int, ...]
    """The highest strength; several only if exactly equal; nobody while nothing was compared."""
    not_separable: tuple[int, ...]
    """Every idea that may still be the best one, 95 % simultaneously, strongest first; the winners are among them."""
    comparisons: float
    prior_sd: float

    @property
    def connected(self) -> bool:
        """Whether any two ideas were compared, if only through others."""
        return bool((self.part == 0).all())


def comparisons(
    better: Sequence[int] | Ints,
    worse: Sequence[int] | Ints,
    ideas: int,
    *,
    equal: Sequence[tuple[int, int]] = (),
    times: Sequence[float] | Floats | None = None,
) -> Comparisons:
    """Count who was preferred to whom.

    Meaning: a judgement of "equally good" is half a win for each, which leaves their difference where it is and
    makes it surer. "I can't decide" is not such a judgement (most who say so do not know one of the two): leave it
    out, as the wiki surveys do.

    Parameters
    ----------
    better, worse : (n,) int, numbers of ideas: `better[k]` was preferred to `worse[k]`.
    ideas : int, how many ideas there are; those that were never compared count too.
    equal : pairs judged equally good.
    times : (n,) float ≥ 0, how often each row counts (bootstrap weights); None: once.

    Returns
    -------
    Comparisons, sorted by pair, each ordered pair once. No comparisons: empty arrays.

    Raises
    ------
    ValueError
        Lengths differ, a number is no idea, an idea is compared with itself, a negative or infinite `times`.

    Deterministic; O(n log n).

    Example
    -------
    >>> counted = comparisons([0, 0, 1], [1, 1, 2], 3, equal=[(0, 2)])
    >>> [(int(a), int(b), float(t)) for a, b, t in zip(counted.better, counted.worse, counted.times)]
    [(0, 1, 2.0), (0, 2, 0.5), (1, 2, 1.0), (2, 0, 0.5)]

    Source: half a win for a tie is the usual treatment, e.g. D. R. Hunter, "MM algorithms for generalized
    Bradley–Terry models", Annals of Statistics 32 (2004) 384–406, doi:10.1214/aos/1079120141, §1.
    """
    first, second = np.asarray(better, dtype=np.int64), np.asarray(worse, dtype=np.int64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError("better and worse are rows of the same length")
    weight = np.ones(len(first)) if times is None else np.asarray(times, dtype=np.float64)
    if weight.shape != first.shape or not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("times has one number per comparison, 0 or more")
    tied = np.asarray(equal, dtype=np.int64).reshape(-1, 2)
    first = np.concatenate([first, tied[:, 0], tied[:, 1]])
    second = np.concatenate([second, tied[:, 1], tied[:, 0]])
    weight = np.concatenate([weight, np.full(2 * len(tied), 0.5)])
    if len(first) and not (min(first.min(), second.min()) >= 0 and max(first.max(), second.max()) < ideas):
        raise ValueError(f"an idea is a number from 0 to {ideas - 1}")
    if (first == second).any():
        raise ValueError("an idea is never compared with itself")
    pairs, row = np.unique(first * max(ideas, 1) + second, return_inverse=True)
    counted = np.bincount(row, weight, len(pairs)).astype(np.float64)
    kept = counted > 0
    pairs = pairs[kept]
    return Comparisons(ideas, pairs // max(ideas, 1), pairs % max(ideas, 1), counted[kept])


def strengths(counted: Comparisons, prior_sd: float = PRIOR_SD) -> Floats:
    """How strong is each idea, on the scale of log-odds? Only the numbers, fast: for bootstraps.

    Meaning: P(i preferred to j) = 1 / (1 + e^(strength[j] − strength[i])); 0 is an average idea, higher is better.
    Never compare strengths of two questions.

    Formula: argmax Σ times·log σ(s[better] − s[worse]) − Σ s² / (2·prior_sd²).

    Parameters
    ----------
    counted : Comparisons.
    prior_sd : float > 0, log-odds; see `PRIOR_SD`. Infinite: no prior, plain maximum likelihood.

    Returns
    -------
    (ideas,) float, mean 0. No comparisons: all 0.

    Raises
    ------
    ValueError
        prior_sd is not above 0.
    TallyNotConverged
        No finite optimum: only without a prior, where not every idea both won and lost against the others.

    Deterministic, gradient below 1e-10 per comparison; O(ideas³) for each of some 6 steps.

    Example
    -------
    Three wins against one, without a prior: the log-odds differ by log 3.

    >>> s = strengths(comparisons([0, 0, 0, 1], [1, 1, 1, 0], 2), prior_sd=float("inf"))
    >>> round(float(s[0] - s[1]), 6) == round(float(np.log(3)), 6)
    True

    Source: R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs: I", Biometrika 39 (1952)
    324–345, doi:10.2307/2334029. The normal prior is the ridge of `choix.opt_pairwise`: alpha = 1/(2·prior_sd²).
    """
    if not prior_sd > 0:
        raise ValueError("prior_sd is above 0")
    if not np.isfinite(prior_sd) and len(counted.times) and _parts(counted)[1].any():
        raise _not_converged()
    found = np.zeros(counted.ideas)
    precision = prior_sd**-2
    scale = TOLERANCE * max(1.0, float(counted.times.sum()))
    value = _objective(found, counted, precision)
    for _ in range(STEPS):
        gradient = _gradient(found, counted, precision)
        if counted.ideas == 0 or np.abs(gradient).max() <= scale:
            return found - found.mean() if counted.ideas else found
        step = np.linalg.solve(_solvable(information(found, counted), precision), gradient)
        size = 1.0
        slack = 1e-12 * abs(value)
        while (tried := _objective(found - size * step, counted, precision)) > value + slack and size > 1e-6:
            size /= 2
        found, value = found - size * step, tried
    raise _not_converged()


def information(strength: Floats, counted: Comparisons) -> Floats:
    """The observed information of the comparisons alone: (n, n), Σ times·p·(1−p)·(e_i−e_j)(e_i−e_j)ᵀ.

    Its rows add up to 0: comparisons say nothing about the common level. Deterministic, O(n² + m).
    """
    p = _chance(strength[counted.better] - strength[counted.worse])
    weight = counted.times * p * (1 - p)
    found = np.zeros((counted.ideas, counted.ideas))
    np.add.at(found, (counted.better, counted.worse), -weight)
    found += found.T
    found[np.diag_indices(counted.ideas)] = -found.sum(axis=1)
    return found


def bradley_terry(counted: Comparisons, prior_sd: float = PRIOR_SD) -> Strengths:
    """Which idea is preferred, how surely, and which others may still be the best one?

    Meaning: `score` is the chance, in [0, 1], of being preferred to another idea drawn at random; higher is better.
    All intervals are 95 %; those of strength and score hold for one idea at a time. Do not compare two ideas by
    whether their intervals overlap: `quasi_sd` and `not_separable` are made for that. They assume comparisons to be
    independent: one person's many answers make the true intervals somewhat wider (the bootstrap over voters tells).

    Formula: `strengths`; covariance = (information + I/prior_sd²)⁻¹ with the common level taken out; score[i] = mean
    over j ≠ i of σ(s[i] − s[j]), its interval by the delta method on the log-odds scale.

    Parameters
    ----------
    counted : Comparisons.
    prior_sd : float > 0, finite, log-odds. The prior is worth little: on the difference of two
        ideas it weighs as much as 2/prior_sd² = 2 comparisons that ended even.

    Returns
    -------
    Strengths, in the order of the ideas. No comparisons: strengths 0, scores ½ in [0, 1], nobody wins.

    Raises
    ------
    ValueError
        prior_sd is not above 0 or infinite.

    Deterministic (the simulation behind `not_separable` has a fixed seed); O(ideas³): 500 ideas take some 0.3 s.

    Example
    -------
    A beats B 3 of 4 times, B beats C 3 of 4 times.

    >>> found = bradley_terry(comparisons([0, 0, 0, 1, 1, 1, 1, 2], [1, 1, 1, 0, 2, 2, 2, 1], 3))
    >>> found.winners, found.not_separable, found.connected
    ((0,), (0, 1, 2), True)
    >>> [round(float(s), 2) for s in found.score]
    [0.68, 0.5, 0.32]

    Source: Bradley and Terry (1952) as in `strengths`; score: M. J. Salganik and K. E. C. Levy, "Wiki surveys:
    Open and quantifiable social data collection", PLOS ONE 10 (2015) e0123483, doi:10.1371/journal.pone.0123483
    (they average over draws of a hierarchical probit; here the delta method of a logit).
    """
    if not np.isfinite(prior_sd):
        raise ValueError("intervals need a finite prior_sd")
    found = strengths(counted, prior_sd)
    covariance = _covariance(found, counted, prior_sd)
    spread = np.sqrt(np.diag(covariance))
    quasi, error = quasi_variances(covariance)
    score, score_low, score_high = score_bounds(found, covariance)
    compared = _compared(counted)
    part, unbounded = _parts(counted)
    total = float(counted.times.sum())
    top = np.flatnonzero(found >= found.max() - 1e-9) if total > 0 else np.zeros(0, dtype=np.int64)
    rivals = best_set(found, covariance) if total > 0 else np.zeros(0, dtype=np.int64)
    return Strengths(
        strength=found,
        covariance=covariance,
        low=found - Z95 * spread,
        high=found + Z95 * spread,
        quasi_sd=np.sqrt(quasi),
        quasi_error=error,
        score=score,
        score_low=score_low,
        score_high=score_high,
        compared=compared,
        part=part,
        unbounded=unbounded,
        winners=tuple(int(i) for i in top),
        not_separable=tuple(int(i) for i in rivals),
        comparisons=total,
        prior_sd=prior_sd,
    )


def _covariance(found: Floats, counted: Comparisons, prior_sd: float) -> Floats:
    """The inverse of information and prior, seen from the average idea."""
    if counted.ideas == 0:
        return np.zeros((0, 0))
    whole = information(found, counted) + np.eye(counted.ideas) * prior_sd**-2
    inverse = np.linalg.inv(whole)
    inverse = inverse - inverse.mean(axis=0)
    inverse = inverse - inverse.mean(axis=1, keepdims=True)
    return np.asarray((inverse + inverse.T) / 2)


def _chance(difference: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(difference / 2)))


def _objective(strength: Floats, counted: Comparisons, precision: float) -> float:
    difference = strength[counted.better] - strength[counted.worse]
    return float(
        counted.times @ np.logaddexp(0.0, -difference) + 0.5 * precision * float(strength @ strength)
    )


def _gradient(strength: Floats, counted: Comparisons, precision: float) -> Floats:
    surprise = counted.times * _chance(strength[counted.worse] - strength[counted.better])
    won = np.bincount(counted.better, surprise, counted.ideas)
    lost = np.bincount(counted.worse, surprise, counted.ideas)
    return np.asarray(precision * strength - won + lost)


def _solvable(information: Floats, precision: float) -> Floats:
    """Without a prior the common level is free: any weight on it makes the system regular and changes no difference."""
    n = len(information)
    return information + (np.eye(n) * precision if precision > 0 else np.trace(information) / n**2)


def _not_converged() -> TallyNotConverged:
    return TallyNotConverged(
        "The strengths of the ideas have no finite maximum.",
        todo="Count with a finite prior_sd: without a prior, an idea that was never beaten has no finite strength.",
    )


def _compared(counted: Comparisons) -> Floats:
    took = np.bincount(counted.better, counted.times, counted.ideas)
    return np.asarray(took + np.bincount(counted.worse, counted.times, counted.ideas))


def _parts(counted: Comparisons) -> tuple[Ints, NDArray[np.bool_]]:
    """Which ideas met, through others too; and which have no finite strength by the comparisons alone."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = counted.ideas
    if n == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    graph = coo_array((counted.times, (counted.better, counted.worse)), shape=(n, n)).tocsr()
    _, weak = connected_components(graph, directed=True, connection="weak")
    _, strong = connected_components(graph, directed=True, connection="strong")
    order = np.lexsort((np.unique(weak, return_index=True)[1], -np.bincount(weak)))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    core = np.bincount(strong).argmax()
    return rank[weak].astype(np.int64), np.asarray((strong != core) | (np.bincount(strong).max() == 1))
