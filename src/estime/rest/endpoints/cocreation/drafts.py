"""Drafts: begun and saved by one PUT, read, published, thrown away. Nobody else’s are ever seen here."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Draft, Member, Space
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation.asking import (
    OWN,
    TAKE_PART,
    actor,
    challenge_open_seen,
    nothing,
)
from estime.rest.endpoints.cocreation.contributions import whole
from estime.rest.endpoints.cocreation.shapes import contributions as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given
from estime.rest.endpoints.cocreation.spaces import READS, WRITES

router = Router(tags=["drafts"])


@router.get(
    "/drafts",
    auth=OWN,
    response={200: shapes.Drafts, **READS},
    operation_id="drafts_list",
    summary="List drafts",
)
def drafts_list(request: HttpRequest) -> HttpResponse:
    """One’s own, newest first; fifty at most."""
    found = cocreation.drafts_of(actor(request))
    slugs = {space.pk: space.slug for space in Space.objects.filter(pk__in={one.space_id for one in found})}
    return answer(request, {"drafts": [_told(one, slugs[one.space_id]) for one in found]})


@router.get(
    "/drafts/{uuid:key}",
    auth=OWN,
    response={200: shapes.Draft, **READS},
    operation_id="drafts_get",
    summary="Get a draft",
)
def drafts_get(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of one’s own."""
    draft = cocreation.draft_of(actor(request), key)
    if draft is None:
        raise nothing()
    return answer(request, _told(draft, draft.space.slug))


@router.put(
    "/drafts/{uuid:key}",
    auth=TAKE_PART,
    response={200: shapes.Draft, **WRITES},
    operation_id="drafts_save",
    summary="Begin or save a draft",
)
def drafts_save(request: HttpRequest, key: UUID, sent: Body[shapes.DraftSent]) -> HttpResponse:
    """The id is the caller’s to make up (a random UUID). A saving that does not know of the newest one is refused."""
    by = actor(request)
    draft = cocreation.draft_of(by, key)
    with transaction.atomic():
        if draft is None:
            draft = cocreation.draft_begin(by, _place(by, sent), id=key)
        base = draft.base
        words = cocreation.DraftWords(sent.title, sent.body, sent.kind, base)
        cocreation.draft_save(by, key, words, sent.saved)
    kept = cocreation.draft_of(by, key)
    if kept is None:
        raise nothing()
    return answer(request, _told(kept, kept.space.slug))


def _place(by: Member, sent: shapes.DraftSent) -> cocreation.Place:
    if sent.contribution is not None:
        return cocreation.Place(contribution=cocreation.contribution_seen(sent.contribution, by))
    if sent.challenge is None:
        raise nothing()
    origin = cocreation.contribution_seen(sent.built_on, by) if sent.built_on else None
    return cocreation.Place(challenge_open_seen(sent.challenge, by), origin)


@router.delete(
    "/drafts/{uuid:key}",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="drafts_discard",
    summary="Throw a draft away",
)
def drafts_discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Again is harmless; somebody else’s stays."""
    cocreation.draft_discard(actor(request), key)
    return answer(request, {"holds": False, "count": None})


@router.post(
    "/drafts/{uuid:key}/publish",
    auth=TAKE_PART,
    response={200: shapes.Contribution, **WRITES},
    operation_id="drafts_publish",
    summary="Publish a draft",
)
def drafts_publish(request: HttpRequest, key: UUID, sent: Body[shapes.Publish]) -> HttpResponse:
    """It becomes a contribution, or the next version of the one that it was begun for. Again gives the same one."""
    by = actor(request)
    draft = cocreation.draft_of(by, key)
    if draft is None or draft.contribution_id is None:
        published = cocreation.contribution_publish(by, key, deal=sent.deal)
        return answer(request, whole(published.pk, by))
    with transaction.atomic():
        words = cocreation.NewWords(draft.title, draft.body)
        cocreation.version_write(by, draft.contribution_id, words, draft.base, deal=sent.deal)
        cocreation.draft_discard(by, key)
    return answer(request, whole(draft.contribution_id, by))


def _told(draft: Draft, space: str) -> dict[str, Any]:
    names = ("base", "kind", "title", "body", "saved", "at", "changed")
    return {
        "id": draft.pk,
        "space": space,
        "challenge": draft.challenge_id,
        "built_on": draft.built_on_id,
        "contribution": draft.contribution_id,
        **{name: getattr(draft, name) for name in names},
    }
