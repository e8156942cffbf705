"""One's own place on the engagement map: where, told from which texts, and what one says against it.

Of others, only groups are told: `GET /figures?measure=map` and its neighbours.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Router, Schema

from estime.engagement import api as engagement
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation.asking import OWN, TAKE_PART, Number, actor, nothing
from estime.rest.endpoints.cocreation.shapes.base import TEXT, Sent
from estime.rest.endpoints.cocreation.spaces import READS, WRITES

router = Router(tags=["mine"])
NEWEST: Final = 100
"""So many of one's texts are told."""

Meant = Literal[-1, 0, 1]
Reason = Annotated[str, Field(max_length=2000, pattern=TEXT)]


class Stands(Schema):
    """A place, from −1 to 1 with its 90 % interval."""

    channel: str
    as_of: datetime
    value: float
    low: float
    high: float
    cell: str = Field(description="See docs/measures/map.md.")
    pieces: int = Field(description="Texts and answers that it is told from.")


class OwnReading(Schema):
    """How a text of one's own was read toward the brand, from −1 to 1, and what one said of that."""

    id: int
    act: str
    published: datetime
    value: float
    weight: float
    contested: bool
    meant: int | None = Field(description="As one meant it; null where it is left out, or not contested.")
    reason: str


class OwnPlace(Schema):
    """One's place: null where it is not known, where one is not placed, or where nobody's is told."""

    estimated: bool = Field(description="Whether places of single people are estimated here at all.")
    place: Stands | None
    objects: bool
    out: bool = Field(description="Whether one asked not to be placed.")
    readings: list[OwnReading]


class ContestSent(Sent):
    """As one meant a text: -1 against the brand, 0 neither, 1 for it; null has it left out."""

    meant: Meant | None
    reason: Reason = ""


class PlaceObjectionSent(Sent):
    """That one's place is wrong; with `out`, that one is not to be placed."""

    out: bool
    reason: Reason = ""


@router.get(
    "/me/place",
    auth=OWN,
    response={200: OwnPlace, **READS},
    operation_id="place_own",
    summary="Get one’s own place",
)
def place_own(request: HttpRequest) -> HttpResponse:
    """Where one stands on the engagement map, and how one’s newest texts were read."""
    return answer(request, _told(actor(request).account))


@router.put(
    "/me/place/objection",
    auth=TAKE_PART,
    response={200: OwnPlace, **WRITES},
    operation_id="place_object",
    summary="Object to one’s place",
)
def place_object(request: HttpRequest, sent: Body[PlaceObjectionSent]) -> HttpResponse:
    """Say that one’s place is wrong, or have none. Kept with its reason."""
    account = _account(request)
    engagement.place_contest(account, sent.reason, out=sent.out)
    return answer(request, _told(account))


@router.delete(
    "/me/place/objection",
    auth=TAKE_PART,
    response={200: OwnPlace, **WRITES},
    operation_id="place_object_withdraw",
    summary="Take the objection back",
)
def place_object_withdraw(request: HttpRequest) -> HttpResponse:
    """The objection counts no more."""
    account = _account(request)
    engagement.place_contest_withdraw(account)
    return answer(request, _told(account))


@router.put(
    "/me/place/readings/{number}",
    auth=TAKE_PART,
    response={200: OwnPlace, **WRITES},
    operation_id="place_contest",
    summary="Contest how a text was read",
)
def place_contest(request: HttpRequest, number: Number, sent: Body[ContestSent]) -> HttpResponse:
    """Have a text of one’s own count as one meant it, or not at all."""
    account = _account(request)
    engagement.reading_contest(account, number, sent.meant, sent.reason)
    return answer(request, _told(account))


@router.delete(
    "/me/place/readings/{number}",
    auth=TAKE_PART,
    response={200: OwnPlace, **WRITES},
    operation_id="place_contest_withdraw",
    summary="Have a text read as before",
)
def place_contest_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """What one said of its reading counts no more."""
    account = _account(request)
    engagement.reading_contest_withdraw(account, number)
    return answer(request, _told(account))


def _account(request: HttpRequest) -> int:
    account = actor(request).account
    if account is None:
        raise nothing()
    return account


def _told(account: int | None) -> dict[str, Any]:
    place = None if account is None else engagement.person_place(account)
    objection = None if account is None else engagement.objection_of(account)
    texts = [] if account is None else engagement.person_texts(account, NEWEST)
    return {
        "estimated": engagement.places_on(),
        "place": None if place is None else {"channel": place.scope, **_without_scope(place)},
        "objects": objection is not None,
        "out": objection is not None and objection.out,
        "readings": [_reading(each) for each in texts],
    }


def _without_scope(place: engagement.PersonPlace) -> dict[str, Any]:
    told = place._asdict()
    del told["scope"]
    return told


def _reading(text: engagement.Weighing) -> dict[str, Any]:
    return {
        "id": text.seq,
        "act": text.act,
        "published": text.published,
        "value": text.value,
        "weight": text.weight,
        "contested": text.contest is not None,
        "meant": None if text.contest is None else text.contest.meant,
        "reason": "" if text.contest is None else text.contest.reason,
    }
