"""The features of many texts: counts of hashed words and pieces, and the signs. Training and reading both
come through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from estime.listening.affect.cleaning import cleaned, spelled
from estime.listening.affect.lexicon import Lexicon, tokens
from estime.listening.affect.ngrams import Block, hashed, spaced
from estime.listening.affect.signs import signs

BITS: Final = 17
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Prepared:
    """Texts made ready: as they were cleaned, folded, and cut into tokens."""

    texts: list[str]
    low: list[str]
    words: list[list[str]]


def prepared(texts: Sequence[str]) -> Prepared:
    """Clean, fold and cut texts."""
    clean = [cleaned(text) for text in texts]
    low = [spelled(text) for text in clean]
    return Prepared(clean, low, [tokens(text) for text in low])


@dataclass(frozen=True)
class Counted:
    """How often each bucket occurs in each text: words with their pairs, pieces, words alone; (n_texts,
    2**BITS) each.
    """

    words: csr_matrix
    pieces: csr_matrix
    single: csr_matrix

    def __getitem__(self, at: NDArray[np.int64]) -> "Counted":
        return Counted(self.words[at], self.pieces[at], self.single[at])


def counted(texts: Sequence[list[str]]) -> Counted:
    """Count the n-grams of texts that are cut into tokens."""
    words, pieces = hashed([spaced(found) for found in texts], bits=BITS)
    return Counted(_matrix(words, len(texts)), _matrix(pieces, len(texts)), _matrix(words[:1], len(texts)))


def _matrix(blocks: list[Block], count: int) -> csr_matrix:
    """Repeated entries are left as they are: every use of them adds up."""
    starts = np.zeros(count + 1, np.int64)
    for rows, _ in blocks:
        starts[1:] += np.bincount(rows, minlength=count)
    starts = np.cumsum(starts)
    keys = np.empty(int(starts[-1]), np.int32)
    free = starts[:-1].copy()
    for rows, found in blocks:
        before = np.searchsorted(rows, np.arange(count + 1))
        keys[free[rows] + np.arange(len(rows)) - before[rows]] = found
        free += np.diff(before)
    return csr_matrix(
        (np.ones(len(keys), np.float32), keys, starts.astype(np.int32)), shape=(count, 1 << BITS)
    )


def signed(lexicon: Lexicon, texts: Prepared, at: Sequence[int]) -> tuple[Floats, dict[int, list[str]]]:
    """The signs of some of the texts, one row each; and the words of those rows in which a negation turned
    some.
    """
    rows, turned = [], {}
    for row, number in enumerate(at):
        numbers, spoken = signs(lexicon, texts.texts[number], texts.low[number], texts.words[number])
        rows.append(numbers)
        if spoken is not None:
            turned[row] = spoken
    return np.array(rows, dtype=np.float32).reshape(len(rows), -1), turned


def recounted(found: Counted, turned: dict[int, list[str]]) -> Counted:
    """The same counts, with some rows counted anew."""
    if not turned:
        return found
    anew = counted(list(turned.values()))
    where = np.arange(found.words.shape[0])
    where[list(turned)] = len(where) + np.arange(len(turned))
    stacked = (
        vstack([getattr(found, kind), getattr(anew, kind)], "csr")[where]
        for kind in ("words", "pieces", "single")
    )
    return Counted(*stacked)
