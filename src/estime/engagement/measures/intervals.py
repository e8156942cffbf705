"""Confidence intervals for shares, rates and quantiles. Plain numbers in, plain numbers out."""

import math
from functools import lru_cache
from typing import Final, NamedTuple

Z95: Final = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: two-sided 95 %."""

TAIL: Final = 0.025
EXACT_UP_TO: Final = 1000

Bounds = tuple[float, float]


def wilson(n: float, d: float, z: float = Z95) -> Bounds:
    """Between which bounds does the true share plausibly lie, having seen n of d?

    Meaning: both bounds are in [0, 1] and contain n / d. It assumes d independent trials with one chance;
    people who infect each other make the true interval wider. Not for comparing two shares by whether they
    overlap.

    Formula: (p + z²/2d ± z·√(p(1−p)/d + z²/4d²)) / (1 + z²/d), p = n / d.

    Parameters
    ----------
    n : float, a count, 0 ≤ n ≤ d.
    d : float, a count, > 0.
    z : float, standard normal quantile; 1.96 gives 95 %.

    Returns
    -------
    (low, high)

    Raises
    ------
    ValueError
        d ≤ 0, or n outside [0, d].

    Deterministic, O(1).

    Example
    -------
    >>> [round(bound, 4) for bound in wilson(1, 4)]
    [0.0456, 0.6994]

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927) 209–212, doi:10.1080/01621459.1927.10502953.
    """
    if d <= 0 or not 0 <= n <= d:
        raise ValueError(f"a share needs 0 <= n <= d and d > 0, not n={n}, d={d}")
    p = n / d
    centre = p + z * z / (2 * d)
    half = z * math.sqrt(p * (1 - p) / d + z * z / (4 * d * d))
    scale = 1 + z * z / d
    low = 0.0 if n == 0 else (centre - half) / scale
    high = 1.0 if n == d else (centre + half) / scale
    return low, high


def poisson_rate(n: float, exposure: float, z: float = Z95) -> Bounds:
    """Between which bounds does the true rate per unit lie, having counted n events in `exposure` units?

    Meaning: for events that may happen several times to one unit (a fan who comments twice). It assumes that
    events come independently; comments that answer comments make the true interval wider.

    Formula: (n + z²/2 ± z·√(n + z²/4)) / exposure, the score interval of a Poisson mean.

    Parameters: n, a count ≥ 0; exposure > 0 (fans); z, standard normal quantile. Returns (low, high), low ≥
    0.
    Raises ValueError outside these ranges. Deterministic, O(1).

    Example
    -------
    >>> [round(bound, 5) for bound in poisson_rate(4, 1000)]
    [0.00156, 0.01029]

    Source: C. R. Rao's score test inverted; see L. Barker, "A comparison of nine confidence intervals for a
    Poisson parameter when the expected number of events is ≤ 5", The American Statistician 56 (2002) 85–89,
    doi:10.1198/000313002317572736.
    """
    if exposure <= 0 or n < 0:
        raise ValueError(f"a rate needs n >= 0 and exposure > 0, not n={n}, exposure={exposure}")
    half = z * math.sqrt(n + z * z / 4)
    low = 0.0 if n == 0 else (n + z * z / 2 - half) / exposure
    return low, (n + z * z / 2 + half) / exposure


def count_ratio(n: float, d: float, z: float = Z95) -> tuple[float, float | None]:
    """Between which bounds does the ratio of two rates lie, having counted n of one kind and d of the other?

    Meaning: comments per like. Given n + d events, n is binomial with p = r / (1 + r), so that Wilson's
    bounds for p give those of r = p / (1 − p). It assumes that each event is one or the other
    independently.

    Formula: r = p/(1−p) at Wilson(n, n + d).

    Parameters: n ≥ 0, d > 0, counts. Returns (low, high); high is None where unbounded (never for d > 0).
    Raises ValueError for d ≤ 0 or n < 0. Deterministic, O(1).

    Example
    -------
    >>> low, high = count_ratio(1, 3)
    >>> round(low, 4), round(high, 4)
    (0.0478, 2.3262)

    Source: J. Przyborowski and H. Wilenski, "Homogeneity of results in testing samples from Poisson series",
    Biometrika 31 (1940) 313–323, doi:10.1093/biomet/31.3-4.313, with Wilson's interval for the conditional
    binomial.
    """
    if d <= 0 or n < 0:
        raise ValueError(f"a ratio needs n >= 0 and d > 0, not n={n}, d={d}")
    low, high = wilson(n, n + d, z)
    return low / (1 - low), high / (1 - high) if high < 1 else None


class Ranks(NamedTuple):
    """Which of n ordered values (from 1) is the quantile, and which bound it; None where n is too small."""

    low: int | None
    middle: int
    high: int | None


@lru_cache(maxsize=4096)
def quantile_ranks(n: int, q: float) -> Ranks:
    """Which of n ordered values is the q-quantile, and which two bound the true one with 95 % certainty?

    Meaning: needs no assumption about the shape of the values, only that they are independent draws. With few
    values a bound does not exist.

    Formula: middle = ⌈qn⌉; low = the largest l with P(B < l) ≤ 2.5 %, high = the smallest u with P(B ≥ u) ≤
    2.5 %, B ~ Binomial(n, q); above n = 1000 by the normal approximation with continuity correction.

    Parameters: n ≥ 1; 0 < q < 1. Returns ranks from 1 to n. Raises ValueError outside. Deterministic; O(n)
    up to 1000, then O(1).

    Example
    -------
    >>> quantile_ranks(10, 0.5)
    Ranks(low=2, middle=5, high=9)

    Source: W. J. Conover, Practical Nonparametric Statistics, 3rd ed., Wiley 1999, §3.2; H. A. David and H.
    N. Nagaraja, Order Statistics, 3rd ed., Wiley 2003, §7.1, doi:10.1002/0471722162.
    """
    if n < 1 or not 0 < q < 1:
        raise ValueError(f"a quantile needs n >= 1 and 0 < q < 1, not n={n}, q={q}")
    middle = min(n, max(1, math.ceil(n * q - 1e-9)))
    if n > EXACT_UP_TO:
        half = Z95 * math.sqrt(n * q * (1 - q))
        low, high = math.floor(n * q - half - 0.5), math.ceil(n * q + half + 0.5) + 1
    else:
        low, high = _exact_ranks(n, q)
    return Ranks(low if low >= 1 else None, middle, high if high <= n else None)


def _exact_ranks(n: int, q: float) -> tuple[int, int]:
    below, low, high = 0.0, 0, n + 1
    for k in range(n + 1):
        # Here `below` is P(B < k).
        if below <= TAIL:
            low = k
        if 1 - below <= TAIL:
            high = k
            break
        below += _binomial(n, k, q)
    return low, high


def _binomial(n: int, k: int, q: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(q) + (n - k) * math.log(1 - q))
