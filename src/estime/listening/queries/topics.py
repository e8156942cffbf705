"""Topics of texts in the ledger: what a search finds, now against before. Reads only; what is found is kept
by nobody.

Only texts that people can read in the ledger are asked for (nothing erased, nothing taken back), newest
first, at most `MOST`: what is older than that is told as cut off. Quotes hold no address, and no handle of
anybody who wrote one of these texts.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.models import Reading
from estime.listening.topics.counting import Said, counted
from estime.listening.topics.finding import find_topics
from estime.listening.topics.result import Carried, Found, Options, Quote, Texts, Topic, TopicsAsked

MOST: Final = 100_000
_TEXTS: Final = ("Create", "Question")  # an Update says the same again
_TARGETED: Final = (1, 2)  # brand, product
_LANGUAGES: Final = {0: "other", 1: "fr", 2: "en"}
_AT_ONCE: Final = 500
_NOW: Final = ("people", "texts")
_BEFORE: Final = ("before_people", "before_texts")
_PART: Final = re.compile(r"[^\W\d_]+")
_WORD: Final = re.compile(r"[\w.@+-]{3,}")


@dataclass(frozen=True)
class TopicsHeard:
    """What was found. `before`: from when on the texts before are; they are as long as now. `cut`: there were
    more than `MOST` texts.

    `places`: for each quoted seq its channel's number and when it was written, so that it can be opened where
    it stands. `said`: what else was counted for each topic, by its id. `few`: topics that are not told because few
    people share them; `hidden`: for a topic's id, its counts that are not told for the same reason.
    """

    found: Found
    since: datetime | None
    until: datetime | None
    before: datetime | None
    cut: bool
    ignored: tuple[str, ...]
    places: dict[int, tuple[int, datetime]]
    said: dict[int, Said] = field(default_factory=dict)
    few: int = 0
    hidden: dict[int, frozenset[str]] = field(default_factory=dict)


def topics_heard(
    asked: TopicsAsked, *, options: Options | None = None, carried: Carried | None = None
) -> TopicsHeard:
    """The topics of what a search finds. Options left out are those of estime.toml: sensitive topics are left
    out."""
    options = options or Options(sensitive=configuration().privacy.sensitive_topics)
    told = ledger.ActFilter(
        channel=asked.channel, types=_TEXTS, standing=True, words=asked.words, until=asked.until
    )
    newest = ledger.acts_newest(told, 1)
    if not newest.acts:
        return TopicsHeard(find_topics(Texts([])), None, None, None, False, newest.ignored, {})
    until = asked.until or newest.acts[0].published + timedelta(microseconds=1)
    since = until - asked.since if isinstance(asked.since, timedelta) else asked.since
    before = since - max(until - since, timedelta(0))
    acts = [act for act in ledger.acts_each(replace(told, since=before, until=until), MOST + 1) if act.text]
    cut = len(acts) > MOST
    acts = acts[:MOST]
    columns = _columns(acts, since)
    found = find_topics(columns, options=options, carried=carried)
    places = {act.seq: (act.channel, act.published) for act in acts}
    found = _without_handles(found, {act.handle.lower() for act in acts if act.handle})
    quoted = {quote.seq for topic in found.topics for quote in topic.quotes}
    return TopicsHeard(
        found,
        since,
        until,
        before,
        cut,
        newest.ignored,
        {seq: places[seq] for seq in quoted if seq in places},
        counted(found, columns),
    )


def topics_of_enough(heard: TopicsHeard, smallest: int) -> TopicsHeard:
    """The same, as pages have it (topics_told.py): no topic of fewer than `smallest` members now and before; no words
    of theirs and no count where they are fewer; not what fewer feel, nor how many of them are new."""
    topics = list[Topic]()
    hidden = dict[int, frozenset[str]]()
    for topic in heard.found.topics:
        said, trend = heard.said.get(topic.id), topic.trend
        members = topic.people - topic.brand_people
        before = trend.before_people - (said.before_brand if said else 0) if trend else 0
        if max(members, before) < smallest:
            continue
        names = _NOW * (0 < members < smallest) + _BEFORE * (0 < before < smallest)
        if names:
            hidden[topic.id] = frozenset(names)
        topics.append(_of_enough(topic, said, smallest, known=not names))
    found = replace(heard.found, topics=tuple(topics))
    return replace(heard, found=found, few=len(heard.found.topics) - len(topics), hidden=hidden)


def _of_enough(topic: Topic, said: Said | None, smallest: int, *, known: bool) -> Topic:
    """`known`: how many share it may be told, now and before."""
    if said is None or said.read_people < smallest:
        topic = replace(topic, valence=None)
    members = topic.people - topic.brand_people
    parts = (topic.newcomers or 0, topic.regulars or 0)
    if members < smallest or any(0 < part < smallest for part in parts):
        topic = replace(topic, newcomers=None, regulars=None)
    if members < smallest:
        topic = replace(topic, quotes=())
    if topic.trend is not None and not known:
        direction = {"new": "more", "gone": "less"}.get(topic.trend.direction, topic.trend.direction)
        trend = replace(topic.trend, ratio=None, low=None, high=None, direction=direction)
        topic = replace(topic, trend=trend)
    return topic


def _columns(acts: list[ledger.Listed], since: datetime) -> Texts:
    """The texts with what is known of them. One account is one person here."""
    account = np.array([act.account for act in acts], dtype=np.int64)
    seq = np.array([act.seq for act in acts], dtype=np.int64)
    now = np.array([act.published >= since for act in acts], dtype=bool)
    lang, valence, negative = _read(seq, acts)
    begun = ledger.first_moments(set(account.tolist()))
    new = {key for key, first in begun.items() if first >= since}
    ours = {(act.channel, act.account) for act in acts if act.on_behalf_of}
    named = {
        key for _, key in ledger.account_keys([(a.channel, a.handle) for a in configuration().brand.accounts])
    }
    return Texts(
        text=[act.text or "" for act in acts],
        seq=seq,
        person=account,
        now=now,
        newcomer=np.array([key in new for key in account.tolist()], dtype=bool),
        brand=np.array([(a.channel, a.account) in ours or a.account in named for a in acts], dtype=bool),
        valence=valence,
        negative=negative,
        lang=lang,
        names=frozenset(
            part for act in acts if act.handle for part in _PART.findall(act.handle.lower()) if len(part) > 2
        ),
    )


def _read(
    seq: npt.NDArray[np.int64], acts: list[ledger.Listed]
) -> tuple[list[str | None], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Language and valence of the texts that were read already, and whether they sound negative rather than anything
    else; what the channel says of its language else."""
    place = {one: at for at, one in enumerate(seq.tolist())}
    lang: list[str | None] = [(act.lang or "").lower()[:2] or None for act in acts]
    valence, sounds = np.full(len(acts), np.nan), np.zeros(len(acts), dtype=bool)
    every = list(place)
    columns = ("seq", "lang", "negative", "neutral", "positive", "unclear")
    for start in range(0, len(every), _AT_ONCE):
        part = Reading.objects.filter(seq__in=every[start : start + _AT_ONCE]).values_list(*columns)
        for number, language, negative, neutral, positive, unclear in part:
            lang[place[number]] = _LANGUAGES.get(language)
            if not unclear:
                valence[place[number]] = (positive - negative) / 1000
                sounds[place[number]] = negative > max(neutral, positive)
    return lang, valence, sounds


def _without_handles(found: Found, handles: set[str]) -> Found:
    """Quotes without the handles of those who wrote."""

    def masked(quote: Quote) -> Quote:
        return replace(
            quote, text=_WORD.sub(lambda word: "…" if _is_handle(word[0], handles) else word[0], quote.text)
        )

    topics = tuple(replace(topic, quotes=tuple(map(masked, topic.quotes))) for topic in found.topics)
    return replace(found, topics=topics)


def _is_handle(word: str, handles: set[str]) -> bool:
    return word.lower().strip(".-+@") in handles
