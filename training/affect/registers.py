"""Polarity in two registers. What is pleasant in a post about public matters is not what is pleasant in
everyday talk: one table
for both reads tweets four points worse. So each has its own, and a third outcome says which of the two a
text is like.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from fitting import Head, Weights, fit_each, fit_polarity
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold

from estime.listening.affect.model import mixed, softmax

WORDS_WEIGHT = 0.05  # of a text made of one known word, beside a sentence that somebody wrote
Told = NDArray[np.int64]
_FRAMES = {
    "fr": (("{}", "{} produit", "service {}"), ("pas {}", "c'est pas {}", "je ne suis pas {}")),
    "en": (("{}", "{} product", "service is {}"), ("not {}", "it's not {}", "i'm not {}")),
}


@dataclass
class Rows:
    """Features and polarities."""

    features: sparse.csr_matrix
    told: Told

    def __getitem__(self, at: Told) -> "Rows":
        return Rows(self.features[at], self.told[at])


def together(parts: list[Rows]) -> Rows:
    """Several rows, one below the other."""
    return Rows(
        sparse.vstack([part.features for part in parts]).tocsr(),
        np.concatenate([part.told for part in parts]),
    )


@dataclass
class Registers:
    """The reading of posts, that of talk, which one a text is like, and the heat of both."""

    posts: Head
    talk: Head
    which: Head
    heat: NDArray[np.float32]

    @property
    def head(self) -> Head:
        return self.posts.beside(self.talk).beside(self.which)

    def shares(self, features: sparse.csr_matrix) -> Weights:
        """Probabilities, as the reader will find them."""
        return np.asarray(mixed(self.head.scores(features), self.heat), dtype=np.float64)


def fit_registers(
    posts: Rows, talk: Rows, words: Rows, first: Head | None, heats: NDArray[np.float32] | None = None
) -> Registers:
    """`posts`: tweets. `talk`: sentences. `words`: see `worded`. The heats come from five folds of each,
    unless given.
    """
    both = together([talk, words])
    weight = np.concatenate([np.ones(len(talk.told)), np.full(len(words.told), WORDS_WEIGHT)])
    if heats is None:
        alike = _heat(posts, np.ones(len(posts.told)), len(posts.told), first)
        heats = np.array([alike, _heat(both, weight, len(talk.told), first)], dtype=np.float32)
    kinds = np.concatenate([np.ones(len(posts.told), np.int64), np.zeros(len(talk.told), np.int64)])[:, None]
    return Registers(
        fit_polarity(posts.features, posts.told, np.ones(len(posts.told)), first),
        fit_polarity(both.features, both.told, weight, first),
        fit_each(sparse.vstack([posts.features, talk.features]).tocsr(), kinds, strength=3.0),
        heats,
    )


def _heat(rows: Rows, weight: Weights, asked_of: int, first: Head | None) -> float:
    """What scores are to be divided by to be true; asked of the first rows, in folds."""
    scores = np.zeros((asked_of, 3))
    for known, asked in KFold(5, shuffle=True, random_state=1).split(np.arange(asked_of)):
        learnt = np.concatenate([known, np.arange(asked_of, len(rows.told))])
        head = fit_polarity(rows.features[learnt], rows.told[learnt], weight[learnt], first)
        scores[asked] = head.scores(rows.features[asked])
    return heat(scores, rows.told[:asked_of])


def heat(scores: NDArray[np.float64], told: Told) -> float:
    """What scores are to be divided by for the smallest log loss."""
    found = minimize_scalar(
        lambda by: log_loss(told, softmax(scores / by), labels=[0, 1, 2]), bounds=(0.3, 4.0), method="bounded"
    )
    return round(float(found.x), 3)


def worded(language: str, entries: list[list[Any]]) -> tuple[list[str], Told]:
    """Tiny texts of strong words, so that "Super produit" is pleasant and "pas super" is not."""
    plain, negated = _FRAMES[language]
    texts, told = [], []
    strong = [
        (key, weight)
        for key, role, weight, _ in entries
        if role == "" and abs(weight) >= 2 and key[0].isalpha()
    ]
    for number, (key, weight) in enumerate(strong):
        texts.append(plain[number % 3].format(key))
        told.append(2 if weight > 0 else 0)
        if weight > 0 and " " not in key:
            texts.append(negated[number % 3].format(key))
            told.append(0)
    return texts, np.array(told)
