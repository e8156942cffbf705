"""How many of a group will come again: a sum of probabilities, with an interval that knows how wrong such sums were."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.stats import t as student

from estime.engagement.measures.scoring import Numbers

ALMOST: Final = 1.959963984540054


class Drift(NamedTuple):
    """By how much sums were wrong in the past beyond chance: the share's variance, and how many cuts told it."""

    share: float
    cuts: int


class Expected(NamedTuple):
    """Of so many people, so many are expected to come, with the ends of a 95 % interval."""

    people: int
    expected: float
    low: float
    high: float


UNTESTED: Final = Drift(0.0, 0)


def drift(said: Sequence[float], came: Sequence[int], chance: Sequence[float]) -> Drift:
    """By how much did the sums of past cuts miss, beyond what chance between people explains?

    Meaning: a whole season may be livelier than the past was, and then every sum is wrong in the same direction. That
    error does not shrink with the number of people.

    Formula: the mean over cuts of ((came − said)² − chance) / said², 0 where it is below 0; cuts at which nobody was
    expected are left out.

    Parameters: for each judged cut the sum of probabilities, how many came, and Σ p (1 − p). Returns a Drift.

    Example
    -------
    >>> drift([10.0, 10.0], [12, 8], [3.0, 3.0])
    Drift(share=0.01, cuts=2)

    Source: method of moments for a random effect, as in R. DerSimonian and N. Laird, Controlled Clinical Trials 7
    (1986) 177–188, doi:10.1016/0197-2456(86)90046-2, with equal weights.
    """
    rows = [row for row in zip(said, came, chance, strict=True) if row[0] > 0]
    if not rows:
        return UNTESTED
    shares = [((came_ - said_) ** 2 - chance_) / said_**2 for said_, came_, chance_ in rows]
    return Drift(max(0.0, float(np.mean(shares))), len(rows))


def expected(probabilities: Numbers, past: Drift) -> Expected:
    """How many of these people will come?

    Meaning: the sum of their probabilities. The interval holds what chance between people does, and what the drift of
    past cuts shows; with few cuts the latter is wide. Without any cut it holds chance alone.

    Formula: Σ p ± √(1.96² Σ p (1 − p) + t² drift (Σ p)²), t the 97.5 % quantile of Student's t with as many degrees of
    freedom as there were cuts; kept within 0 and the number of people.

    Example
    -------
    >>> told = expected(np.full(100, 0.5), UNTESTED)
    >>> told.people, told.expected, round(told.low, 1), round(told.high, 1)
    (100, 50.0, 40.2, 59.8)

    Source: the sum of independent trials, S. D. Poisson (1837); the rest is own choice.
    """
    people, total = len(probabilities), float(probabilities.sum())
    chance = float((probabilities * (1 - probabilities)).sum())
    quantile = float(student.ppf(0.975, past.cuts)) if past.cuts else 0.0
    half = float(np.sqrt(ALMOST**2 * chance + quantile**2 * past.share * total**2))
    return Expected(people, total, max(0.0, total - half), min(float(people), total + half))
