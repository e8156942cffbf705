"""Saved searches and their alerts: one's own, and those that colleagues share."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Router, Schema
from pydantic import StrictBool, StrictInt

from estime.listening import api as listening
from estime.people.api import User
from estime.readouts.mentions import without_people
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.endpoints.cocreation.asking import Number
from estime.rest.endpoints.cocreation.shapes.base import TEXT, Sent
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.endpoints.texts import ALL, SEE, Emotion, Language
from estime.rest.errors import NotThere
from estime.rest.once import made

router = Router(tags=["listening"])
WRITE: Final = Token("listening:write", writes=True)

Short = Annotated[str, Field(max_length=100, pattern=TEXT)]
Alert = Literal["", "each", "rise"]


class Asks(Schema):
    """What a search asks for; as for `GET /texts`."""

    text: Annotated[str, Field(max_length=300, pattern=TEXT)] = ""
    channel: Short = ""
    since: date | None = None
    until: date | None = None
    lang: Language | None = None
    polarity: Literal["negative", "neutral", "positive", "unclear"] | None = None
    emotion: Emotion | None = None
    target: Short = ""
    brand: StrictBool | None = None


class SearchSent(Sent, Asks):
    """A search as it is to be kept."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=TEXT)]
    shared: StrictBool = False
    alert: Alert = Field(
        "", description="each: new texts, once a day. rise: from so many people within so many days."
    )
    people: Annotated[StrictInt, Field(ge=2, le=10_000)] = 10
    days: Annotated[StrictInt, Field(ge=1, le=90)] = 7


class Search(Asks):
    """A search that is kept. `own`: it is one's own, to be changed.

    `amiss`: fields that name nothing any more (a channel that is gone, a target that is no longer listed), or `text`
    where its words named somebody who was erased. It finds nothing, and tells nothing, until it is changed.
    """

    id: int
    name: str
    own: bool
    shared: bool
    alert: Alert
    people: int
    days: int
    amiss: list[str]


class Searches(Schema):
    """One's own searches first, by name."""

    searches: list[Search]


class AlertTold(Schema):
    """What a search told. `before`: people in the days before a rise."""

    id: int
    search: int
    alert: Literal["each", "rise"]
    made: datetime
    texts: int
    people: int
    before: int | None
    since: date | None
    until: date | None
    new: bool = Field(description="Not seen yet.")


class Alerts(Schema):
    """The newest fifty alerts, newest first. `unseen`: of all that there are."""

    unseen: int
    alerts: list[AlertTold]


class SeenSent(Sent):
    """Up to which alert one has seen them."""

    upto: Annotated[StrictInt, Field(ge=1, lt=1 << 63)]


@router.get(
    "/searches",
    auth=SEE,
    response={200: Searches, **READS},
    operation_id="searches_list",
    summary="List saved searches",
)
def searches_list(request: HttpRequest) -> HttpResponse:
    """One's own, and those that colleagues share."""
    user = _user(request)
    told = [_search(request, one, user) for one in listening.searches_listed(user)]
    return answer(request, {"searches": told})


@router.post(
    "/searches",
    auth=WRITE,
    response={201: Search, **WRITES},
    operation_id="searches_save",
    summary="Save a search",
)
def searches_save(request: HttpRequest, sent: Body[SearchSent]) -> HttpResponse:
    """The same again is the same search; another one of the same name is refused."""
    user = _user(request)
    return made(
        request,
        lambda: listening.search_save(user, _draft(sent)).pk,
        lambda pk: _search(request, _seen(user, int(pk)), user),
    )


@router.get(
    "/searches/{number}",
    auth=SEE,
    response={200: Search, **READS},
    operation_id="searches_get",
    summary="Get a saved search",
)
def searches_get(request: HttpRequest, number: Number) -> HttpResponse:
    """One's own, or one that is shared."""
    user = _user(request)
    return answer(request, _search(request, _seen(user, number), user))


@router.put(
    "/searches/{number}",
    auth=WRITE,
    response={200: Search, **WRITES},
    operation_id="searches_change",
    summary="Change a saved search",
)
def searches_change(request: HttpRequest, number: Number, sent: Body[SearchSent]) -> HttpResponse:
    """One's own. What is asked anew begins anew: it tells of what comes in from now on."""
    user = _user(request)
    return answer(request, _search(request, listening.search_change(user, number, _draft(sent)), user))


@router.delete(
    "/searches/{number}",
    auth=WRITE,
    response={200: Searches, **WRITES},
    operation_id="searches_delete",
    summary="Delete a saved search",
)
def searches_delete(request: HttpRequest, number: Number) -> HttpResponse:
    """One's own, with its alerts; told are those that are left."""
    if not listening.search_delete(_user(request), number):
        raise _gone()
    return searches_list(request)


@router.get(
    "/alerts",
    auth=SEE,
    response={200: Alerts, **READS},
    operation_id="alerts_list",
    summary="List alerts of saved searches",
)
def alerts_list(request: HttpRequest) -> HttpResponse:
    """What those searches told. Asking does not mark them as seen."""
    user = _user(request)
    found, seen = listening.alerts_listed(user)
    told = [_alert(one, one.pk > seen) for one in found]
    return answer(request, {"unseen": listening.alerts_unseen(user), "alerts": told})


@router.put(
    "/alerts/seen",
    auth=WRITE,
    response={200: Alerts, **WRITES},
    operation_id="alerts_see",
    summary="Mark alerts as seen",
)
def alerts_see(request: HttpRequest, sent: Body[SeenSent]) -> HttpResponse:
    """Up to one of them; earlier ones too."""
    listening.alerts_seen(_user(request), sent.upto)
    return alerts_list(request)


def _user(request: HttpRequest) -> User:
    """Whose token it is. A search is of all channels, so the token has to be."""
    bearer = bearer_here(request)
    reached(bearer, ALL)
    return User.objects.get(pk=bearer.owner)


def _seen(user: User, number: int) -> listening.SavedSearch:
    found = listening.search_find(user, number)
    if found is None:
        raise _gone()
    return found


def _gone() -> NotThere:
    return NotThere("There is no such search that this token may see.", todo="Look at GET /searches.")


def _draft(sent: SearchSent) -> listening.SearchDraft:
    told = sent.dict(include=set(listening.KEPT) - {"brand"}, exclude_none=True)
    asked = {name: str(value) for name, value in told.items() if value != ""}
    if sent.brand is not None:
        asked["brand"] = str(int(sent.brand))
    return listening.SearchDraft(sent.name, sent.text, asked, sent.shared, sent.alert, sent.people, sent.days)


def _search(request: HttpRequest, one: listening.SavedSearch, user: User) -> dict[str, Any]:
    asked = listening.asked_of(one)
    named = bearer_here(request).may("persons:read") or one.owner_id == user.pk
    return {
        "id": one.pk,
        "name": one.name,
        "own": one.owner_id == user.pk,
        "shared": one.shared,
        "alert": one.alert,
        "people": one.people,
        "days": one.days,
        "amiss": ["text" if name == "words" else name for name in listening.search_amiss(one)],
        "text": one.words if named else without_people(one.words)[0],
        **{name: asked.get(name, "") for name in ("channel", "target")},
        **{name: asked.get(name) for name in ("since", "until", "lang", "polarity", "emotion")},
        "brand": None if "brand" not in asked else asked["brand"] == "1",
    }


def _alert(one: listening.SearchAlert, new: bool) -> dict[str, Any]:
    return {
        "id": one.pk,
        "search": one.search_id,
        "alert": one.kind,
        "made": one.made,
        "texts": one.texts,
        "people": one.people,
        "before": one.before if one.kind == listening.RISE else None,
        "since": one.since,
        "until": one.until,
        "new": new,
    }
