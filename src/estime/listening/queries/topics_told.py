"""Kept topics as they may be told: none of fewer people than `privacy.smallest_group`, none that reveals what is
nobody's business while that is switched off. Light: pages ask on each visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from estime.jobs import api as jobs
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.queries.texts import text_shown
from estime.listening.survey_numbers import Estimate, share_estimate
from estime.listening.topic_models import DAYS, KeptTopic, TopicRun
from estime.listening.topics.packing import unpacked

_TEXTS: Final = ledger.ActFilter(types=("Create", "Question"), standing=True)


@dataclass(frozen=True)
class TopicTrend:
    """How many times as many of those who write as before. Numbers are None where they would tell of few people."""

    direction: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class TopicTold:
    """A topic for readers. Counts are of members, not of the brand; None where they are fewer than may be told.

    `newcomers`, `regulars`: None where one of them is; `mostly` then says which are more: `newcomers`, `regulars` or
    `both`. `negative`: share of the members whose tone is clear who sound negative. `quotes`: acts' seqs, each with how
    many texts say nearly the same; `acts`: all of it, the newest first. Both are empty where few speak of it now.
    """

    number: int
    label: str
    terms: tuple[str, ...]
    sensitive: str
    members: int | None
    before: int | None
    newcomers: int | None
    regulars: int | None
    mostly: str
    brand: int
    texts: int | None
    trend: TopicTrend | None
    negative: Estimate | None
    read: int
    quotes: tuple[tuple[int, int], ...]
    acts: tuple[int, ...]


@dataclass(frozen=True)
class TopicsTold:
    """What was found in one place. `few`: topics that are not told because few people share them; `channel`: its
    number, 0 for all."""

    channel: int
    days: int
    made: datetime
    before: datetime | None
    since: datetime | None
    until: datetime | None
    outcome: str
    texts: int
    people: int
    before_texts: int
    before_people: int
    coverage: float
    stability: float | None
    cut: bool
    few: int
    left_out: dict[str, int]
    topics: tuple[TopicTold, ...]


def topics_told(channel: int, days: int) -> TopicsTold | None:
    """What is kept of one channel (0 for all) over so many days; None where nobody looked yet."""
    run = TopicRun.objects.filter(channel=channel, days=days).first()
    if run is None:
        return None
    privacy = configuration().privacy
    left_out, told, few = dict(run.left_out), [], 0
    for topic in KeptTopic.objects.filter(run=run).order_by("place"):
        if topic.sensitive and not privacy.sensitive_topics:
            left_out[topic.sensitive] = left_out.get(topic.sensitive, 0) + 1
            continue
        one = _told(topic, privacy.smallest_group)
        if one is None:
            few += 1
        else:
            told.append(one)
    fields = {name: getattr(run, name) for name in TopicsTold.__annotations__ if hasattr(run, name)}
    return TopicsTold(**fields | {"few": few, "left_out": left_out, "topics": tuple(told)})


def topic_told(channel: int, days: int, number: int) -> TopicTold | None:
    """One topic that may be told."""
    run = topics_told(channel, days)
    return next((topic for topic in run.topics if topic.number == number), None) if run else None


def topic_acts(seqs: Sequence[int]) -> dict[int, ledger.Listed]:
    """These acts with their whole texts: those that stand, of people who were not erased, that reveal nothing."""
    found = sorted(ledger.acts_among(_TEXTS, list(seqs)).found, reverse=True)
    acts = ledger.acts_listed(found, whole=True)
    return {act.seq: act for act in acts if act.text and not act.erased and text_shown(act.seq, act.text)}


def topics_choose(channel: int, days: int, by: int | None) -> UUID | None:
    """Have the topics of a place found; returns the job, None where they are kept already or cannot be."""
    if days not in DAYS or (channel and not ledger.channel_names([channel])):
        return None
    if TopicRun.objects.filter(channel=channel, days=days).exists():
        return None
    return jobs.enqueue("topics", {"channel": channel, "days": days}, key=f"topics {channel} {days}", by=by)


def _told(topic: KeptTopic, smallest: int) -> TopicTold | None:
    """The topic, or None where as few people as may not be told spoke of it now and before."""
    members, before = topic.people - topic.brand_people, topic.before_people - topic.before_brand
    if max(members, before) < smallest:
        return None
    now_known, before_known = _known(members, smallest), _known(before, smallest)
    known = now_known is not None and before_known is not None
    parts = [_known(one, smallest) for one in (topic.newcomers, topic.regulars)]
    split = now_known is not None and None not in parts
    tells = members >= smallest
    return TopicTold(
        number=topic.number,
        label=topic.label,
        terms=tuple(topic.terms),
        sensitive=topic.sensitive,
        members=now_known,
        before=before_known,
        newcomers=parts[0] if split else None,
        regulars=parts[1] if split else None,
        mostly=_mostly(topic) if tells and not split else "",
        brand=topic.brand_people,
        texts=topic.texts if tells else None,
        trend=_trend(topic, known),
        negative=share_estimate(topic.negative_people, topic.read_people)
        if topic.read_people >= smallest
        else None,
        read=topic.read_people if topic.read_people >= smallest else 0,
        quotes=tuple((int(seq), int(near)) for seq, near in topic.quotes) if tells else (),
        acts=tuple(unpacked(topic.acts)) if tells else (),
    )


def _known(people: int, smallest: int) -> int | None:
    """A count that may be told: nobody, or enough."""
    return people if people == 0 or people >= smallest else None


def _mostly(topic: KeptTopic) -> str:
    if topic.newcomers > 2 * topic.regulars:
        return "newcomers"
    return "regulars" if topic.regulars > 2 * topic.newcomers else "both"


def _trend(topic: KeptTopic, known: bool) -> TopicTrend | None:
    if not topic.direction:
        return None
    if not known:
        direction = {"new": "more", "gone": "less"}.get(topic.direction, topic.direction)
        return TopicTrend(direction, None, None, None)
    return TopicTrend(topic.direction, topic.ratio, topic.low, topic.high)
