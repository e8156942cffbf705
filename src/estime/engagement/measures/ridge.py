"""The ridge logit, by Newton's method: quick where many are fitted one after another, each from the one before."""

from typing import Final

import numpy as np

from estime.engagement.measures.scoring import Flags, Numbers, sigmoid

EXACTLY: Final = 1e-10
ROUGHLY: Final = 1e-5
"""By so much the mean loss may still fall: enough to compare strengths, whose losses differ by more."""
STEPS: Final = 100
TRACE: Final = 1e-9


def ridge(
    columns: Numbers, came: Flags, strength: float, *, start: Numbers | None = None, near: float = EXACTLY
) -> Numbers:
    """Which weights tell best who came, when large ones cost something?

    Formula: the minimum over w of Σ ln(1 + e^(−y·xw)) + Σ w² / 2C, the last column's weight (the ones) free.

    Parameters
    ----------
    columns : (n, k), standardised, the last of them ones.
    came : (n,), both outcomes in it.
    strength : C; the smaller, the stronger the ridge.
    start : weights to begin with, those of a neighbouring strength.
    near : it ends with the step that lowers the mean loss by less.

    Returns
    -------
    (k,) weights. Raises RuntimeError if it does not converge. Deterministic. Cost: some passes of O(n k²).

    Example
    -------
    >>> x = np.array([[-1.0, 1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    >>> [round(float(weight), 3) + 0.0 for weight in ridge(x, np.array([False, False, True, True]), 1.0)]
    [1.043, 0.0]

    Source: S. le Cessie and J. C. van Houwelingen, Applied Statistics 41 (1992) 191–201, doi:10.2307/2347628.
    """
    cost = np.full(columns.shape[1], 1 / strength)
    cost[-1] = TRACE

    def loss(weights: Numbers) -> float:
        odds = columns @ weights
        return float((np.logaddexp(0, odds) - came * odds).sum() + cost @ weights**2 / 2)

    weights = np.zeros(columns.shape[1]) if start is None else start
    here = loss(weights)
    for _ in range(STEPS):
        said = sigmoid(columns @ weights)
        slope = columns.T @ (said - came) + cost * weights
        bent = columns * np.sqrt(said * (1 - said))[:, None]
        step = np.linalg.solve(bent.T @ bent + np.diag(cost), slope)
        promised = float(slope @ step) / 2
        there = loss(weights - step)
        # A whole step of Newton's may lead beyond the lowest point.
        while there > here and promised > TRACE:
            step, promised = step / 2, promised / 2
            there = loss(weights - step)
        weights, here = weights - step, there
        if promised <= near * len(came):
            return weights
    raise RuntimeError("the ridge logit of durability did not converge")
