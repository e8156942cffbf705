"""Fitting: every outcome is a weighted sum over one space of features, so what is learnt in several steps
adds up to one table.

English polarity learns first from Reddit; those scores then count as three more features beside the words
of the tweets and of
the hand-written sentences. A sum of sums is a sum: the reader carries one table and never sees the steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from estime.listening.affect.features import Prepared, counted, prepared, recounted, signed
from estime.listening.affect.lexicon import Lexicon

SIGNS_WEIGHT = 0.1  # of a sign with a spread of one, beside n-grams of length one
FIRST_STEP_WEIGHT = 0.4  # of scores learnt on Reddit; by cross-validation on tweets
Weights = NDArray[np.float64]


@dataclass
class Counts:
    """What is counted in some texts."""

    words: sparse.csr_matrix
    pieces: sparse.csr_matrix
    signs: NDArray[np.float32]

    def __getitem__(self, at: NDArray[np.int64]) -> "Counts":
        return Counts(self.words[at], self.pieces[at], self.signs[at])


def count(lexicon: Lexicon, texts: list[str]) -> Counts:
    """Count texts, some thousands at a time."""
    parts = [_count(lexicon, prepared(texts[at : at + 2000])) for at in range(0, len(texts), 2000)]
    return joined(parts)


def _count(lexicon: Lexicon, texts: Prepared) -> Counts:
    signs, turned = signed(lexicon, texts, range(len(texts.texts)))
    found = recounted(counted(texts.words), turned)
    return Counts(found.words, found.pieces, signs)


def joined(parts: list[Counts]) -> Counts:
    """Several texts' counts, one below the other."""
    stacked = [sparse.vstack([getattr(part, kind) for part in parts]).tocsr() for kind in ("words", "pieces")]
    return Counts(stacked[0], stacked[1], np.vstack([part.signs for part in parts]))


@dataclass
class Space:
    """How counts become features: rarer n-grams count for more, texts have length one, signs a spread of
    one.
    """

    words: NDArray[np.float32]
    pieces: NDArray[np.float32]
    middle: NDArray[np.float32]
    spread: NDArray[np.float32]

    def features(self, counts: Counts) -> sparse.csr_matrix:
        """(n_texts, words + pieces + signs)."""
        signs = (counts.signs - self.middle) / self.spread * SIGNS_WEIGHT
        parts = [
            _normed(counts.words, self.words),
            _normed(counts.pieces, self.pieces),
            sparse.csr_matrix(signs),
        ]
        return sparse.hstack(parts).tocsr()


def space(seen: Counts, felt: Counts) -> Space:
    """Rarity from all texts of a language, the spread of signs from those with a polarity."""
    spread = felt.signs.std(axis=0)
    return Space(
        _rarity(seen.words),
        _rarity(seen.pieces),
        felt.signs.mean(axis=0),
        np.where(spread > 0, spread, 1).astype(np.float32),
    )


def _rarity(counts: sparse.csr_matrix) -> NDArray[np.float32]:
    present = counts.copy()
    present.sum_duplicates()
    having = np.bincount(present.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + having)) + 1).astype(np.float32)


def _normed(counts: sparse.csr_matrix, rarity: NDArray[np.float32]) -> sparse.csr_matrix:
    length = np.sqrt(np.maximum(counts @ rarity**2, 1e-9))
    features = counts.copy()
    features.data = rarity[counts.indices] / np.repeat(length, np.diff(counts.indptr)).astype(np.float32)
    features.sum_duplicates()
    return features


@dataclass
class Head:
    """Weights of the features for each outcome, and what is added to all."""

    weights: Weights  # (features, outcomes)
    bias: Weights

    def scores(self, features: sparse.csr_matrix) -> Weights:
        found: Weights = features @ self.weights + self.bias
        return found

    def beside(self, other: "Head") -> "Head":
        return Head(np.hstack([self.weights, other.weights]), np.concatenate([self.bias, other.bias]))


def fit_each(
    features: sparse.csr_matrix, told: NDArray[np.int64], strength: float = 1.0, balanced: bool = False
) -> Head:
    """One yes-or-no question for each column; a row counts where the answer is known."""
    weights, biases = [], []
    for column in told.T:
        known = np.flatnonzero(column >= 0)
        fitted = LogisticRegression(
            C=strength, solver="liblinear", tol=0.02, class_weight="balanced" if balanced else None
        )
        fitted.fit(features[known], column[known])
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    return Head(np.array(weights).T, np.array(biases))


def fit_polarity(
    features: sparse.csr_matrix, told: NDArray[np.int64], weight: Weights, first: Head | None
) -> Head:
    """One choice of three, knowing what `first` says where there is one."""
    if first is None:
        return _choice(features, told, weight)
    said = first.scores(features)
    middle, spread = said.mean(axis=0), said.std(axis=0)
    both = sparse.hstack([features, sparse.csr_matrix((said - middle) / spread * FIRST_STEP_WEIGHT)]).tocsr()
    fitted = _choice(both, told, weight)
    own, passed = fitted.weights[: features.shape[1]], fitted.weights[features.shape[1] :] * FIRST_STEP_WEIGHT
    scaled = passed / spread[:, None]
    return Head(own + first.weights @ scaled, fitted.bias + (first.bias - middle) @ scaled)


def _choice(features: sparse.csr_matrix, told: NDArray[np.int64], weight: Weights) -> Head:
    fitted = LogisticRegression(C=1.0, max_iter=400, tol=1e-3).fit(features, told, sample_weight=weight)
    return Head(fitted.coef_.T, fitted.intercept_)


def three(polarity: NDArray[np.int64]) -> NDArray[np.int64]:
    """A polarity as three yes-or-no answers; unknown stays unknown."""
    answers = (polarity[:, None] == np.arange(3)).astype(np.int64)
    answers[polarity < 0] = -1
    return answers
