"""Topics as plain values for JSON: for programs, on the command line and over REST."""

from dataclasses import asdict
from typing import Any

from estime.listening.topics.result import Found, Topic


def as_json(found: Found) -> dict[str, Any]:
    """Everything that may be shown; neither members nor what is carried."""
    return {
        "outcome": found.outcome,
        "said": found.said,
        "texts": found.texts,
        "people": found.people,
        "before": {"texts": found.before_texts, "people": found.before_people},
        "groups": found.groups,
        "coverage": round(found.coverage, 4),
        "without_topic": round(1 - found.coverage, 4) if found.texts else None,
        "stability": None if found.stability is None else round(found.stability, 4),
        "left_out": found.left_out,
        "topics": [_topic(topic) for topic in found.topics],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    told = asdict(topic)
    if topic.trend is not None and topic.trend.ratio is not None:
        told["trend"] |= {name: round(told["trend"][name], 4) for name in ("ratio", "low", "high")}
    return told
