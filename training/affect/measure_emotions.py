"""Measures the emotions, each in each domain, on texts left out: for measure.py."""

from typing import Any

import numpy as np
from fitting import Head, fit_each
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import KFold
from train import Material

from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.model import expit, model

FOLDS = 5
FOLDS_OF_MANY = 2  # of the five, where Reddit makes a fold ten times as long
SAMPLES = 300
STEPS = 10
Scores = NDArray[np.float64]
Told = NDArray[np.int64]
Likely = NDArray[np.float32]


def felt(found: Material, _: Head | None) -> dict[str, Any]:
    """Each emotion in each domain, by folds of that language's texts; told from where the shipped reader tells it."""
    shipped_as = model().readers[found.language]
    results: dict[str, Any] = {}
    for name, (told, said) in _left_out(found).items():
        likely = expit(said * shipped_as.emotion_slope + shipped_as.emotion_shift)
        results[name] = {
            emotion: _one_emotion(told[:, i], likely[:, i], float(shipped_as.emotion_told[i]))
            for i, emotion in enumerate(EMOTIONS)
        }
        results[name]["said"] = _as_said(told.ravel(), likely.ravel())
    return results


def _left_out(found: Material) -> dict[str, tuple[Told, Scores]]:
    """Of each domain: the emotions that its texts show, and their scores while they were left out."""
    names = [name for name in ("reddit", "subtitles", "sentences") if name in found.labelled]
    features = {name: found.features(name) for name in names}
    told = {name: found.labelled[name].emotions for name in names}
    folds = {name: list(KFold(FOLDS, shuffle=True, random_state=2).split(told[name])) for name in names}
    asked: dict[str, list[Told]] = {name: [] for name in names}
    said: dict[str, list[Scores]] = {name: [] for name in names}
    for fold in range(FOLDS_OF_MANY if "reddit" in names else FOLDS):
        learnt = sparse.vstack([features[name][folds[name][fold][0]] for name in names]).tocsr()
        head = fit_each(learnt, np.vstack([told[name][folds[name][fold][0]] for name in names]))
        for name in names:
            left = folds[name][fold][1]
            left = left[told[name][left, 0] >= 0]
            asked[name].append(left)
            said[name].append(head.scores(features[name][left]))
    return {name: (told[name][np.concatenate(asked[name])], np.vstack(said[name])) for name in names}


def _one_emotion(told: Told, likely: Likely, limit: float) -> dict[str, Any]:
    """AUC, average precision and F1, each with the middle 95 % of its bootstrap."""
    draw = np.random.default_rng(11)
    again = np.array(
        [_ranked(told[row], likely[row], limit) for row in draw.integers(0, len(told), (SAMPLES, len(told)))]
    )
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    names = ("auc", "average_precision", "f1_where_told")
    figures = zip(names, _ranked(told, likely, limit), low, high, strict=True)
    return {
        "n": len(told),
        "share": round(float(told.mean()), 3),
        "mean_probability": round(float(likely.mean()), 3),
        **{name: [round(float(value), 3) for value in values] for name, *values in figures},
    }


def _ranked(told: Told, likely: Likely, limit: float) -> tuple[float, float, float]:
    is_told = likely >= limit
    right = 2 * np.sum(is_told & (told > 0)) / max(1, is_told.sum() + told.sum())
    return float(roc_auc_score(told, likely)), float(average_precision_score(told, likely)), float(right)


def _as_said(told: Told, likely: Likely) -> dict[str, Any]:
    """Calibration, all emotions together: of what was said with some probability, how much was there."""
    bins = np.minimum((likely * STEPS).astype(int), STEPS - 1)
    each = [
        {
            "from": round(b / STEPS, 1),
            "n": int((bins == b).sum()),
            "said": round(float(likely[bins == b].mean()), 3),
            "right": round(float(told[bins == b].mean()), 3),
        }
        for b in np.unique(bins).tolist()
    ]
    gap = sum(abs(one["said"] - one["right"]) * one["n"] for one in each) / len(told)
    return {"calibration_error": round(float(gap), 4), "reliability": each}
