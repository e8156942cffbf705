"""Texts as directions in a space where words that people use together lie together.

Words first: positive pointwise mutual information of the terms that share a text, reduced to some
`DIMENSIONS` (Levy and Goldberg 2014); it is learnt from these very texts. A text is the mean of its words,
rare ones counting more, less what all texts have in common (Arora, Liang and Ma 2017). Short texts that share
no word can be near each other so, which TF-IDF alone cannot give.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import svds
from sklearn.preprocessing import normalize

Floats = npt.NDArray[np.float64]

DIMENSIONS: Final = (25, 100)
"""Fewest and most. A few hundred texts cannot fill a hundred directions: what they put there is chance."""
_LEARNT_FROM: Final = 30_000
"""Texts from which words are learnt: more change little and cost much."""
_DENSE: Final = 200
"""Terms up to which all directions are worked out: so few fail whoever looks for the first ones only."""
_LONGEST: Final = 60
"""Different terms of one text that words are learnt from: a very long text would marry everything to
everything."""


@dataclass(frozen=True)
class Space:
    """`words`: each term's direction (terms, dimensions); `idf`; `common`: what all texts share; `share`:
    weight of texts with the term."""

    words: Floats
    idf: Floats
    common: Floats
    share: Floats
    length: float

    def place(self, counts: csr_matrix) -> Floats:
        """Each text's direction, zeros where it has no term."""
        told = self._mean(counts) - self.common
        told[np.diff(counts.indptr) == 0] = 0.0
        return np.asarray(normalize(told))

    def place_weights(self, weights: csr_matrix) -> Floats:
        """Directions of what is told by weights of terms rather than by counts, as carried topics are."""
        return np.asarray(normalize(weights @ self.words / self.length - self.common))

    def _mean(self, counts: csr_matrix) -> Floats:
        return np.asarray(normalize(self.weighted(counts) @ self.words))

    def weighted(self, counts: csr_matrix) -> csr_matrix:
        """Each text's terms: 1 + log(count), rare terms more, of length 1."""
        told = counts.astype(np.float64)
        told.data = 1 + np.log(told.data)
        return normalize(told @ diags(self.idf)).tocsr()


def space(counts: csr_matrix, weights: Floats, rng: np.random.Generator) -> Space:
    """The space of these texts, each of which counts by its weight."""
    seen = (counts > 0).astype(np.float64).tocsr()
    share = np.asarray(seen.T @ weights).ravel() / weights.sum()
    idf = np.log(1 / np.maximum(share, 1e-9)) + 1
    words = _words(seen, weights, rng)
    bare = Space(words, idf, np.zeros(words.shape[1]), share, 1.0)
    sums = bare.weighted(counts) @ words
    length = float(np.average(np.linalg.norm(sums, axis=1), weights=weights))
    directions = normalize(sums)
    common = np.average(directions, axis=0, weights=weights)
    return Space(words, idf, common, share, max(length, 1e-9))


def _words(seen: csr_matrix, weights: Floats, rng: np.random.Generator) -> Floats:
    texts, terms = seen.shape
    fit = np.flatnonzero(np.diff(seen.indptr) > 1)
    if len(fit) > _LEARNT_FROM:
        fit = np.sort(rng.choice(fit, _LEARNT_FROM, replace=False))
    part = _shortened(seen[fit], rng)
    part_weights = weights[fit]
    total = float(part_weights.sum()) or 1.0
    single = np.maximum(np.asarray(part.T @ part_weights).ravel() / total, 1e-12)
    together = (part.T @ diags(part_weights) @ part).tocoo()
    value = np.log(together.data / total / (single[together.row] * single[together.col]))
    good = (value > 0) & (together.row != together.col)
    ppmi = csr_matrix((value[good], (together.row[good], together.col[good])), shape=(terms, terms))
    dimensions = min(int(np.clip(np.sqrt(texts), *DIMENSIONS)), terms - 1)
    left, sizes = _directions(ppmi, dimensions)
    vectors = left * np.sqrt(np.maximum(sizes, 0.0))
    return np.asarray(normalize(vectors))


def _directions(ppmi: csr_matrix, dimensions: int) -> tuple[Floats, Floats]:
    """The directions in which words differ most, and how much they do. The same for the same numbers, always."""
    terms = ppmi.shape[0]
    if not ppmi.nnz:
        return np.zeros((terms, dimensions)), np.zeros(dimensions)
    if terms <= _DENSE:
        values, vectors = np.linalg.eigh(ppmi.toarray())
        most = np.argsort(-np.abs(values), kind="stable")[:dimensions]
        return vectors[:, most], np.abs(values[most])
    # From one fixed direction that belongs to no symmetry of the words: where ARPACK runs into one, it draws another
    # direction from a state that it keeps between calls, and the same texts would not be the same space.
    begin = np.random.default_rng(0).standard_normal(terms)
    left, sizes, _right = svds(ppmi, k=dimensions, v0=begin, tol=1e-4, rng=np.random.default_rng(0))
    return np.asarray(left), np.asarray(sizes)


def _shortened(seen: csr_matrix, rng: np.random.Generator) -> csr_matrix:
    """The same with at most `_LONGEST` terms a text, drawn by chance."""
    lengths = np.diff(seen.indptr)
    if lengths.max(initial=0) <= _LONGEST:
        return seen
    keep = rng.random(seen.nnz) < np.repeat(np.minimum(1.0, _LONGEST / np.maximum(lengths, 1)), lengths)
    rows = np.repeat(np.arange(seen.shape[0]), lengths)[keep]
    return csr_matrix((seen.data[keep], (rows, seen.indices[keep])), shape=seen.shape)
