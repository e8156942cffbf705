"""What people speak of, now against before: topics as the page of listening tells them."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.rest.answers import answer
from estime.rest.auth import Token
from estime.rest.filters import InScope
from estime.rest.reference import problems
from estime.rest.scopes import channel_asked

router = Router(tags=["listening"])


class OfDays(InScope):
    """Which days."""

    days: Literal["30", "90", "365"] = Field("90", description="How many days, back from the newest text.")


class TopicShare(Schema):
    """A share of people with the ends of its 95 % interval."""

    people: int
    share: float
    low: float
    high: float


class TopicChange(Schema):
    """How many times as many of those who write as before, with the ends of its 95 % interval."""

    direction: Literal["more", "less", "same", "new", "gone"]
    ratio: float | None = Field(description="Null where it would tell of few people.")
    low: float | None
    high: float | None


class TopicQuote(Schema):
    """An act in which the topic is said; `GET /acts/{id}` tells its text to whoever may read it."""

    act: str
    published: datetime
    alike: int = Field(description="How many texts say nearly the same, this one with them.")


class OneTopic(Schema):
    """What several people share. Counts are of people who do not speak for the brand; null: fewer than may be told."""

    id: int = Field(description="Stays the topic's own as texts arrive, for one scope and number of days.")
    label: str
    terms: list[str]
    people: int | None
    people_before: int | None
    newcomers: int | None
    regulars: int | None
    brand_accounts: int
    texts: int | None
    trend: TopicChange | None
    negative: TopicShare | None = Field(description="Who sound negative, of those whose tone is clear.")
    quotes: list[TopicQuote]


class TopicsList(Schema):
    """What was found. `outcome` is `found`, or says why nothing was; `not-yet` where nobody looked yet."""

    scope: str
    days: int
    outcome: Literal["found", "not-yet", "no-text", "no-words", "one-person", "too-few", "nothing-shared"]
    made: datetime | None
    before: datetime | None
    since: datetime | None
    until: datetime | None
    texts: int
    people: int
    coverage: float = Field(description="Share of the texts that speak of a topic.")
    stability: float | None = Field(
        description="How far two halves of the writers agree: 1 wholly, 0 by chance."
    )
    few: int = Field(description="Topics that are not told because too few people share them.")
    left_out: dict[str, int] = Field(description="Topics that reveal what is nobody's business, by kind.")
    topics: list[OneTopic]


@router.get(
    "/topics",
    auth=Token("listening:read"),
    response={200: TopicsList, **problems(401, 403, 404, 429, 503)},
    operation_id="topics_list",
    summary="List what people speak of",
)
def topics_list(request: HttpRequest, asked: Query[OfDays]) -> HttpResponse:
    """Topics that were found last, the most people first. Other days than 90 are found once the page is asked."""
    scope, channel = channel_asked(request, asked.scope)
    found = listening.topics_told(channel, int(asked.days))
    return answer(request, {"scope": scope, "days": int(asked.days), **_told(found)})


def _told(found: listening.TopicsTold | None) -> dict[str, Any]:
    if found is None:
        times = dict.fromkeys(("made", "before", "since", "until", "stability"))
        counts = dict.fromkeys(("texts", "people", "few"), 0)
        return {"outcome": "not-yet", **times, **counts, "coverage": 0.0, "left_out": {}, "topics": []}
    names = "outcome made before since until texts people coverage stability few left_out".split()
    quoted = [seq for topic in found.topics for seq, _near in topic.quotes]
    acts = listening.topic_acts(quoted) if quoted else {}
    return {name: getattr(found, name) for name in names} | {
        "topics": [_topic(one, acts) for one in found.topics]
    }


def _topic(topic: listening.TopicTold, acts: dict[int, ledger.Listed]) -> dict[str, Any]:
    share, trend = topic.negative, topic.trend
    return {
        "id": topic.number,
        "label": topic.label,
        "terms": list(topic.terms),
        "people": topic.members,
        "people_before": topic.before,
        "newcomers": topic.newcomers,
        "regulars": topic.regulars,
        "brand_accounts": topic.brand,
        "texts": topic.texts,
        "trend": vars(trend) if trend else None,
        "negative": {"people": topic.read, "share": share.value, "low": share.low, "high": share.high}
        if share
        else None,
        "quotes": [
            {"act": str(acts[seq].id), "published": acts[seq].published, "alike": near}
            for seq, near in topic.quotes
            if seq in acts
        ],
    }
