"""The families of models that were tried on tweets. Each is given the rows to learn from, and scores other rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from fitting import SIGNS_WEIGHT, Head, fit_polarity
from numpy.typing import NDArray
from registers import fit_registers
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from train import Material, rows, talk

SHIPPED = "two registers"
# Cross-validation leaves heats out: they are fitted five times over, and change little.
EVEN = np.ones(2, dtype=np.float32)
Scores = NDArray[np.float64]
Told = NDArray[np.int64]
Fit = Callable[[Told], Callable[[Told], Scores]]


def families(found: Material, first: Head | None) -> dict[str, Fit]:
    """What was tried, by name; the last is what is shipped."""
    features, told = found.features("tweets"), found.labelled["tweets"].polarity
    size = 2 * len(found.space.words)
    grams, signs = features[:, :size], features[:, size:].toarray() / SIGNS_WEIGHT
    tried = {
        "n-grams, logistic": _linear(grams, told, 1.0),
        "n-grams, support vectors": _machine(grams, told),
        "n-grams, naive Bayes weights": _naive(grams, told),
        "signs, logistic": _linear(signs, told, 0.01),
        "signs, gradient boosting": _boosted(signs, told),
        "n-grams and signs": _Stepped(features, told, None).fit,
        "n-grams and signs, with sentences": _Stepped(features, told, None, talk(found)).fit,
    }
    if first is not None:
        tried["n-grams and signs, after Reddit"] = _Stepped(features, told, first).fit
        tried["n-grams and signs, after Reddit, with sentences"] = _Stepped(
            features, told, first, talk(found)
        ).fit
    tried[SHIPPED] = shipped(found, first)
    return tried


def shipped(found: Material, first: Head | None) -> Fit:
    """What is shipped. Its scores are logarithms of probabilities."""
    posts, spoken, words = rows(found, "tweets"), talk(found), rows(found, "words")

    def fit(known: Told) -> Callable[[Told], Scores]:
        fitted = fit_registers(posts[known], spoken, words, first, EVEN)
        return lambda asked: np.log(fitted.shares(posts.features[asked]))

    return fit


def _linear(of: Any, told: Told, strength: float) -> Fit:
    def fit(known: Told) -> Callable[[Told], Scores]:
        fitted = LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(of[known], told[known])
        return lambda asked: fitted.decision_function(of[asked])

    return fit


def _machine(grams: Any, told: Told) -> Fit:
    def fit(known: Told) -> Callable[[Told], Scores]:
        fitted = LinearSVC(C=0.1).fit(grams[known], told[known])
        return lambda asked: fitted.decision_function(grams[asked])

    return fit


def _naive(grams: Any, told: Told) -> Fit:
    def fit(known: Told) -> Callable[[Told], Scores]:
        seen, fitted = grams[known] > 0, []
        for kind in range(3):
            of = told[known] == kind
            ratio = np.log((seen[of].sum(0) + 0.5) / (seen[~of].sum(0) + 1.0))
            by = sparse.diags(np.asarray(ratio).ravel())
            one = LogisticRegression(C=1, max_iter=300, tol=1e-3).fit(grams[known] @ by, of)
            fitted.append((one, by))
        return lambda asked: np.column_stack([one.decision_function(grams[asked] @ by) for one, by in fitted])

    return fit


def _boosted(signs: NDArray[Any], told: Told) -> Fit:
    def fit(known: Told) -> Callable[[Told], Scores]:
        fitted = HistGradientBoostingClassifier(
            max_iter=120,
            learning_rate=0.05,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            l2_regularization=5,
            random_state=1,
        ).fit(signs[known], told[known])
        return lambda asked: fitted.decision_function(signs[asked])

    return fit


@dataclass
class _Stepped:
    """One table: after a first step where there is one, with other texts beside where there are some."""

    features: Any
    told: Told
    first: Head | None
    beside: Any = None

    def fit(self, known: Told) -> Callable[[Told], Scores]:
        of, told = self.features[known], self.told[known]
        if self.beside is not None:
            of = sparse.vstack([of, self.beside.features]).tocsr()
            told = np.concatenate([told, self.beside.told])
        head = fit_polarity(of, told, np.ones(len(told)), self.first)
        return lambda asked: head.scores(self.features[asked])
