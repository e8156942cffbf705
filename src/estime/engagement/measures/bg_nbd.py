"""Buy till you die: the classical model of whether somebody who comes now and then will come again."""

from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from estime.engagement.measures.scoring import Numbers

LARGEST: Final = 12.0
"""Logarithms of the parameters stay within ±12: where everybody is alike the likelihood has no peak."""


class BgNbd(NamedTuple):
    """Visits are Poisson with rates Gamma(r, alpha); after each one leaves for good with a chance Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


def bg_nbd_fit(again: Numbers, last: Numbers, age: Numbers) -> BgNbd:
    """Which rates and which chances of leaving explain the visits so far best?

    Meaning: parameters of a population, by maximum likelihood; `alpha` is in the unit of the times. They are a
    baseline here, not a claim about why people leave.

    Parameters
    ----------
    again : (n,), visits after the first, whole numbers ≥ 0.
    last : (n,), time from the first to the last visit; 0 where `again` is 0.
    age : (n,), time from the first visit to now, ≥ `last`, > 0.

    Returns
    -------
    BgNbd. Raises ValueError for empty or impossible input. Deterministic (L-BFGS-B from a fixed start on
    logarithms of the parameters, which are kept within e^±12). O(n) per step, some fifty steps.

    Source: P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers the easy way", Marketing Science
    24 (2005) 275–284, doi:10.1287/mksc.1040.0098; likelihood as in its equation (6).
    """
    if not len(again) or not ((again >= 0) & (last >= 0) & (age >= last) & (age > 0)).all():
        raise ValueError("bg_nbd_fit needs visits with 0 <= last <= age, and age > 0")
    rows, counts = np.unique(np.column_stack([again, last, age]), axis=0, return_counts=True)
    scale = float(np.median(rows[:, 2]))
    x, tx, t = rows[:, 0], rows[:, 1] / scale, rows[:, 2] / scale

    def loss(logs: Numbers) -> float:
        return -float(counts @ _log_likelihood(np.exp(logs), x, tx, t)) / float(counts.sum())

    best = minimize(
        loss, np.array([-1.0, -1.0, 0.0, 1.0]), method="L-BFGS-B", bounds=[(-LARGEST, LARGEST)] * 4
    )
    r, alpha, a, b = (float(value) for value in np.exp(best.x))
    # Times were divided by `scale`: the density of each later visit is smaller by as much in the original unit.
    shift = float(counts @ x) * float(np.log(scale))
    return BgNbd(r, alpha * scale, a, b, -best.fun * float(counts.sum()) - shift)


def _log_likelihood(parameters: Numbers, x: Numbers, tx: Numbers, t: Numbers) -> Numbers:
    r, alpha, a, b = parameters
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    common = common + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    alive = -(r + x) * np.log(alpha + t)
    gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + tx)
    total: Numbers = common + np.where(x > 0, np.logaddexp(alive, gone), alive)
    return total


def bg_nbd_returns(model: BgNbd, again: Numbers, last: Numbers, age: Numbers, within: float) -> Numbers:
    """With which probability does each one come at least once within the next `within`?

    Formula: P(alive) · (1 − ((α+T)/(α+T+w))^(r+x)), P(alive) = 1 / (1 + [x>0] · a/(b+x−1) · ((α+T)/(α+tx))^(r+x)):
    whoever is alive stays so until the next visit, so the wait for it is exponential with a rate Gamma(r+x, α+T).

    Parameters as in `bg_nbd_fit`; `within` in the same unit of time. Returns (n,) in [0, 1].

    Example
    -------
    >>> model = BgNbd(0.243, 4.414, 0.793, 2.426, -9582.4)
    >>> again, last, age = np.array([0.0, 2.0]), np.array([0.0, 30.43]), np.array([38.86, 38.86])
    >>> bg_nbd_returns(model, again, last, age, 39.0).round(3).tolist()
    [0.145, 0.555]

    Source: as above, equations (7) and (8); the probability of any visit follows from the same posterior.
    """
    r, alpha, a, b, _ = model
    odds = np.where(
        again > 0,
        a / (b + np.maximum(again, 1) - 1) * np.exp((r + again) * np.log((alpha + age) / (alpha + last))),
        0.0,
    )
    comes = -np.expm1((r + again) * np.log((alpha + age) / (alpha + age + within)))
    found: Numbers = comes / (1 + odds)
    return found
