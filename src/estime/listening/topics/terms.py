"""Which terms texts are told by: words and phrases that enough people use, and not everybody everywhere.

A phrase is two words side by side (small words may stand between, `délai de livraison`), that meet far more
often than chance has them meet: normalised pointwise mutual information (Bouma 2009) of at least `TOGETHER`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from estime.listening.topics.stops import GREETING
from estime.listening.topics.words import OTHER, Ints, Tokens

TOGETHER: Final = 0.35
BETWEEN: Final = 2
"""Small words that may stand within a phrase."""
MOST_TERMS: Final = 12_000
_AS_A_NAME: Final = 8
_HOMELESS: Final = 4
"""Letters up to which a frequent word of an unknown language is taken for one that only holds sentences
together."""


@dataclass(frozen=True)
class Terms:
    """The terms, and how often each text has each. `first`, `second`: stems of a term, `second` −1 for a
    single word.

    `where`, `term`: each place of a term among the tokens, in the order of places; `span`: how many tokens it
    takes.
    """

    tokens: Tokens
    first: npt.NDArray[np.int32]
    second: npt.NDArray[np.int32]
    counts: csr_matrix
    where: Ints
    term: npt.NDArray[np.int32]
    span: npt.NDArray[np.int8]

    def names(self) -> list[str]:
        """Each term as its stems: the same in any run, so that topics can be carried over."""
        stems = self.tokens.stems
        return [
            stems[a] if b < 0 else f"{stems[a]} {stems[b]}"
            for a, b in zip(self.first.tolist(), self.second.tolist(), strict=True)
        ]


def terms(
    tokens: Tokens,
    *,
    fewest: int = 2,
    keep: frozenset[str] = frozenset(),
    names: frozenset[str] = frozenset(),
) -> Terms:
    """The terms of these texts, at most `MOST_TERMS`, each in at least `fewest` texts. `keep`: names of terms
    kept in any case."""
    text = tokens.of_text()
    stem = tokens.stem[tokens.lang[text], tokens.ids] if len(text) else np.zeros(0, dtype=np.int32)
    texts, stems = len(tokens.starts) - 1, len(tokens.stems)
    places = np.flatnonzero(stem >= 0)
    words = stem[places].astype(np.int64)
    in_texts = _document_frequency(text[places], words, texts, stems)
    words_out = _connectives(tokens, text[places], words, in_texts) | _names(tokens, places, words, names)
    stay = ~words_out[words]
    places, words = places[stay], words[stay]
    pairs = _phrases(tokens, text, places, words, fewest)
    return _chosen(tokens, text, (places, words), pairs, (fewest, keep))


def _document_frequency(text: Ints, term: Ints, texts: int, terms_: int) -> Ints:
    if not len(term):
        return np.zeros(terms_, dtype=np.int64)
    seen = np.unique(text * terms_ + term)
    return np.bincount(seen % terms_, minlength=terms_)


def _connectives(tokens: Tokens, text: Ints, words: Ints, in_texts: Ints) -> npt.NDArray[np.bool_]:
    """Words of languages whose stop words nobody listed: short ones in one text of twenty, others in one of
    six."""
    stems = len(tokens.stems)
    out = np.zeros(stems, dtype=bool)
    other = tokens.lang == OTHER
    texts = int(other.sum())
    if texts < 20 or not len(words):
        return out
    mine = other[text]
    seen = _document_frequency(text[mine], words[mine], len(other), stems)
    short = np.array([len(stem) <= _HOMELESS for stem in tokens.stems])
    out[(seen > texts / 6) | (short & (seen > texts / 20))] = True
    # A word that is frequent in French or English texts as well means something there.
    return np.asarray(out & (seen * 2 > in_texts))


def _names(tokens: Tokens, places: Ints, words: Ints, names: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Words that stand as a name stands: with a capital letter, and known as a name or behind a greeting one
    time in eight."""
    stems = len(tokens.stems)
    greeting = np.array([form.lower() in GREETING for form in tokens.forms])
    capital = np.array([form[:1].isupper() and not form.isupper() for form in tokens.forms])
    before = np.zeros((2, len(tokens.ids)), dtype=bool)
    before[0, 1:] = greeting[tokens.ids[:-1]]
    before[1, 2:] = greeting[tokens.ids[:-2]] & (
        tokens.ids[1:-1] == 0
    )  # `Thanks, Ann`; `Regards` and a new line
    named = (before.any(axis=0) & capital[tokens.ids])[places]
    greeted = np.bincount(words[named], minlength=stems)
    capitals = np.bincount(words[capital[tokens.ids[places]]], minlength=stems)
    every = np.bincount(words, minlength=stems)
    known = np.array([form.lower() in names for form in tokens.forms])
    given = np.bincount(words[known[tokens.ids[places]]], minlength=stems) > 0
    greeted_often = (greeted >= 2) & (greeted * _AS_A_NAME >= every)
    return np.asarray((greeted_often | given) & (capitals * 4 >= every * 3))


def _phrases(
    tokens: Tokens, text: Ints, places: Ints, words: Ints, fewest: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Where phrases stand: first place, last place, first stem, second stem."""
    none = (np.zeros(0, dtype=np.int64),) * 4
    if len(words) < 2:
        return none
    breaks = np.concatenate([[0], np.cumsum(tokens.ids == 0)])
    first, last = places[:-1], places[1:]
    side = (text[first] == text[last]) & (breaks[first] == breaks[last]) & (last - first <= BETWEEN + 1)
    side &= words[:-1] != words[1:]
    first, last, a, b = first[side], last[side], words[:-1][side], words[1:][side]
    if not len(a):
        return none
    stems = len(tokens.stems)
    code, back, count = np.unique(a * stems + b, return_inverse=True, return_counts=True)
    total = len(words)
    single = np.bincount(words, minlength=stems)
    share = count / total
    chance = single[code // stems] / total * (single[code % stems] / total)
    npmi = np.log(share / chance) / -np.log(share)
    good = ((npmi >= TOGETHER) & (count >= max(fewest, 3)))[back]
    return first[good], last[good], a[good], b[good]


def _chosen(
    tokens: Tokens,
    text: Ints,
    single: tuple[Ints, Ints],
    pairs: tuple[Ints, Ints, Ints, Ints],
    asked: tuple[int, frozenset[str]],
) -> Terms:
    (places, words), (first, last, a, b) = single, pairs
    stems, texts = len(tokens.stems), len(tokens.starts) - 1
    codes = np.concatenate([words, (a + 1) * stems + b])  # a single word has no first half
    where = np.concatenate([places, first])
    span = np.concatenate([np.ones(len(places), dtype=np.int8), (last - first + 1).astype(np.int8)])
    code, back = np.unique(codes, return_inverse=True) if len(codes) else (codes, codes)
    seen = _document_frequency(text[where], back, texts, len(code))
    fewest, keep = asked
    good = (seen >= fewest) & (seen <= max(0.3 * texts, fewest))
    if good.sum() > MOST_TERMS:
        limit = np.sort(seen[good])[-MOST_TERMS]
        good &= seen >= limit
    if keep:
        good |= np.array([_name(tokens, int(one), stems) in keep for one in code], dtype=bool)
    number = np.cumsum(good) - 1
    stay = good[back] if len(back) else np.zeros(0, dtype=bool)
    term, where, span = number[back[stay]].astype(np.int32), where[stay], span[stay]
    counts = csr_matrix(
        (np.ones(len(term), dtype=np.float32), (text[where], term)), shape=(texts, int(good.sum()))
    )
    counts.sum_duplicates()
    kept = code[good]
    head = np.where(kept >= stems, kept // stems - 1, kept).astype(np.int32)
    tail = np.where(kept >= stems, kept % stems, -1).astype(np.int32)
    return Terms(tokens, head, tail, counts, where, term, span)


def _name(tokens: Tokens, code: int, stems: int) -> str:
    first, second = divmod(code, stems)
    return tokens.stems[second] if not first else f"{tokens.stems[first - 1]} {tokens.stems[second]}"
