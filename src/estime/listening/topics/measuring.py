"""How good topics are: coherence, and how to tell a mean with its interval. For benches and tests; nothing
that is shown needs it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from scipy.stats import t
from sklearn.preprocessing import normalize

from estime.listening.topics.groups import grouped
from estime.listening.topics.result import Texts
from estime.listening.topics.terms import terms
from estime.listening.topics.words import tokens

_TOP: Final = 10


def tfidf(counts: csr_matrix) -> csr_matrix:
    """Counts as baselines want them: 1 + log(count) times idf, of length 1."""
    weighted = counts.astype(np.float64)
    weighted.data = 1 + np.log(weighted.data)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return normalize(weighted @ diags(np.log((1 + counts.shape[0]) / (1 + seen)) + 1)).tocsr()


def coherence(texts: Texts, member: npt.NDArray[np.int64]) -> float:
    """Mean over topics of the mean NPMI of their ten most telling words, in [−1, 1] (Bouma 2009; Lau, Newman
    and Baldwin 2014).

    Two words are together when they are in one text; near-duplicates count once. Words are chosen alike for
    every method: share in the topic times log(1 + share in the topic / share everywhere). 0 for two words
    that never meet would flatter: it is −1.
    """
    groups = grouped(texts.text, np.arange(len(texts.text), dtype=np.int64))
    counts = terms(tokens([texts.text[at] for at in groups.stands.tolist()]), fewest=3).counts
    label = member[groups.stands]
    seen = (counts > 0).astype(np.float64).tocsc()
    many = seen.shape[0]
    share = np.asarray(seen.sum(axis=0)).ravel() / many
    told = []
    for topic in np.unique(label[label > 0]):
        mine = label == topic
        inside = np.asarray(seen[mine].sum(axis=0)).ravel() / mine.sum()
        best = np.argsort(-(inside * np.log1p(inside / np.maximum(share, 1e-12))), kind="stable")[:_TOP]
        both = np.asarray((seen[:, best].T @ seen[:, best]).todense()) / many
        pairs = [
            _npmi(both[i, j], share[best[i]] * share[best[j]]) for i in range(len(best)) for j in range(i)
        ]
        told.append(float(np.mean(pairs)))
    return float(np.mean(told)) if told else float("nan")


def _npmi(both: float, chance: float) -> float:
    if both <= 0:
        return -1.0
    return 1.0 if both >= 1 else float(np.log(both / chance) / -np.log(both))


def interval(values: Sequence[float]) -> str:
    """A mean with its 95 % interval over runs (Student's t)."""
    found = np.array([value for value in values if not np.isnan(value)])
    if not len(found):
        return "–"
    if len(found) < 2:
        return f"{found[0]:.2f}"
    half = t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found))
    return f"{found.mean():.2f} ± {half:.2f}"
