"""The table that tells French, English and other languages apart.

French and English are learnt from all texts at hand, whole and in short cuts. For the other languages there
are no texts: strings
of their frequent words, drawn at random from a hand-written list, stand for them.
"""

import numpy as np
from fitting import Head
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sources import HERE

from estime.listening.affect.features import counted, prepared
from estime.listening.affect.model import LANGUAGES, known_shares

EACH = 12_000
# How often a word must have come to count as frequent. Only some of the listed words may: a real text has others.
OFTEN = (4, 4, 40)
SPLICED = 0.75  # part of the words of other languages that are made up of two
SEED = 5


def fit_languages(french: list[str], english: list[str]) -> tuple[Head, NDArray[np.int8]]:
    """Weights of words, of pieces, and of the shares of frequent words; and which words are frequent in
    each.
    """
    draw = np.random.default_rng(SEED)
    texts = [*_cut(french, draw), *_cut(english, draw), *_strung(draw)]
    told = np.repeat(np.arange(len(LANGUAGES)), EACH)
    found = counted(prepared(texts).words)
    known = np.column_stack(
        [_frequent(found.single[told == kind], often) for kind, often in enumerate(OFTEN)]
    )
    shares = sparse.csr_matrix(known_shares(found.single, known))
    features = sparse.hstack([_normed(found.words), _normed(found.pieces), shares]).tocsr()
    fitted = LogisticRegression(C=30.0, max_iter=150, tol=1e-3).fit(features, told)
    return Head(fitted.coef_.T, fitted.intercept_), known


def _frequent(single: sparse.csr_matrix, often: int) -> NDArray[np.int8]:
    return (np.bincount(single.indices, minlength=single.shape[1]) >= often).astype(np.int8)


def _normed(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    length = np.sqrt(np.maximum(np.diff(counts.indptr), 1e-9))
    features = sparse.csr_matrix(
        (np.repeat(1 / length, np.diff(counts.indptr)), counts.indices, counts.indptr), counts.shape
    )
    features.sum_duplicates()
    return features


def _cut(texts: list[str], draw: np.random.Generator) -> list[str]:
    """Half whole, half cut to one to eight words, as people write."""
    chosen = [texts[number] for number in draw.integers(0, len(texts), EACH)]
    cut = []
    for number, text in enumerate(chosen):
        words = text.split()
        if number % 2 and len(words) > 1:
            length = int(draw.integers(1, 9))
            start = int(draw.integers(0, max(1, len(words) - length + 1)))
            words = words[start : start + length]
        cut.append(" ".join(words))
    return cut


def _strung(draw: np.random.Generator) -> list[str]:
    lists = []
    for line in (HERE / "other_languages.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lists.append(line.split(":", 1)[1].split())
    strung = []
    for number in range(EACH):
        # The languages that French and English texts meet most come first in the list, and twice as often.
        words = lists[number % len(lists)] if number % 2 else lists[(number // 2) % 6]
        likely = 1 / np.sqrt(np.arange(len(words)) + 3)
        length = int(draw.integers(1, 16))
        chosen = draw.choice(words, size=length, p=likely / likely.sum())
        strung.append(
            " ".join(_spliced(word, words, draw) if draw.random() < SPLICED else word for word in chosen)
        )
    return strung


def _spliced(word: str, words: list[str], draw: np.random.Generator) -> str:
    """A word that might be one: the head of this word, the tail of another. Lists are short, languages are not."""
    other = words[int(draw.integers(0, len(words)))]
    return word[: max(2, len(word) - 2)] + other[max(0, len(other) // 2) :]
