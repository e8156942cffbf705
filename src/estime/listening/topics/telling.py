"""Topics as they are told: counted in the window and before it, with who speaks, quotes, and without what
nobody may see."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from estime.listening.topics import result as r
from estime.listening.topics.carrying import NAMELESS
from estime.listening.topics.groups import Groups
from estime.listening.topics.quoting import quotes
from estime.listening.topics.sensitive import SHARE, label_reveals, revealed
from estime.listening.topics.speaking import people, trend
from estime.listening.topics.vectors import Floats
from estime.listening.topics.words import Ints

_READ = 300
"""Texts of a topic that are looked into for what is sensitive."""


@dataclass(frozen=True)
class Window:
    """The texts, the topic of each group (−1 for none), and how near its centre each group is."""

    texts: r.Texts
    groups: Groups
    label: Ints
    near: Floats

    @property
    def now(self) -> npt.NDArray[np.bool_]:
        assert self.texts.now is not None  # noqa: S101
        return self.texts.now

    @property
    def person(self) -> Ints:
        assert self.texts.person is not None  # noqa: S101
        return self.texts.person

    def of(self) -> Ints:
        """Each text's topic."""
        return self.label[self.groups.of]

    def order(self, topics: int) -> Ints:
        """Topics by their people in the window, the most first."""
        of = self.of()
        many = [len(people(self.person, (of == topic) & self.now)) for topic in range(topics)]
        texts = np.bincount(of[of >= 0], minlength=topics)
        return np.lexsort((-texts, -np.array(many)))


def told(
    window: Window,
    names: list[tuple[str, ...]],
    identity: tuple[tuple[int, ...], r.Carried],
    options: r.Options,
    stability: float | None,
) -> r.Found:
    """All topics of the window, the most people first."""
    ids, carried = identity
    labels = dict(zip(carried.ids, carried.labels, strict=True))
    now, of = window.now, window.of()
    shown: list[r.Topic] = []
    left_out: Counter[str] = Counter()
    for topic in window.order(len(ids)).tolist():
        label = labels[ids[topic]]
        category = _reveals(window, topic, label, names[topic])
        if category and not options.sensitive:
            left_out[category] += 1
            continue
        one = None if label == NAMELESS else _topic(window, topic, options)
        if one is not None:
            shown.append(_named(one, ids[topic], label, names[topic], category))
    every = np.array(ids, dtype=np.int64)
    member = np.where(of >= 0, every[np.maximum(of, 0)], 0)
    return r.Found(
        r.FOUND,
        tuple(shown),
        texts=int(now.sum()),
        people=len(people(window.person, now)),
        before_texts=int((~now).sum()),
        before_people=len(people(window.person, ~now)),
        groups=len(window.groups.stands),
        coverage=float((of[now] >= 0).mean()) if now.any() else 0.0,
        stability=stability,
        left_out=dict(left_out),
        member=member,
        carried=carried,
    )


def _named(one: r.Topic, number: int, label: str, terms: tuple[str, ...], category: str) -> r.Topic:
    safe = tuple(term for term in terms if category or not label_reveals([term]))
    return r.Topic(**{**vars(one), "id": number, "label": label, "terms": safe, "sensitive": category})


def _reveals(window: Window, topic: int, label: str, terms: tuple[str, ...]) -> str:
    """The category a topic reveals: by its label, or by what enough of its texts say."""
    by_label = label_reveals([label, *terms[:3]])
    if by_label:
        return by_label
    mine = np.flatnonzero(window.label == topic)
    mine = mine[np.argsort(-window.near[mine], kind="stable")][:_READ]
    told = [revealed(window.texts.text[at][:2_000]) for at in window.groups.stands[mine].tolist()]
    categories = Counter(one for one in told if one)
    if categories and sum(categories.values()) >= SHARE * len(told):
        return categories.most_common(1)[0][0]
    return ""


def _topic(window: Window, topic: int, options: r.Options) -> r.Topic | None:
    """One topic, without its name; None where nobody spoke of it, now or before."""
    texts, now, of = window.texts, window.now, window.of()
    here, earlier = (of == topic) & now, (of == topic) & ~now
    if not here.any() and not earlier.any():
        return None
    who, who_before = people(window.person, here), people(window.person, earlier)
    brand = people(window.person, here & texts.brand) if texts.brand is not None else who[:0]
    new = (
        None if texts.newcomer is None else np.setdiff1d(people(window.person, here & texts.newcomer), brand)
    )
    trending = trend(
        len(who),
        len(people(window.person, now)),
        len(who_before),
        len(people(window.person, ~now)),
        int(earlier.sum()),
    )
    mine = np.flatnonzero(here)
    near = window.near[window.groups.of[mine]]
    return r.Topic(
        id=0,
        label="",
        terms=(),
        texts=int(here.sum()),
        people=len(who),
        newcomers=None if new is None else len(new),
        regulars=None if new is None else len(who) - len(new) - len(brand),
        brand_people=len(brand),
        brand_texts=0 if texts.brand is None else int((here & texts.brand).sum()),
        valence=_mean(texts.valence, mine),
        trend=trending,
        quotes=quotes(texts, window.groups, mine, near, (options.quotes, options.sensitive)),
    )


def _mean(valence: Floats | None, mine: Ints) -> float | None:
    if valence is None or not len(mine):
        return None
    known = valence[mine][~np.isnan(valence[mine])]
    return float(known.mean()) if len(known) else None
