"""Spaces: which there are, what happens there, how much say members have had."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Entry, Space
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    READ,
    Number,
    Slug,
    actor,
    challenge_open_seen,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.shapes import spaces as shapes
from estime.rest.once import made
from estime.rest.reference import problems

router = Router(tags=["spaces"])
READS = problems(401, 403, 404, 429, 503)
WRITES = problems(400, 401, 403, 404, 409, 413, 429, 503)


@router.get(
    "/spaces",
    auth=READ,
    response={200: shapes.Spaces, **READS},
    operation_id="spaces_list",
    summary="List spaces",
)
def spaces_list(request: HttpRequest) -> HttpResponse:
    """The spaces that whoever asks may read: public ones for everybody, the others for whoever takes part."""
    member = reader(request)
    found = cocreation.spaces_listed(member.user if member is not None else None)
    return answer(request, {"spaces": [space_told(each) for each in found]})


@router.post(
    "/spaces",
    auth=LEAD,
    response={201: shapes.Space, **WRITES},
    operation_id="spaces_make",
    summary="Make a space",
)
def spaces_make(request: HttpRequest, sent: Body[shapes.SpaceMade]) -> HttpResponse:
    """A new space; the owner of the token manages spaces (`space.manage`)."""
    by = actor(request)
    return made(
        request,
        lambda: cocreation.space_make(by, _words(sent), slug=sent.slug).slug,
        lambda slug: space_told(space_seen(slug, by)),
    )


@router.get(
    "/spaces/{slug}",
    auth=READ,
    response={200: shapes.Space, **READS},
    operation_id="spaces_get",
    summary="Get a space",
)
def spaces_get(request: HttpRequest, slug: Slug) -> HttpResponse:
    """One space."""
    return answer(request, space_told(space_seen(slug, reader(request))))


@router.put(
    "/spaces/{slug}",
    auth=LEAD,
    response={200: shapes.Space, **WRITES},
    operation_id="spaces_change",
    summary="Change a space",
)
def spaces_change(request: HttpRequest, slug: Slug, sent: Body[shapes.SpaceSent]) -> HttpResponse:
    """Say something else of a space; its address stays."""
    by = actor(request)
    return answer(request, space_told(cocreation.space_change(by, space_seen(slug, by), _words(sent))))


@router.get(
    "/spaces/{slug}/power",
    auth=READ,
    response={200: shapes.Power, **READS},
    operation_id="spaces_power",
    summary="Get the power handed over",
)
def spaces_power(request: HttpRequest, slug: Slug) -> HttpResponse:
    """How much say members have had in a space, and whether what was promised came in time."""
    told = cocreation.power_of(space_seen(slug, reader(request)))
    nested = {name: getattr(told, name)._asdict() for name in ("votes", "questions", "contributions")}
    return answer(request, {**told._asdict(), **nested})


@router.get(
    "/spaces/{slug}/considered",
    auth=READ,
    response={200: shapes.Quarters, **READS},
    operation_id="spaces_considered",
    summary="Get what people say of answers",
)
def spaces_considered(request: HttpRequest, slug: Slug) -> HttpResponse:
    """“Does it take what I said into account?”: what authors answered, by quarter, newest first."""
    found = cocreation.considered_quarters(space_seen(slug, reader(request)))
    return answer(request, {"quarters": [each._asdict() for each in found]})


@router.get(
    "/spaces/{slug}/events",
    auth=READ,
    response={200: shapes.Events, **READS},
    operation_id="spaces_events",
    summary="List what happened in a space",
)
def spaces_events(request: HttpRequest, slug: Slug) -> HttpResponse:
    """The newest forty events that a feed tells; of what does not stand any more, none."""
    found = cocreation.feed(space_seen(slug, reader(request)))
    return answer(request, {"events": [_entry(each) for each in found]})


@router.get(
    "/challenges/{number}/events",
    auth=READ,
    response={200: shapes.Events, **READS},
    operation_id="challenges_events",
    summary="List what happened in a challenge",
)
def challenges_events(request: HttpRequest, number: Number) -> HttpResponse:
    """The newest forty events of one challenge."""
    found = cocreation.feed(challenge_open_seen(number, reader(request)))
    return answer(request, {"events": [_entry(each) for each in found]})


@router.get(
    "/spaces/{slug}/newcomers",
    auth=READ,
    response={200: shapes.Newcomers, **READS},
    operation_id="spaces_newcomers",
    summary="List newcomers who wait for an answer",
)
def spaces_newcomers(request: HttpRequest, slug: Slug) -> HttpResponse:
    """First words of the last month that nobody has answered, newest first, without one’s own."""
    member = reader(request)
    found = cocreation.newcomers_waiting(space_seen(slug, member), member)
    told = [
        {
            "who": telling.person(one.member),
            "contribution": one.contribution.pk if one.contribution else None,
            "comment": one.comment.pk if one.comment else None,
        }
        for one in found
    ]
    return answer(request, {"newcomers": told})


def space_told(space: Space) -> dict[str, Any]:
    names = (
        "slug",
        "title",
        "about",
        "language",
        "public",
        "fictional",
        "attribution",
        "threshold",
        "created",
    )
    return {**{name: getattr(space, name) for name in names}, "running": getattr(space, "running", None)}


def _words(sent: shapes.SpaceSent) -> cocreation.SpaceWords:
    return cocreation.SpaceWords(
        sent.title, sent.about, sent.language, sent.public, sent.fictional, sent.attribution, sent.threshold
    )


def _entry(entry: Entry) -> dict[str, Any]:
    return {**event_told(entry.event), "title": entry.title}


def event_told(event: cocreation.Event) -> dict[str, Any]:
    """An event without the title of what it happened to."""
    by = telling.person(event.by) if event.by is not None else None
    return {
        "id": event.pk,
        "kind": event.kind,
        "at": event.at,
        "by": by,
        "words": cocreation.news_words(event, (by or {}).get("name") or ""),
        "contribution": event.contribution_id,
        "question": event.interpellation_id,
        "challenge": event.challenge_id,
        "data": event.data,
    }
