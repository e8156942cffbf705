"""Pictures that members bring: taken in, told, handed out. And whom a name that is being typed may mean."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from ninja import Body, Field, Query, Router, Schema

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member, Picture, Spot
from estime.kernel.configuration import configuration
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    OWN,
    READ,
    TAKE_PART,
    Slug,
    actor,
    challenge_open_seen,
    nothing,
    question_seen,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.backstage import UPLOADS
from estime.rest.endpoints.cocreation.shapes import contributions as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.endpoints.cocreation.uploads import field_sent, file_sent, multipart
from estime.rest.once import made

router = Router(tags=["pictures"])


class InSize(Schema):
    """How large."""

    size: Literal["main", "small"] = Field("main", description="The whole picture, or a small one.")


@router.post(
    "/spaces/{slug}/pictures",
    auth=TAKE_PART,
    response={201: shapes.PictureTold, **UPLOADS},
    operation_id="pictures_add",
    summary="Bring a picture",
    openapi_extra=multipart("alt"),
)
def pictures_add(request: HttpRequest, slug: Slug) -> HttpResponse:
    """One picture, in the field `file`, made anew from its pixels without metadata; `alt`: what it shows.

    Nobody else sees it until something that shows it, by its `markdown`, is published.
    """
    by = actor(request)
    space = space_seen(slug, by)
    sent = file_sent(request, configuration().cocreation.picture_mb << 20)
    alt = field_sent(request, "alt", 300)
    said = f"{alt}\n{sent.size}".encode()
    return made(
        request,
        lambda: cocreation.picture_add(by, space, sent, alt).pk,
        lambda key: _told(cocreation.picture_seen(UUID(key), by)),
        said=said,
        held=False,
    )


@router.get(
    "/pictures/{uuid:key}",
    auth=READ,
    response={200: shapes.PictureTold, **READS},
    operation_id="pictures_get",
    summary="Get what is known of a picture",
)
def pictures_get(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its size, what it shows, and how a text shows it."""
    return answer(request, _told(cocreation.picture_seen(key, reader(request))))


@router.get(
    "/pictures/{uuid:key}/content",
    auth=READ,
    response={200: str, **READS},
    operation_id="pictures_content",
    summary="Get a picture",
)
def pictures_content(request: HttpRequest, key: UUID, asked: Query[InSize]) -> HttpResponseBase:
    """The picture itself, as WebP. Its content never changes."""
    seen = cocreation.picture_seen(key, reader(request))
    public = seen.space.public and seen.published and not seen.hidden
    headers = cocreation.picture_headers(seen.sha256, public=public)
    headers["ETag"] = f'"{seen.sha256}-{asked.size}"'
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    if headers["ETag"] in known or "*" in known:
        return HttpResponseNotModified(headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    path = cocreation.picture_path(seen.sha256, "thumb" if asked.size == "small" else "main")
    return FileResponse(path.open("rb"), headers=headers)


def _told(one: Picture) -> dict[str, Any]:
    return {
        **telling.picture(one),
        "published": one.published,
        "markdown": cocreation.picture_markdown(one),
    }


@router.post(
    "/members/find",
    auth=OWN,
    response={200: shapes.People, **WRITES},
    operation_id="members_find",
    summary="Find people by the beginning of their name",
    tags=["discussion"],
)
def members_find(request: HttpRequest, sent: Body[shapes.PeopleSent]) -> HttpResponse:
    """People who said something in the same place: whom a mention may mean, or who may be invited. By POST, because a
    name does not belong into addresses, which are logged.
    """
    by = actor(request)
    found = cocreation.people_suggested(_spot(sent, by), sent.name)
    return answer(request, {"people": [telling.person(each) for each in found if each.pk != by.pk]})


def _spot(sent: shapes.PeopleSent, by: Member) -> Spot:
    if sent.contribution is not None:
        return cocreation.contribution_seen(sent.contribution, by)
    if sent.challenge is not None:
        return challenge_open_seen(sent.challenge, by)
    if sent.question is not None:
        return question_seen(sent.question, by)
    raise nothing()
