"""What people feel toward the brand, as far as what they wrote and answered tells: a mean, an interval, or *unknown*.

Invariants: |A| ≤ 1, and so are its bounds; the order of texts does not matter; with the community as it is, more
evidence never widens an interval; unknown is nan, never 0.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

Z90: Final = 1.6448536269514722
"""The 95 % quantile of the standard normal distribution: two-sided 90 %."""
FEWEST: Final = 3
"""Pieces of evidence below which nothing is told of somebody: two texts have no middle."""
WIDEST: Final = 0.8
"""An interval wider than so much of the spread between people says too little of this one."""
FEWEST_PEOPLE: Final = 10
"""People with evidence below whom a community's mean and spread are not known."""


class Evidence(NamedTuple):
    """What is known of n people, as sums over their pieces of evidence i with value v ∈ [−1, 1] and weight w > 0."""

    pieces: Numbers
    """How many."""
    weight: Numbers
    """Σ w"""
    value: Numbers
    """Σ w·v"""
    square: Numbers
    """Σ w·v²"""
    spread: Numbers
    """Σ w²"""


class Community(NamedTuple):
    """The mean of people, the standard deviation between them, and that between the texts of one of them.

    `people`: how many have evidence; `error`: the standard error of the mean.
    """

    mean: float
    between: float
    within: float
    people: int
    error: float = np.nan

    @property
    def need(self) -> float:
        """The weight of evidence that counts as much as what is known of everybody: κ = σ²/τ²."""
        return (self.within / self.between) ** 2 if self.between > 0 else np.inf


UNKNOWN: Final = Community(np.nan, 0.0, np.nan, 0)


class Affect(NamedTuple):
    """A of n people with its 90 % interval; nan where `known` is False."""

    value: Numbers
    low: Numbers
    high: Numbers
    known: Flags


def community_of(evidence: Evidence, *, fewest: int = FEWEST_PEOPLE) -> Community:
    """How do people of a community feel on average, and how far are they apart?

    Meaning: mean in [−1, 1], higher is warmer; `between` 0 means that nothing tells people apart. Only the yardstick
    for `affect_of`; not a score of a brand, and not for comparing channels that speak otherwise.

    Formula: σ² = Σ_p Σ_i w(v − v̄_p)² / Σ_p (W_p − Q_p/W_p), W = Σ w, Q = Σ w²; τ² by the moments of Σ_p W_p(v̄_p −
    v̄)²; mean = Σ u·v̄_p / Σ u with u = 1/(τ² + σ²·Q_p/W_p²).

    Parameters: `evidence`, arrays (n_people,), sums without unit; people without evidence (weight 0) are passed over.
    `fewest`: people with evidence below whom the result is `UNKNOWN` (people 0 in it where nobody has any).
    Returns Community. Raises ValueError where the arrays differ in length or hold a weight below 0.
    Deterministic; the order of people moves the last digits at most. Cost: O(n).

    Example
    -------
    >>> ones = np.ones(4)
    >>> told = community_of(Evidence(2 * ones, 2 * ones, np.array([1.0, 1.0, -1.0, -1.0]), ones, 2 * ones), fewest=4)
    >>> round(told.mean, 3), round(told.within ** 2, 3), round(told.between ** 2, 3)
    (0.0, 0.5, 0.083)

    Source: method of moments of the one-way random-effects model, S. R. Searle, G. Casella and C. E. McCulloch,
    Variance Components, Wiley 1992, §3.6, doi:10.1002/9780470316856; the mean as in R. DerSimonian and N. Laird,
    Controlled Clinical Trials 7 (1986) 177–188, doi:10.1016/0197-2456(86)90046-2. Departure: weights are discounts of
    each text's say (power prior), not precisions, so σ² is that of a text at full weight.
    """
    _checked(evidence)
    has = evidence.weight > 0
    people = int(has.sum())
    if people < fewest:
        return UNKNOWN._replace(people=people)
    found = _by_moments(*(column[has] for column in evidence[1:]))
    return UNKNOWN._replace(people=people) if found is None else found


def _by_moments(weight: Numbers, value: Numbers, square: Numbers, spread: Numbers) -> Community | None:
    """The community of people who all have evidence; None where nobody has two pieces, so that σ cannot be told."""
    own = value / weight
    freedom = float((weight - spread / weight).sum())
    if freedom <= 1e-9:
        return None
    within = max(0.0, float((square - weight * own * own).sum())) / freedom
    total = float(weight.sum())
    overall = float(value.sum()) / total
    apart = float((weight * (own - overall) ** 2).sum())
    by_chance = within * float((spread / weight).sum() - spread.sum() / total)
    scale = total - float((weight * weight).sum()) / total
    between = max(0.0, (apart - by_chance) / scale) if scale > 1e-12 else 0.0
    noise = between + within * spread / (weight * weight)
    say = 1.0 / np.maximum(noise, 1e-12)
    mean, error = float((say * own).sum() / say.sum()), float(say.sum()) ** -0.5
    return Community(mean, between**0.5, within**0.5, len(weight), error)


def affect_of(evidence: Evidence, community: Community) -> Affect:
    """What does each person feel toward the brand, between −1 (against it) and 1 (attached to it)?

    Meaning: higher is warmer, and only as sure as the interval is narrow. Not to be used for deciding anything about
    anybody: no eligibility, price, moderation or order in which people are answered.

    Formula: A = (Σ w·v + κ·mean) / (Σ w + κ) ± 1.645·σ/√(Σ w + κ), κ = σ²/τ². Unknown with fewer than three pieces of
    evidence, or where √(κ/(Σ w + κ)) > 0.8: the interval is wider than 0.8 of the spread between people.

    Parameters: `evidence`, arrays (n_people,); `community`, of the same people. Returns Affect, arrays (n_people,) in
    the same order; nan where unknown; empty for nobody. Raises ValueError as `community_of`. Deterministic. Cost: O(n).

    Example
    -------
    >>> one = np.ones(1)
    >>> told = affect_of(Evidence(6 * one, 6 * one, 3 * one, 2 * one, 6 * one), Community(0.0, 0.5, 0.5, 40))
    >>> [round(float(bound[0]), 3) for bound in told[:3]]
    [0.429, 0.118, 0.739]

    Source: posterior of the normal mean with a normal prior, A. Gelman et al., Bayesian Data Analysis, 3rd ed., CRC
    2013, §2.5 and §5.4. Departures: mean, σ and τ are put in as estimated (empirical Bayes), so that the interval
    leaves out how sure they are; bounds are cut at ±1.
    """
    _checked(evidence)
    need = community.need
    if not np.isfinite(need) or np.isnan(community.mean):
        nothing = np.full(len(evidence.weight), np.nan)
        return Affect(nothing, nothing.copy(), nothing.copy(), np.zeros(len(nothing), bool))
    certain = evidence.weight + need
    if need == 0:  # texts of one person never differ: a single one tells all
        certain = np.maximum(certain, 1e-12)
    mean = (evidence.value + need * community.mean) / certain
    half = Z90 * community.within / np.sqrt(certain)
    known = (evidence.pieces >= FEWEST) & (np.sqrt(need / certain) <= WIDEST)
    value, low, high = (
        np.where(known, np.clip(bound, -1.0, 1.0), np.nan) for bound in (mean, mean - half, mean + half)
    )
    return Affect(value, low, high, known)


def _checked(evidence: Evidence) -> None:
    if len({len(column) for column in evidence}) > 1:
        raise ValueError("evidence needs columns of one length")
    if (evidence.weight < 0).any():
        raise ValueError("a weight is never below 0")
