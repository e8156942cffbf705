"""Versions of a contribution and who writes it: listed, compared, written, disowned; invited, accepted, left."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router, Schema

from estime.cocreation import api as cocreation
from estime.cocreation.api import Author, Contribution, Merged, Version
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    OWN,
    READ,
    TAKE_PART,
    Number,
    actor,
    nothing,
    reader,
)
from estime.rest.endpoints.cocreation.contributions import whole, words_seen
from estime.rest.endpoints.cocreation.shapes import contributions as shapes
from estime.rest.endpoints.cocreation.shapes.talk import SettleSent
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.errors import NotThere

router = Router(tags=["contributions"])


class Against(Schema):
    """With which version it is compared."""

    to: int = Field(0, ge=0, le=1_000_000, description="The older one; 0: the one before.")


@router.get(
    "/contributions/{number}/versions",
    auth=READ,
    response={200: shapes.Versions, **READS},
    operation_id="versions_list",
    summary="List versions",
)
def versions_list(request: HttpRequest, number: Number) -> HttpResponse:
    """The newest hundred, newest first, without their words."""
    found = cocreation.versions_of(words_seen(number, reader(request))).defer("body", "title")[:100]
    return answer(request, {"versions": [_light(each) for each in found]})


@router.get(
    "/contributions/{number}/versions/{version}",
    auth=READ,
    response={200: shapes.Version, **READS},
    operation_id="versions_get",
    summary="Get a version",
)
def versions_get(request: HttpRequest, number: Number, version: Number) -> HttpResponse:
    """One version, with its words."""
    return answer(request, _whole(_found(words_seen(number, reader(request)), version)))


@router.get(
    "/contributions/{number}/versions/{version}/difference",
    auth=READ,
    response={200: shapes.Compared, **READS},
    operation_id="versions_compare",
    summary="Compare two versions",
)
def versions_compare(
    request: HttpRequest, number: Number, version: Number, asked: Query[Against]
) -> HttpResponse:
    """What became of an older version in this one, by paragraph and then by word."""
    one = words_seen(number, reader(request))
    before = asked.to or max(version - 1, 1)
    told = cocreation.versions_compared(one, before, version)
    return answer(request, {"before": before, "after": version, "difference": difference_told(told.what)})


def difference_told(found: Any) -> dict[str, Any]:
    """A difference of texts, as it is answered."""
    return {
        "title": [run._asdict() for run in found.title],
        "blocks": [
            {"kind": block.kind, "runs": [run._asdict() for run in block.runs], "pair": block.pair}
            for block in found.blocks
        ],
    }


def conflicts_told(*merged: Merged) -> list[dict[str, str]]:
    """Where changes meet in a title and a text, with every side’s words."""
    conflicts = [each for one in merged for each in one.conflicts]
    return [{"base": each.base, "mine": each.mine, "theirs": each.theirs} for each in conflicts]


def settled_words(sent: SettleSent | None) -> cocreation.Settled | None:
    """The words that somebody decided on there, if they sent any."""
    return cocreation.Settled(sent.title, sent.body, sent.base, sent.deal) if sent is not None else None


@router.post(
    "/contributions/{number}/versions",
    auth=TAKE_PART,
    response={200: shapes.Version, **WRITES},
    operation_id="versions_write",
    summary="Write a version",
)
def versions_write(request: HttpRequest, number: Number, sent: Body[shapes.VersionSent]) -> HttpResponse:
    """New words, as one of its authors. The same words again make no version; a newer one than `base` is a 409."""
    by = actor(request)
    one = cocreation.contribution_seen(number, by)
    words = cocreation.NewWords(sent.title, sent.body, sent.note)
    version = cocreation.version_write(by, number, words, sent.base, deal=sent.deal)
    return answer(request, _whole(_found(one, version.number)))


@router.put(
    "/contributions/{number}/versions/{version}/disowning",
    auth=TAKE_PART,
    response={200: shapes.Version, **WRITES},
    operation_id="versions_disown",
    summary="Disown a version",
)
def versions_disown(
    request: HttpRequest, number: Number, version: Number, sent: Body[shapes.Disown]
) -> HttpResponse:
    """An author says of an altered version that it is not theirs. Once; again is harmless."""
    by = actor(request)
    one = cocreation.contribution_seen(number, by)
    cocreation.version_disown(by, number, version, sent.reason)
    return answer(request, _whole(_found(one, version)))


def _found(contribution: Contribution, number: int) -> Version:
    found = cocreation.versions_of(contribution).filter(number=number).first()
    if found is None:
        raise nothing()
    return found


def _light(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "by": telling.person(version.by),
        "contributor": telling.person(version.contributor)
        if version.contributor is not None and version.edit_id is not None
        else None,
        "note": version.note,
        "at": version.at,
        "disowned": [
            {"by": telling.person(each.member), "reason": each.reason, "at": each.at}
            for each in version.disownings.all()
        ],
    }


def _whole(version: Version) -> dict[str, Any]:
    return {**_light(version), "title": version.title, "body": version.body}


@router.get(
    "/contributions/{number}/authors",
    auth=OWN,
    response={200: shapes.Authors, **READS},
    operation_id="authors_list",
    summary="List authors and who is invited",
)
def authors_list(request: HttpRequest, number: Number) -> HttpResponse:
    """For its authors: everybody who writes it, was asked to, or did, in the order in which they came."""
    by = actor(request)
    one = words_seen(number, by)
    if not cocreation.is_author(by, one.pk):
        raise nothing()
    return answer(request, _authors(number))


@router.post(
    "/contributions/{number}/authors",
    auth=TAKE_PART,
    response={200: shapes.Authors, **WRITES},
    operation_id="authors_invite",
    summary="Invite somebody to write it too",
)
def authors_invite(request: HttpRequest, number: Number, sent: Body[shapes.Invite]) -> HttpResponse:
    """Somebody who said something in the same space, by their handle. Again is harmless."""
    by = actor(request)
    one = cocreation.contribution_seen(number, by)
    people = cocreation.people_find(one, "", sent.handle)
    if len(people) != 1:
        raise NotThere("Nobody with this handle takes part here.", todo="Find it by POST /members/find.")
    cocreation.coauthor_invite(by, number, people[0])
    return answer(request, _authors(number))


@router.put(
    "/contributions/{number}/authors/me",
    auth=TAKE_PART,
    response={200: shapes.Contribution, **WRITES},
    operation_id="authors_accept",
    summary="Accept an invitation",
)
def authors_accept(request: HttpRequest, number: Number, sent: Body[shapes.Accept]) -> HttpResponse:
    """Become an author. The deal’s version goes along where it was not agreed to yet. Again is harmless."""
    by = actor(request)
    cocreation.contribution_seen(number, by)
    cocreation.coauthor_accept(by, number, deal=sent.deal)
    return answer(request, whole(number, by))


@router.delete(
    "/contributions/{number}/authors/me",
    auth=TAKE_PART,
    response={200: shapes.Contribution, **WRITES},
    operation_id="authors_leave",
    summary="Decline an invitation, or stop writing it",
)
def authors_leave(request: HttpRequest, number: Number) -> HttpResponse:
    """Whoever wrote of it stays named with what they wrote. Again is harmless."""
    by = actor(request)
    told = cocreation.contribution_whole(number, by)
    if told.me is not None and told.me.accepted is not None:
        cocreation.coauthor_leave(by, number)
    else:
        cocreation.coauthor_decline(by, number)
    return answer(request, whole(number, by))


def _authors(number: int) -> dict[str, Any]:
    return {"authors": [_author(each) for each in cocreation.authors_all(number)]}


def _author(author: Author) -> dict[str, Any]:
    state = (
        "left" if author.left
        else "declined" if author.declined
        else "writes" if author.accepted
        else "invited"
    )  # fmt: skip
    at = author.left or author.declined or author.accepted or author.invited
    return {"who": telling.person(author.member), "state": state, "at": at}
