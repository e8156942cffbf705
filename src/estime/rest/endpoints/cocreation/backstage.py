"""The deal of a challenge, and its backstage: what holds, and what the brand gives first."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Body, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Backstage, Challenge, Deal, File, Member
from estime.kernel.configuration import configuration
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    READ,
    Number,
    actor,
    challenge_seen,
    nothing,
    reader,
)
from estime.rest.endpoints.cocreation.shapes import challenges as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.endpoints.cocreation.uploads import file_sent, multipart
from estime.rest.once import made
from estime.rest.reference import problems

router = Router(tags=["challenges"])
PICTURE = "image/webp"
UPLOADS = problems(400, 401, 403, 404, 409, 411, 413, 415, 429, 503)
_PARTS = ("owns", "licence", "if_adopted", "if_refused", "if_withdrawn", "if_altered")


@router.get(
    "/challenges/{number}/deals",
    auth=READ,
    response={200: shapes.Deals, **READS},
    operation_id="deals_list",
    summary="List the versions of the deal",
)
def deals_list(request: HttpRequest, number: Number) -> HttpResponse:
    """Newest first: the first one holds. Whoever gives something agrees to it, by its version."""
    member = reader(request)
    return answer(request, _deals(challenge_seen(number, member), member))


@router.post(
    "/challenges/{number}/deals",
    auth=LEAD,
    response={200: shapes.Deals, **WRITES},
    operation_id="deals_write",
    summary="Write the deal",
)
def deals_write(request: HttpRequest, number: Number, sent: Body[shapes.DealSent]) -> HttpResponse:
    """The deal of a draft, or a new version with its reason once it is open. The same words make no new version."""
    by = actor(request)
    challenge = challenge_seen(number, by)
    words = cocreation.DealWords(**{name: getattr(sent, name) for name in _PARTS})
    cocreation.deal_write(by, challenge, words, reason=sent.reason)
    return answer(request, _deals(challenge, by))


def _deals(challenge: Challenge, member: Member | None) -> dict[str, Any]:
    accepted = cocreation.deals_accepted(member, challenge) if member is not None else {}
    return {"deals": [_deal(each, accepted.get(each.pk)) for each in cocreation.deals_of(challenge)]}


def _deal(deal: Deal, accepted: object) -> dict[str, Any]:
    parts = {name: getattr(deal, name) for name in _PARTS}
    return {
        "version": deal.version, **parts, "reason": deal.reason or None, "at": deal.at, "accepted": accepted
    }  # fmt: skip


@router.get(
    "/challenges/{number}/backstage",
    auth=READ,
    response={200: shapes.Backstage, **READS},
    operation_id="backstage_list",
    summary="List the backstage",
)
def backstage_list(request: HttpRequest, number: Number) -> HttpResponse:
    """What the brand gave first, newest first."""
    entries = cocreation.backstage_of(challenge_seen(number, reader(request)))
    told = [_entry(each) for each in entries]
    return answer(request, {"entries": told, "mentions": telling.mentions(*(each.body for each in entries))})


@router.post(
    "/challenges/{number}/backstage",
    auth=LEAD,
    response={201: shapes.Entry, **WRITES},
    operation_id="backstage_give",
    summary="Give something backstage",
)
def backstage_give(request: HttpRequest, number: Number, sent: Body[shapes.BackstageSent]) -> HttpResponse:
    """An entry; its files are sent to it afterwards. The same words twice in a row are one entry."""
    by = actor(request)
    challenge = challenge_seen(number, by)
    return made(
        request,
        lambda: cocreation.backstage_give(by, challenge, sent.title, sent.body).pk,
        lambda entry: _entry(_found(challenge, int(entry))),
    )


@router.put(
    "/challenges/{number}/backstage/{entry}",
    auth=LEAD,
    response={200: shapes.Entry, **WRITES},
    operation_id="backstage_change",
    summary="Say it better",
)
def backstage_change(
    request: HttpRequest, number: Number, entry: Number, sent: Body[shapes.BackstageSent]
) -> HttpResponse:
    """Other words for an entry; once the challenge is open it says that it was changed."""
    by = actor(request)
    challenge = challenge_seen(number, by)
    cocreation.backstage_change(by, _found(challenge, entry), sent.title, sent.body)
    return answer(request, _entry(_found(challenge, entry)))


@router.post(
    "/challenges/{number}/backstage/{entry}/files",
    auth=LEAD,
    response={201: shapes.File, **UPLOADS},
    operation_id="files_give",
    summary="Put a file beside an entry",
    openapi_extra=multipart(),
)
def files_give(request: HttpRequest, number: Number, entry: Number) -> HttpResponse:
    """One file, in the field `file`. What is in it is looked at, not what its name says; the same twice is one."""
    by = actor(request)
    found = _found(challenge_seen(number, by), entry)
    limits = configuration().cocreation
    sent = file_sent(request, max(limits.file_mb, limits.picture_mb) << 20)
    kept = cocreation.backstage_file_give(by, found, sent, sent.name or "")
    return answer(request, _file(kept), status=201)


@router.get(
    "/files/{uuid:key}",
    auth=READ,
    response={200: str, **READS},
    operation_id="files_get",
    summary="Get a file",
)
def files_get(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A file of the backstage, to be saved. Whether whoever asks may have it is asked each time."""
    file = cocreation.file_seen(key, reader(request))
    if file is None:
        raise nothing()
    if file.media_type == PICTURE:
        path = cocreation.picture_path(file.sha256, "main")
    else:
        path = cocreation.file_path(file.sha256)
    response = FileResponse(path.open("rb"))
    for name, value in cocreation.file_headers(file.name, file.media_type, file.sha256).items():
        response[name] = value
    return response


@router.delete(
    "/files/{uuid:key}",
    auth=LEAD,
    response={200: Given, **WRITES},
    operation_id="files_drop",
    summary="Take a file away",
)
def files_drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file goes from its entry. What others saved stays with them."""
    by = actor(request)
    file = cocreation.file_seen(key, by)
    if file is None:
        raise nothing()
    cocreation.backstage_file_drop(by, file)
    return answer(request, {"holds": False, "count": None})


def _found(challenge: Challenge, entry: int) -> Backstage:
    found = challenge.backstage.select_related("by", "challenge__space").filter(pk=entry).first()
    if found is None:
        raise nothing()
    return found


def _entry(entry: Backstage) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "title": entry.title,
        "body": entry.body,
        "by": telling.person(entry.by),
        "at": entry.at,
        "changed": entry.changed,
        "files": [_file(each) for each in entry.files.all()],
    }


def _file(file: File) -> dict[str, Any]:
    return {"id": str(file.pk), "name": file.name, "media_type": file.media_type, "size": file.size}
