"""What topics are called: the words and phrases that tell each from all others, as people wrote them.

A term's weight is how far the people of a topic use it more than everybody does: log-odds with an informative
Dirichlet prior (Monroe, Colaresi and Quinn 2008), as a z-value. A word names one topic only, a phrase stands
instead of its words where they mostly meet.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from estime.listening.topics.stops import ELIDED
from estime.listening.topics.terms import Terms
from estime.listening.topics.vectors import Floats
from estime.listening.topics.words import Ints

SHOWN: Final = 8
_PRIOR: Final = 200.0
_READ: Final = 400
"""Places of a term that are looked at for how people write it."""
_INSTEAD: Final = 0.35
"""Share of a word's texts in which a phrase with it stands, from which on the phrase tells the word."""


@dataclass(frozen=True)
class Told:
    """`score`: how telling each term is for each topic (topics, terms); `names`: the best terms of each, in
    order."""

    score: Floats
    names: tuple[tuple[int, ...], ...]


def telling(counts: csr_matrix, label: Ints, topics: int, weights: Floats, second: Ints) -> Told:
    """The terms that tell topics apart. `label`: each text's topic, −1 for none."""
    seen = (counts > 0).astype(np.float64).tocsr()
    mine = label >= 0
    member = csr_matrix((weights[mine], (label[mine], np.flatnonzero(mine))), shape=(topics, len(label)))
    inside = np.asarray((member @ seen).todense())
    total = np.asarray(seen.T @ weights).ravel()
    prior = total / max(total.sum(), 1e-9) * _PRIOR + 0.01
    outside = total - inside
    odds = np.log((inside + prior) / (inside.sum(1, keepdims=True) + _PRIOR - inside))
    odds -= np.log((outside + prior) / (outside.sum(1, keepdims=True) + _PRIOR - outside))
    score = odds / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    score[inside <= 0] = -np.inf
    return Told(score, tuple(_names(score, inside, second, topic) for topic in range(topics)))


def _names(score: Floats, inside: Floats, second: Ints, topic: int) -> tuple[int, ...]:
    best = np.argsort(-score[topic], kind="stable")[: SHOWN * 6]
    own = score[:, best].argmax(axis=0) == topic
    return tuple(int(term) for term, mine in zip(best, own, strict=True) if mine and score[topic, term] > 0)


def readable(terms: Terms, label: Ints, told: Told, topic: int) -> tuple[str, ...]:
    """A topic's terms as its people wrote them, phrases instead of their words, nothing twice."""
    pick: list[int] = []
    first, second = terms.first, terms.second
    seen = np.asarray((terms.counts[label == topic] > 0).sum(axis=0)).ravel()
    candidates = told.names[topic]
    phrases = [term for term in candidates if second[term] >= 0]
    taken: set[int] = set()
    for term in candidates:
        if second[term] < 0:
            better = [
                p
                for p in phrases
                if first[term] in (first[p], second[p]) and seen[p] >= _INSTEAD * seen[term]
            ]
            term = better[0] if better else term
        stems = {int(first[term])} | ({int(second[term])} if second[term] >= 0 else set())
        if stems & taken:
            continue
        taken |= stems
        pick.append(term)
        if len(pick) == SHOWN:
            break
    return tuple(dict.fromkeys(surface(terms, term, label, topic) for term in pick))


def surface(terms: Terms, term: int, label: Ints, topic: int) -> str:
    """How the people of a topic mostly write a term."""
    tokens = terms.tokens
    places = np.flatnonzero(terms.term == term)
    text = np.searchsorted(tokens.starts, terms.where[places], side="right") - 1
    mine = places[label[text] == topic]
    places = (mine if len(mine) else places)[:_READ]
    written = Counter(_written(terms, int(place)) for place in places)
    most = max(written.values())
    return min(form for form, count in written.items() if count == most)


def _written(terms: Terms, place: int) -> str:
    start = int(terms.where[place])
    forms = [terms.tokens.forms[one] for one in terms.tokens.ids[start : start + int(terms.span[place])]]
    out = ""
    for form in forms:
        joined = out and out.rsplit(" ", 1)[-1].lower() in ELIDED
        out += ("’" if joined else " " if out else "") + form
    return out
