"""Contributions: listed, read, published, supported, followed, withdrawn."""

from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Contribution, Member, Row, Space, Wanted
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    READ,
    TAKE_PART,
    Number,
    Slug,
    actor,
    challenge_open_seen,
    nothing,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.pages import Sized, begins, page
from estime.rest.endpoints.cocreation.shapes import contributions as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.filters import Words
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["contributions"])


class OfContributions(Sized):
    """Which contributions, in which order."""

    order: Literal["new", "support", "talk", "open"] = Field(
        "new",
        description="Newest; most supported; most discussed; not answered yet, those that wait longest first.",
    )
    kind: Literal["", "idea", "tip", "story", "creation"] = Field("", description="Only of this kind.")
    words: Words = Field("", description="Only those that these words find.")


class InSpace(Sized):
    """Which contributions of a space, newest first."""

    kind: Literal["", "idea", "tip", "story", "creation"] = Field("", description="Only of this kind.")
    words: Words = Field("", description="Only those that these words find.")


@router.get(
    "/challenges/{number}/contributions",
    auth=READ,
    response={200: shapes.Contributions, **READS},
    operation_id="contributions_list",
    summary="List contributions of a challenge",
    openapi_extra=PAGED,
)
def contributions_list(request: HttpRequest, number: Number, asked: Query[OfContributions]) -> HttpResponse:
    """What members gave to a challenge and what stands. At most seven queries, however many there are."""
    member = reader(request)
    where = challenge_open_seen(number, member)
    return _listed(request, where, member, (asked.order, asked.kind, asked.words), asked)


@router.get(
    "/spaces/{slug}/contributions",
    auth=READ,
    response={200: shapes.Contributions, **READS},
    operation_id="contributions_list_space",
    summary="List contributions of a space",
    openapi_extra=PAGED,
)
def contributions_list_space(request: HttpRequest, slug: Slug, asked: Query[InSpace]) -> HttpResponse:
    """What members gave to a space, whatever the challenge."""
    member = reader(request)
    return _listed(request, space_seen(slug, member), member, ("new", asked.kind, asked.words), asked)


def _listed(
    request: HttpRequest,
    where: Challenge | Space,
    member: Member | None,
    wish: tuple[str, str, str],
    asked: Sized,
) -> HttpResponse:
    question = ["contributions", type(where).__name__, where.pk, *wish]
    at = begins(question, asked) or ""
    wanted = Wanted.read(*wish, after=str(at))
    found = cocreation.contributions_listed(where, wanted, member, size=asked.limit)
    told = {
        "contributions": [light(row, known=member is not None) for row in found.rows],
        "every_word": found.every_word,
    }
    return page(request, question, told, found.after)


@router.post(
    "/challenges/{number}/contributions",
    auth=TAKE_PART,
    response={201: shapes.Contribution, **WRITES},
    operation_id="contributions_publish",
    summary="Publish a contribution",
)
def contributions_publish(
    request: HttpRequest, number: Number, sent: Body[shapes.ContributionSent]
) -> HttpResponse:
    """Give something to a challenge, at once. Where it has a deal, its version goes along the first time."""
    by = actor(request)
    challenge = challenge_open_seen(number, by)
    origin = cocreation.contribution_seen(sent.built_on, by) if sent.built_on else None

    def make() -> int:
        with transaction.atomic():  # where it cannot be published, no draft stays behind
            draft = cocreation.draft_begin(by, cocreation.Place(challenge, origin))
            cocreation.draft_save(
                by, draft.pk, cocreation.DraftWords(sent.title, sent.body, sent.kind), draft.saved
            )
            return cocreation.contribution_publish(by, draft.pk, deal=sent.deal).pk

    return made(request, make, lambda told: whole(int(told), by))


@router.get(
    "/contributions/{number}",
    auth=READ,
    response={200: shapes.Contribution, **READS},
    operation_id="contributions_get",
    summary="Get a contribution",
)
def contributions_get(request: HttpRequest, number: Number) -> HttpResponse:
    """One contribution. What was withdrawn, hidden or erased is there without its words, and says why."""
    return answer(request, whole(number, reader(request)))


@router.put(
    "/contributions/{number}/support",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="contributions_support",
    summary="Support a contribution",
)
def contributions_support(request: HttpRequest, number: Number) -> HttpResponse:
    """Stand behind it. Once, however often it is asked."""
    by = actor(request)
    cocreation.support(by, number)
    return answer(request, _support(number, by))


@router.delete(
    "/contributions/{number}/support",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="contributions_unsupport",
    summary="Take support back",
)
def contributions_unsupport(request: HttpRequest, number: Number) -> HttpResponse:
    """From it and from everything that it was brought together with. Again is harmless."""
    by = actor(request)
    cocreation.contribution_seen(number, by)
    cocreation.unsupport(by, number)
    return answer(request, _support(number, by))


def _support(number: int, by: Member) -> dict[str, Any]:
    one = cocreation.contribution_seen(number, by)
    head = one.together or one
    return {"holds": bool(cocreation.supported_of(by, [head.pk])), "count": head.supports}


@router.put(
    "/contributions/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="contributions_follow",
    summary="Follow a contribution",
)
def contributions_follow(request: HttpRequest, number: Number) -> HttpResponse:
    """Be told what happens there. Again is harmless."""
    by = actor(request)
    cocreation.follow(by, cocreation.contribution_seen(number, by))
    return answer(request, {"holds": True, "count": None})


@router.delete(
    "/contributions/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="contributions_unfollow",
    summary="Follow a contribution no more",
)
def contributions_unfollow(request: HttpRequest, number: Number) -> HttpResponse:
    """Again is harmless."""
    by = actor(request)
    cocreation.unfollow(by, cocreation.contribution_seen(number, by))
    return answer(request, {"holds": False, "count": None})


@router.put(
    "/contributions/{number}/withdrawal",
    auth=TAKE_PART,
    response={200: shapes.Contribution, **WRITES},
    operation_id="contributions_withdraw",
    summary="Withdraw a contribution",
)
def contributions_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """As its only author. Its words are shown no more; what others said stays. Again is harmless."""
    by = actor(request)
    cocreation.contribution_seen(number, by)
    cocreation.contribution_withdraw(by, number)
    return answer(request, whole(number, by))


def light(row: Row, *, known: bool) -> dict[str, Any]:
    """A contribution as a list tells it."""
    one = row.contribution
    return {
        "id": one.pk,
        "challenge": one.challenge_id,
        "kind": one.kind,
        "title": one.title,
        "excerpt": cocreation.markdown_excerpt(row.text, 280),
        "version": one.version,
        "authors": [telling.person(each) for each in row.authors],
        "at": one.at,
        "changed": one.changed,
        "supports": one.supports,
        "comments": one.comments,
        "decision": one.decision,
        "built_on": one.built_on_id,
        "supported": row.mine if known else None,
    }


def whole(number: int, member: Member | None) -> dict[str, Any]:
    """A contribution with what stands around it: a fixed number of queries. Raises `NotFound`."""
    told = cocreation.contribution_whole(number, member)
    one, shown = told.contribution, told.words_shown
    body = one.body if shown else None
    invitation = told.me
    return {
        "id": one.pk,
        "space": one.space.slug,
        "challenge": one.challenge_id,
        "kind": one.kind,
        "state": telling.state_of(one),
        "hidden": telling.hidings_of("contribution", [one]).get(one.pk),
        "title": one.title if shown else None,
        "body": body,
        "mentions": telling.mentions(body),
        "version": one.version,
        "authors": [telling.person(each) for each in told.everybody],
        "contributors": [telling.person(each) for each in told.contributors],
        **{name: getattr(one, name) for name in ("at", "changed", "supports", "comments", "decision")},
        "built_on": telling.titled(one.built_on),
        "built": [telling.titled(each) for each in told.built],
        "together": telling.titled(one.together),
        "parts": [telling.titled(each) for each in told.parts],
        "supported": told.supported if member is not None else None,
        "follows": told.follows if member is not None else None,
        "writes": _writes(told, member),
        "invited": invitation is not None
        and not (invitation.accepted or invitation.declined or invitation.left),
    }


def _writes(told: cocreation.Whole, member: Member | None) -> bool:
    """Whether somebody is an author: moderators read what is hidden, and write nothing of it."""
    return member is not None and cocreation.is_author(member, told.contribution.pk)


def words_seen(number: int, member: Member | None) -> Contribution:
    """A contribution whose words somebody may read. Raises `NotFound`, `NotThere`."""
    told = cocreation.contribution_whole(number, member)
    if not told.words_shown:
        raise nothing()
    return told.contribution
