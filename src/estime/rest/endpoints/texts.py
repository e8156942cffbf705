"""Texts with what was read in them, and brand against products: GET /texts, GET /targets."""

from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.people import api as people
from estime.readouts.mentions import people_named, without_mentions, without_people
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.cursors import cursor_of, place_of
from estime.rest.endpoints.acts import next_link
from estime.rest.errors import NotThere
from estime.rest.filters import Name, Words
from estime.rest.reference import PAGED, problems

ALL: Final = "*"
SEE: Final = Token("listening:read")
NOTHING: Final = listening.TextPage([], "", None, 0, ())
"""Between a day and an earlier one nothing was written."""
router = Router(tags=["listening"])

Polarity = Literal["negative", "neutral", "positive"]
Emotion = Literal["anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust"]
Language = Literal["fr", "en", "other", "und"]
Target = Literal["unknown", "brand", "product", "member", "third_party"]


class OfTexts(Schema):
    """Which texts. Days are days of UTC, both included."""

    text: Words = Field("", description="Words, as for `GET /acts`.")
    channel: Name = Field("", description="Only of this channel.")
    since: date | None = Field(None, description="Written on this day or later.")
    until: date | None = Field(None, description="Written on this day or earlier.")
    lang: Language | None = Field(None, description="The language it was read in; `und`: too short to tell.")
    polarity: Literal["negative", "neutral", "positive", "unclear"] | None = Field(
        None, description="How it reads; `unclear`: it cannot be told."
    )
    emotion: Emotion | None = Field(None, description="An emotion that is likely enough to be told.")
    target: Name = Field(
        "",
        description="`brand`, `product`, `member`, `third_party`; `product-mon-savon`: the one of this name.",
    )
    brand: bool | None = Field(None, description="By the brand, or by others.")
    alike: UUID | None = Field(None, description="Near-duplicates of the text of this act.")
    limit: int = Field(50, ge=1, le=100)
    cursor: str = Field(
        "", max_length=500, description="`next` of the page before, with the same parameters."
    )


class Polarities(Schema):
    """Probabilities; they add up to one."""

    negative: float
    neutral: float
    positive: float


class ReadAs(Schema):
    """What was read in a text. `unclear`: no polarity is likelier than all others together."""

    lang: Language
    polarity: Polarities
    emotions: list[Emotion]
    unclear: bool
    target: Target
    target_name: str | None = Field(description="Which brand, product or other of those listed.")


class TextTold(Schema):
    """A text. `reading` is null where it was not read yet; `alike`: how many others say nearly the same, at most
    1,000."""

    id: UUID = Field(description="The act that wrote it.")
    channel: str
    account: str | None = Field(description="Null without the scope persons:read, as is the handle.")
    handle: str | None
    published: str
    content: str
    reading: ReadAs | None
    alike: int


class Texts(Schema):
    """Texts, newest first; copies on one page stand there once.

    `looked_back_to`: so many had to be looked at that this page ends there; the next goes on. `left_out`: texts that
    reveal something sensitive, null where it is asked how texts read: the number would tell it of them. `ignored`:
    words that cannot be looked for.
    """

    texts: list[TextTold]
    next: str | None
    looked_back_to: date | None
    left_out: int | None
    ignored: list[str]


@router.get(
    "/texts",
    auth=SEE,
    response={200: Texts, **problems(400, 401, 403, 404, 429, 503)},
    operation_id="texts_list",
    summary="List texts with their readings",
    openapi_extra=PAGED,
)
def texts_list(request: HttpRequest, asked: Query[OfTexts]) -> HttpResponse:
    """The same list as the page of texts. A page may have few texts and yet a `next`: ask on.

    Without the scope persons:read: nothing of who wrote, so that nobody adds up what one person feels, and texts
    without the people who are named in them.
    """
    bearer = bearer_here(request)
    place = reached(bearer, asked.channel or bearer.channel)
    named = bearer.may("persons:read")
    words, ignored = (asked.text, []) if named else without_people(asked.text)
    fields = _fields(asked) | ({"channel": place} if place else {})
    told, errors = listening.text_asked(fields, words)
    if set(errors) - {"until"}:
        raise NotThere(
            " ".join(errors.values()), todo="Look at GET /channels, and at what is listed in estime.toml."
        )
    question = ["texts", words, fields]
    after = place_of(question, asked.cursor) if asked.cursor else ""
    page = NOTHING if errors else listening.texts_page(told, after=after, limit=asked.limit)
    shown = [text.act for text in page.texts]
    seen = {act.account for act in shown if act.handle is not None} if named else set[int]()
    people.looks_record(bearer.owner, sorted(seen | people_named(words, shown)), "rest", once=True)
    following = cursor_of(question, page.older) if page.older else None
    channels = {pk: name for name, (pk, _) in ledger.channel_formats().items()}
    body = {
        "texts": [_text(text, channels[text.act.channel], named) for text in page.texts],
        "next": following,
        "looked_back_to": page.stopped,
        "left_out": page.left_out,
        "ignored": [*ignored, *page.ignored],
    }
    return answer(request, body, headers={"Link": next_link(request, following)} if following else {})


def _fields(asked: OfTexts) -> dict[str, str]:
    """As an address of the page has them."""
    told = asked.dict(exclude={"text", "channel", "limit", "cursor", "brand"}, exclude_none=True)
    fields = {name: str(value) for name, value in told.items() if value != ""}
    return fields if asked.brand is None else {**fields, "brand": str(int(asked.brand))}


def _text(text: listening.HeardText, channel: str, named: bool) -> dict[str, Any]:
    act = text.act
    return {
        "id": act.id,
        "channel": channel,
        "account": str(act.account) if named else None,
        "handle": act.handle if named else None,
        "published": act.published.isoformat(),
        "content": act.text if named else without_mentions(act.text or ""),
        "reading": _reading(text.reading) if text.reading else None,
        "alike": text.alike,
    }


def _reading(one: listening.TextReading) -> dict[str, Any]:
    return {
        "lang": listening.LANGUAGE_NAMES[one.lang],
        "polarity": {name: getattr(one, name) / 1000 for name in ("negative", "neutral", "positive")},
        "emotions": listening.emotions_told(one),
        "unclear": one.unclear,
        "target": listening.TARGET_NAMES[one.target],
        "target_name": target_name(one.target, one.target_id),
    }


def target_name(kind: int, identity: int) -> str | None:
    """What is listed, by its name; None for what is not."""
    listed = listening.target_listed(kind, identity)
    return listed.name if listed is not None else None


class OfTargets(Schema):
    """Which window."""

    days: Literal["7", "30", "90", "365"] = Field("90", description="So many days, against as many before.")


class Share(Schema):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


class Reads(Schema):
    """How texts read. `shares` are of the `clear` texts; null where fewer people wrote than may be told."""

    texts: int
    people: int
    clear: int
    negative: Share | None
    neutral: Share | None
    positive: Share | None


class TargetTold(Schema):
    """A target; `name` null: all texts about this kind together."""

    target: Target
    name: str | None
    now: Reads
    before: Reads


class Targets(Schema):
    """Brand and products in one window. All null and empty before anything was counted."""

    since: date | None
    until: date | None
    before: date | None
    smallest_group: int
    targets: list[TargetTold]


@router.get(
    "/targets",
    auth=SEE,
    response={200: Targets, **problems(401, 403, 429, 503)},
    operation_id="targets_list",
    summary="Compare brand and products",
)
def targets_list(request: HttpRequest, asked: Query[OfTargets]) -> HttpResponse:
    """How texts of members about each read, now against before, on all channels: for a token that is for all."""
    reached(bearer_here(request), ALL)
    page = listening.targets_told(int(asked.days))
    told: dict[str, Any] = {
        "since": page.since if page else None,
        "until": page.until if page else None,
        "before": page.before if page else None,
        "smallest_group": configuration().privacy.smallest_group,
        "targets": [_target(one) for one in page.targets] if page else [],
    }
    return answer(request, told)


def _target(one: listening.TargetTold) -> dict[str, Any]:
    return {
        "target": listening.TARGET_NAMES[one.target],
        "name": target_name(one.target, one.target_id),
        "now": _reads(one.now),
        "before": _reads(one.before),
    }


def _reads(one: listening.Reads) -> dict[str, Any]:
    shares = [share._asdict() for share in one.shares] if one.shares else [None] * 3
    names = ("negative", "neutral", "positive")
    return {
        "texts": one.texts,
        "people": one.people,
        "clear": one.clear,
        **dict(zip(names, shares, strict=True)),
    }
