"""How surely the strengths of a pairwise question differ. Arrays in, arrays out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Z95: Final = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: two-sided 95 %."""

Z95_ONE_SIDED: Final = 1.6448536269514722
DRAWS: Final = 2000
SEED: Final = 20150520
"""Of the simulated critical values, so that the same comparisons always give the same set."""


def differences(covariance: Floats) -> Floats:
    """The variance of every difference of two strengths: (n, n), 0 on the diagonal."""
    variance = np.diag(covariance)
    return np.maximum(variance[:, None] + variance[None, :] - 2 * covariance, 0.0)


def score_bounds(strength: Floats, covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """How likely is each idea preferred to another one drawn at random, and between which bounds?

    Meaning: in [0, 1], ½ is average, higher is better. Bounds are 95 %, one idea at a time; by the delta method
    on log-odds, so they stay within [0, 1].

    Formula: score[i] = mean over j ≠ i of σ(s[i] − s[j]).

    Parameters: strength (n,) log-odds; covariance (n, n) of it. Returns score, low, high, each (n,); one idea or none
    has nothing to be compared with: ½ in [0, 1]. Deterministic, O(n³).

    >>> score, low, high = score_bounds(np.array([1.0, -1.0]), np.eye(2) * 0.5 - 0.25)
    >>> [round(float(x), 3) for x in (score[0], low[0], high[0])]
    [0.881, 0.51, 0.981]
    """
    n = len(strength)
    if n < 2:
        return np.full(n, 0.5), np.zeros(n), np.ones(n)
    chance = 0.5 * (1 + np.tanh((strength[:, None] - strength[None, :]) / 2))
    np.fill_diagonal(chance, 0.0)
    score = chance.sum(axis=1) / (n - 1)
    slope = -chance * (1 - chance) / (n - 1)
    np.fill_diagonal(slope, -slope.sum(axis=1))
    variance = np.einsum("ij,ij->i", slope @ covariance, slope)
    spread = Z95 * np.sqrt(np.maximum(variance, 0)) / (score * (1 - score))
    centre = np.log(score / (1 - score))
    return score, _logistic(centre - spread), _logistic(centre + spread)


def quasi_variances(covariance: Floats, steps: int = 50) -> tuple[Floats, float]:
    """One number per idea from which the standard error of any difference can be read, nearly.

    Meaning: √(q[i] + q[j]) is close to the standard error of s[i] − s[j]; the returned error says how close. It lets
    a picture show intervals that may be compared with each other.

    Formula: minimises Σ_{i<j} (log(q[i] + q[j]) − log var(s[i] − s[j]))².

    Parameters: covariance (n, n); steps, Gauss–Newton steps allowed. Returns q (n,) ≥ 0 and the largest |√((q[i] +
    q[j]) / var) − 1|; fewer than two ideas give zeros; of two each takes half. Deterministic, O(n³) per step.

    >>> quasi, error = quasi_variances(np.diag([1.0, 2.0, 3.0]))
    >>> [round(float(q), 6) for q in quasi], round(error, 6)
    ([1.0, 2.0, 3.0], 0.0)

    Source: D. Firth and R. X. de Menezes, "Quasi-variances", Biometrika 91 (2004) 65–80,
    doi:10.1093/biomet/91.1.65. Departure: q is kept positive by working on its logarithm.
    """
    n = len(covariance)
    if n < 2:
        return np.zeros(n), 0.0
    wanted = differences(covariance)
    np.fill_diagonal(wanted, 1.0)
    wanted = np.log(np.maximum(wanted, 1e-12))
    log_q = np.where(np.eye(n, dtype=bool), 0, wanted).sum(axis=1) / (n - 1) - np.log(2)
    for _ in range(steps):
        q = np.exp(log_q)
        total = q[:, None] + q[None, :]
        share = q[:, None] / total
        miss = np.log(total) - wanted
        np.fill_diagonal(share, 0.0)
        np.fill_diagonal(miss, 0.0)
        normal = share * share.T
        normal[np.diag_indices(n)] = (share**2).sum(axis=1) + 1e-9
        step = np.linalg.solve(normal, (share * miss).sum(axis=1))
        log_q = log_q - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    q = np.exp(log_q)
    ratio = np.sqrt((q[:, None] + q[None, :]) / np.exp(wanted))
    np.fill_diagonal(ratio, 1.0)
    return q, float(np.abs(ratio - 1).max())


def best_set(strength: Floats, covariance: Floats) -> Ints:
    """Which ideas may still be the best one, looked at all together?

    Meaning: the truly best idea is among them with a probability of about 95 %, however many ideas there are. An
    idea stays out only if the strongest one beats it by more than chance explains, chance having had as many
    attempts as there are rivals.

    Formula: i is in if (s[max] − s[i]) / se(s[max] − s[i]) ≤ c_i, where c_i is the 95 % quantile of max over j ≠ i of
    a normal vector with the correlations of s[j] − s[i].

    Parameters: strength (n,); covariance (n, n). Returns numbers of ideas, strongest first (equal: lower number
    first). Deterministic: 2,000 draws with a fixed seed; O(2000·n) for each idea whose case is not plain.

    >>> [int(i) for i in best_set(np.array([2.0, 1.5, -3.0]), np.eye(3) * 0.1)]
    [0, 1]

    Source: J. C. Hsu, "Multiple Comparisons: Theory and Methods" (1996), ch. 4 (comparisons with the best),
    Dunnett's one-sided critical values with unequal correlations, simulated. Departure: rivals other than the
    strongest are not used to exclude, which can only keep more ideas in.
    """
    n = len(strength)
    order = np.argsort(-strength, kind="stable")
    if n < 2:
        return order.astype(np.int64)
    leader = order[0]
    spread = np.sqrt(differences(covariance))
    gap = (strength[leader] - strength) / np.maximum(spread[leader], 1e-12)
    surely_out = np.sqrt(2 * np.log(max(n - 1, 1) / 0.05))
    root = _root(covariance)
    noise = (root @ np.random.default_rng(SEED).standard_normal((n, DRAWS))).astype(np.float32)
    inverse = (1 / np.maximum(spread, 1e-12)).astype(np.float32)
    kept = [i for i in order if gap[i] <= Z95_ONE_SIDED]
    for i in order:
        if Z95_ONE_SIDED < gap[i] <= surely_out:
            others = np.arange(n) != i
            highest = ((noise[others] - noise[i]) * inverse[i, others, None]).max(axis=0)
            if gap[i] <= np.quantile(highest, 0.95):
                kept.append(i)
    return np.asarray(sorted(kept, key=lambda i: (-strength[i], i)), dtype=np.int64)


def _root(covariance: Floats) -> Floats:
    """A square root that a covariance without full rank has too."""
    value, vector = np.linalg.eigh(covariance)
    return np.asarray(vector * np.sqrt(np.maximum(value, 0)))


def _logistic(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))
