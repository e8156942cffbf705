"""Topics of texts: the door. Pure: no database, no Django. Invariants:

1. Texts that are the same are never split, and the order in which texts are given changes nothing.
2. Every text has one topic or none; what has none is told (`coverage`).
3. A topic is an idea of several people: what fewer than `fewest_people` say is none.
4. The same texts, options and carried topics give the same answer on any machine with the same versions.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from estime.listening.topics import result as r
from estime.listening.topics.carrying import carried_on, centre_terms, follow
from estime.listening.topics.groups import Groups, grouped
from estime.listening.topics.labels import readable, telling
from estime.listening.topics.recurring import FLOOR, nearest, recurring
from estime.listening.topics.telling import Window, told
from estime.listening.topics.terms import Terms, terms
from estime.listening.topics.vectors import Floats, Space, space
from estime.listening.topics.words import Ints, tokens

FEWEST_GROUPS = 20
"""Different texts with words below which topics are not told apart."""


def find_topics(
    texts: r.Texts, *, options: r.Options | None = None, carried: r.Carried | None = None
) -> r.Found:
    """What ideas these texts share. `carried`: the topics of an earlier call, which keep their ids and labels."""
    # Several threads add the same numbers in another order each time, and leave nothing to whoever serves pages.
    with threadpool_limits(1):
        return _found(_whole(texts), options or r.Options(), carried or r.Carried())


def _found(texts: r.Texts, options: r.Options, carried: r.Carried) -> r.Found:
    assert texts.person is not None  # noqa: S101 — for the type checker
    if not any(text.strip() for text in texts.text):
        return _nothing(texts, r.NO_TEXT, carried)
    groups = grouped(texts.text, texts.person, texts.lang)
    found = _terms(texts, groups, carried)
    worded = int((np.diff(found.counts.indptr) > 0).sum())
    if not found.tokens.stems:
        return _nothing(texts, r.NO_WORDS, carried)
    if len(np.unique(texts.person)) < 2:
        return _nothing(texts, r.ONE_PERSON, carried)
    if worded < FEWEST_GROUPS or found.counts.shape[1] < 3:
        return _nothing(texts, r.TOO_FEW, carried)
    rng = np.random.default_rng(options.seed)
    where = space(found.counts, groups.weight, rng)
    places = where.place(found.counts)
    centres = recurring(places, groups.weight, groups.owner, rng)
    directions, before = follow(centres.directions, carried, found, where)
    label, near = _assigned(places, directions)
    directions, before, label, near = _shared(
        texts, groups, options, (directions, before, label, near, places)
    )
    return _told(texts, options, carried, (groups, found, where, centres.stability, before, label, near))


def _whole(texts: r.Texts) -> r.Texts:
    """Every column that is worked with, and people as numbers from 0."""
    many = len(texts.text)
    person = np.arange(many) if texts.person is None else np.unique(texts.person, return_inverse=True)[1]
    now = np.ones(many, dtype=bool) if texts.now is None else texts.now
    return replace(texts, person=person.astype(np.int64), now=now)


def _nothing(texts: r.Texts, outcome: str, carried: r.Carried) -> r.Found:
    assert texts.person is not None and texts.now is not None  # noqa: S101, PT018
    return r.Found(
        outcome,
        texts=int(texts.now.sum()),
        people=len(np.unique(texts.person[texts.now])),
        before_texts=int((~texts.now).sum()),
        before_people=len(np.unique(texts.person[~texts.now])),
        member=np.zeros(len(texts.text), dtype=np.int64),
        carried=carried,
    )


def _terms(texts: r.Texts, groups: Groups, carried: r.Carried) -> Terms:
    stands = groups.stands.tolist()
    langs = None if texts.lang is None else [texts.lang[at] for at in stands]
    fewest = 2 if len(stands) < 1_000 else 3 if len(stands) < 5_000 else 5
    keep = frozenset(name for centre in carried.centres for name in centre)
    return terms(
        tokens([texts.text[at] for at in stands], langs), fewest=fewest, keep=keep, names=texts.names
    )


def _assigned(places: Floats, directions: Floats) -> tuple[Ints, Floats]:
    label, near = nearest(places, directions)
    return np.where(near >= FLOOR, label, -1), near


_Parts = tuple[Floats, Ints, Ints, Floats, Floats]


def _shared(
    texts: r.Texts, groups: Groups, options: r.Options, parts: _Parts
) -> tuple[Floats, Ints, Ints, Floats]:
    """Without topics of too few people, and at most as many as were asked for; their texts go to the next
    nearest, if near enough."""
    directions, before, label, near, places = parts
    while len(directions):
        people = _people(texts, groups, label, len(directions))
        weak = np.flatnonzero((people < options.fewest_people) & (before == 0))
        if not len(weak) and options.topics is not None and len(directions) > options.topics:
            weak = np.argsort(people, kind="stable")[:1]
        if not len(weak):
            break
        worst = weak[np.argmin(people[weak])]
        directions, before = np.delete(directions, worst, axis=0), np.delete(before, worst)
        label, near = _assigned(places, directions)
    return directions, before, label, near


def _people(texts: r.Texts, groups: Groups, label: Ints, topics: int) -> npt.NDArray[np.int64]:
    assert texts.person is not None  # noqa: S101
    of = label[groups.of]
    mine = of >= 0
    people = int(texts.person.max()) + 1
    both = np.unique(of[mine] * people + texts.person[mine])
    return np.bincount(both // people, minlength=topics)


_Made = tuple[Groups, Terms, Space, float | None, Ints, Ints, Floats]


def _told(texts: r.Texts, options: r.Options, carried: r.Carried, made: _Made) -> r.Found:
    groups, found, where, stability, before, label, near = made
    topics = len(before)
    if not topics:
        return replace(
            _nothing(texts, r.NOTHING_SHARED, carried), groups=len(groups.stands), stability=stability
        )
    said = telling(found.counts, label, topics, groups.weight, found.second.astype(np.int64))
    names = [readable(found, label, said, topic) for topic in range(topics)]
    window = Window(texts, groups, label, near)
    centres = centre_terms(found, where, label, groups.weight, topics)
    identity = carried_on(carried, before, (names, centres, window.order(topics)), options.labels)
    return told(window, names, identity, options, stability)
