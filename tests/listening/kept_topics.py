"""Kept topics written by hand, for tests of what is told of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ledger.acts import START

from estime.listening.topic_models import KeptTopic, TopicRun
from estime.listening.topics.packing import packed


def run(channel: int = 0, days: int = 90, **more: Any) -> TopicRun:
    told = {
        "mark": "m",
        "made": START,
        "before": START - timedelta(days=days),
        "since": START,
        "until": START + timedelta(days=days),
        "outcome": "found",
        "texts": 80,
        "people": 40,
        "before_texts": 60,
        "before_people": 30,
        "coverage": 0.75,
        "stability": 0.5,
    }
    return TopicRun.objects.create(channel=channel, days=days, **(told | more))


def topic(of: TopicRun, number: int = 1, *, seqs: Sequence[int] = (), **more: Any) -> KeptTopic:
    """A topic of 24 members and 2 accounts of the brand, of 12 members before."""
    told: dict[str, Any] = {
        "label": f"bread {number} · crust",
        "terms": ["bread", "crust", "oven", "flour"],
        "texts": 30,
        "newcomers": 11,
        "regulars": 13,
        "brand_people": 2,
        "brand_texts": 2,
        "before_texts": 14,
        "before_people": 12,
        "before_brand": 0,
        "ratio": 2.0,
        "low": 1.2,
        "high": 3.3,
        "direction": "more",
        "read_people": 20,
        "negative_people": 5,
        "quotes": [[seq, 1] for seq in seqs],
        "acts": packed(seqs),
    } | more
    told.setdefault("people", told["newcomers"] + told["regulars"] + told["brand_people"])
    return KeptTopic.objects.create(run=of, number=number, place=number, **told)
