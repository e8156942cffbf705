"""How well probabilities are kept, and how well classes are told: figures for measure.py and measure_talk.py."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

Scores = NDArray[np.float64]
Told = NDArray[np.int64]


def confidence(shares: Scores, told: Told) -> dict[str, Any]:
    """Calibration: how often what is said with some probability is right; and what "unclear" buys: the share of right
    ones among the clear, by where the line is drawn.
    """
    sure, right = shares.max(1), shares.argmax(1) == told
    bins = np.minimum((sure * 10).astype(int), 9)
    each = [
        {
            "from": round(b / 10, 1),
            "n": int((bins == b).sum()),
            "said": round(float(sure[bins == b].mean()), 3),
            "right": round(float(right[bins == b].mean()), 3),
        }
        for b in range(10)
        if (bins == b).any()
    ]
    gap = sum(abs(one["said"] - one["right"]) * one["n"] for one in each) / len(told)
    lines = [
        {
            "from": line,
            "clear": round(float((sure >= line).mean()), 3),
            "right": round(float(right[sure >= line].mean()), 3),
        }
        for line in (0.0, 0.4, 0.5, 0.6, 0.7, 0.8)
    ]
    return {"calibration_error": round(float(gap), 4), "reliability": each, "clear": lines}


def in_classes(told: Told, said: Told) -> dict[str, float]:
    draw = np.random.default_rng(11)
    again = []
    for _ in range(300):
        row = draw.integers(0, len(told), len(told))
        again.append(f1_score(told[row], said[row], average="macro", labels=np.unique(told)))
    low, high = np.quantile(again, [0.025, 0.975])
    value = f1_score(told, said, average="macro", labels=np.unique(told))
    return {
        "macro_f1": round(float(value), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": len(told),
    }
