"""Topics known again as texts arrive. What is carried is no text: each topic's terms and their weights.

A carried topic is put into the new space by its terms, and found there before new topics are looked for; a
recurring centre that is none of them is a new topic. A carried topic that nobody speaks of any more stays
known, so that it comes back under its name.
"""

from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from estime.listening.topics.recurring import nearest
from estime.listening.topics.result import Carried
from estime.listening.topics.terms import Terms
from estime.listening.topics.vectors import Floats, Space
from estime.listening.topics.words import Ints

CARRIED: Final = 400
NAMELESS: Final = "…"
"""The label of a topic that no word tells from all others: it is counted, carried and not told."""
KNOWN_AGAIN: Final = 0.4
"""Cosine from which on a recurring centre is a topic that was there before."""
_FEWEST_TERMS: Final = 3


def follow(found: Floats, carried: Carried, terms: Terms, where: Space) -> tuple[Floats, Ints]:
    """Directions of all topics, and the id each had before, 0 for new ones. Carried topics stay where they were:
    moved to the middle of the new texts, one text in ten more would change its topic (decision 22)."""
    if not carried.ids:
        return found, np.zeros(len(found), dtype=np.int64)
    old, ids = _placed(carried, terms, where)
    if not len(ids):
        return found, np.zeros(len(found), dtype=np.int64)
    _label, near = nearest(found, old)
    fresh = found[near < KNOWN_AGAIN]
    every = np.concatenate([old, fresh])
    before = np.concatenate([ids, np.zeros(len(fresh), dtype=np.int64)])
    return every, before


def _placed(carried: Carried, terms: Terms, where: Space) -> tuple[Floats, Ints]:
    number = {name: at for at, name in enumerate(terms.names())}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    ids: list[int] = []
    for one, centre in zip(carried.ids, carried.centres, strict=True):
        known = [(number[name], weight) for name, weight in centre.items() if name in number]
        if len(known) < _FEWEST_TERMS:
            continue
        rows += [len(ids)] * len(known)
        columns += [at for at, _ in known]
        values += [weight for _, weight in known]
        ids.append(one)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(ids), len(number)))
    return where.place_weights(matrix), np.array(ids, dtype=np.int64)


_Named = tuple[list[tuple[str, ...]], list[dict[str, float]], Ints]


def carried_on(carried: Carried, before: Ints, named: _Named, words: int) -> tuple[tuple[int, ...], Carried]:
    """Each topic's id, and what is to be carried on. New topics get the next ids, the most people first."""
    surfaces, weights, order = named
    ids = before.copy()
    next_id = carried.next_id
    for topic in order.tolist():
        if not ids[topic]:
            ids[topic], next_id = next_id, next_id + 1
    labels = dict(zip(carried.ids, carried.labels, strict=True))
    centres = dict(zip(carried.ids, carried.centres, strict=True))
    for topic, one in enumerate(ids.tolist()):
        if labels.get(one, NAMELESS) == NAMELESS:
            labels[one] = " · ".join(surfaces[topic][:words]) or NAMELESS
        centres[one] = weights[topic] or centres.get(one, {})
    kept = tuple(sorted(centres))
    later = Carried(next_id, kept, tuple(labels[one] for one in kept), tuple(centres[one] for one in kept))
    return tuple(ids.tolist()), later


def centre_terms(
    terms: Terms, where: Space, label: Ints, weights: Floats, topics: int
) -> list[dict[str, float]]:
    """What each topic is carried by: the terms of its texts in the mean, the heaviest `CARRIED` of them."""
    names = terms.names()
    mine = label >= 0
    member = csr_matrix((weights[mine], (label[mine], np.flatnonzero(mine))), shape=(topics, len(label)))
    total = np.asarray(member.sum(axis=1)).ravel()
    mean = np.asarray((member @ where.weighted(terms.counts)).todense()) / np.maximum(total, 1e-9)[:, None]
    best = np.argsort(-mean, axis=1, kind="stable")[:, :CARRIED]
    return [
        {names[at]: round(float(mean[topic, at]), 5) for at in best[topic].tolist() if mean[topic, at] > 0}
        for topic in range(topics)
    ]
