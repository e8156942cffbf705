"""Shares, their differences and many tests at once. Arrays in, arrays out; no Django."""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FALSE_SHARE: Final = 0.05
"""Of the statements said to unite, to divide or to stand for a group, so many are expected to be wrong at most."""

EXACT_UP_TO: Final = 1000


def normal_quantile(p: float) -> float:
    """The quantile of the standard normal distribution, p in (0, 1).

    >>> round(normal_quantile(0.975), 4)
    1.96
    """
    return NormalDist().inv_cdf(p)


def upper_tail(z: Floats) -> Floats:
    """P(standard normal > z), elementwise.

    >>> float(upper_tail(np.array([1.959963984540054])).round(4)[0])
    0.025
    """
    tails = [math.erfc(x / math.sqrt(2)) / 2 for x in z.reshape(-1)]
    return np.array(tails, dtype=np.float64).reshape(z.shape)


def wilson_bounds(n: Floats, d: Floats, z: float) -> tuple[Floats, Floats]:
    """Wilson's bounds of the shares n / d, elementwise; nothing counted (d = 0) gives 0 and 1.

    >>> low, high = wilson_bounds(np.array([1.0]), np.array([4.0]), 1.959963984540054)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0456], [0.6994])

    Source: E. B. Wilson, JASA 22 (1927) 209–212, doi:10.1080/01621459.1927.10502953.
    """
    safe = np.maximum(d, 1)
    share = n / safe
    centre = share + z * z / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z * z / (4 * safe * safe))
    scale = 1 + z * z / safe
    none = d == 0
    low = np.where(none, 0.0, np.maximum((centre - half) / scale, 0.0))
    return low, np.where(none, 1.0, np.minimum((centre + half) / scale, 1.0))


def difference_bounds(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], z: float
) -> tuple[Floats, Floats]:
    """Between which bounds lies the difference of two shares, first minus second?

    Parameters: (n, d) of each, counts, elementwise; z. Returns low and high in [−1, 1].

    >>> low, high = difference_bounds((np.array([56.0]), np.array([70.0])), (np.array([48.0]), np.array([80.0])), 1.96)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0524], [0.3339])

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17 (1998) 873–890, method 10, table II (a).
    """
    (n1, d1), (n2, d2) = first, second
    low1, high1 = wilson_bounds(n1, d1, z)
    low2, high2 = wilson_bounds(n2, d2, z)
    p1, p2 = n1 / np.maximum(d1, 1), n2 / np.maximum(d2, 1)
    p1, p2 = np.where(d1 == 0, 0.5, p1), np.where(d2 == 0, 0.5, p2)
    gap = p1 - p2
    low = gap - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    return low, gap + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)


def different(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats:
    """How likely is a difference of two shares at least this large by chance alone? Two-sided p, elementwise.

    Parameters: (n, d) of each, counts. Where either d is 0 or the shares cannot differ: 1.

    >>> p = different((np.array([9.0, 0.0]), np.array([10.0, 0.0])), (np.array([2.0, 1.0]), np.array([10.0, 1.0])))
    >>> p.round(4).tolist()
    [0.0022, 1.0]

    Source: the N − 1 chi-squared test, I. Campbell, "Chi-squared and Fisher–Irwin tests of two-by-two tables with small
    sample recommendations", Statistics in Medicine 26 (2007) 3661–3675, doi:10.1002/sim.2832.
    """
    (n1, d1), (n2, d2) = first, second
    total, yes = d1 + d2, n1 + n2
    spread = yes * (total - yes) * d1 * d2
    fit = (n1 * (d2 - n2) - n2 * (d1 - n1)) ** 2 * np.maximum(total - 1, 0)
    return np.where(spread > 0, 2 * upper_tail(np.sqrt(fit / np.where(spread > 0, spread, 1))), 1.0)


def more_than_half(n: Floats, d: Floats) -> Floats:
    """How likely are n of d or more if the true share is one half? One-sided p, elementwise; d = 0 gives 1.

    Exact up to d = 1,000, above by the normal distribution with continuity correction (wrong by less than 0.0002).

    >>> more_than_half(np.array([4.0, 0.0]), np.array([4.0, 0.0])).round(6).tolist()
    [0.0625, 1.0]
    """
    p = upper_tail((n - 0.5 - d / 2) / np.sqrt(np.maximum(d, 1) / 4))
    few = d <= EXACT_UP_TO
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, EXACT_UP_TO + 1)))])
    for at in np.argwhere(few):
        won, of = int(n[tuple(at)]), int(d[tuple(at)])
        ways = log_factorial[of] - log_factorial[won : of + 1] - log_factorial[: of - won + 1][::-1]
        p[tuple(at)] = min(float(np.exp(ways - of * math.log(2)).sum()), 1.0)
    return p


def discoveries(p: Floats, looked_at: Bools, q: float = FALSE_SHARE) -> tuple[Bools, float]:
    """Which of many tests may be believed, so that at most a share q of those believed is wrong?

    Meaning: Benjamini and Hochberg's step-up. The second result is the level at which intervals of those believed
    are to be made, so that at most a share q of *them* misses (Benjamini and Yekutieli 2005): q·believed / tests.

    Parameters: p (m,); looked_at (m,) bool, which tests count; q. Returns (m,) bool and the level, q where none is
    believed. Deterministic, O(m log m).

    >>> found, level = discoveries(np.array([0.001, 0.02, 0.2, 0.9]), np.ones(4, dtype=bool))
    >>> found.tolist(), level
    ([True, True, False, False], 0.025)

    Source: Y. Benjamini and Y. Hochberg, JRSS B 57 (1995) 289–300, doi:10.1111/j.2517-6161.1995.tb02031.x; Y. Benjamini
    and D. Yekutieli, JASA 100 (2005) 71–81, doi:10.1198/016214504000001907.
    """
    tests = np.sort(p[looked_at])
    below = np.flatnonzero(tests <= q * (np.arange(len(tests)) + 1) / max(len(tests), 1))
    if not len(below):
        return np.zeros(len(p), dtype=np.bool_), q
    found = looked_at & (p <= tests[below[-1]])
    return found, q * int(found.sum()) / len(tests)
