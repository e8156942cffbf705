"""Bringing together: proposed by anybody, agreed by the authors or decided by a lead, contested, undone."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router, Schema

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contest, Contribution, Member, Merge
from estime.kernel import clock
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    READ,
    TAKE_PART,
    Number,
    actor,
    nothing,
    reader,
)
from estime.rest.endpoints.cocreation.contributions import words_seen
from estime.rest.endpoints.cocreation.shapes import merges as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.endpoints.cocreation.versions import conflicts_told, difference_told, settled_words
from estime.rest.once import made

router = Router(tags=["contributions"])


class WithParts(Schema):
    """What is to go into it."""

    part: list[int] = Field(min_length=1, max_length=10, description="The number of each part.")


@router.get(
    "/contributions/{number}/merges",
    auth=READ,
    response={200: shapes.Merges, **READS},
    operation_id="merges_list",
    summary="List what was brought together",
)
def merges_list(request: HttpRequest, number: Number) -> HttpResponse:
    """What a contribution is made of, what is proposed about it, what was undone; newest first."""
    one = cocreation.contribution_seen(number, reader(request))
    group = [one.pk, *Contribution.objects.filter(together=one).values_list("pk", flat=True)]
    told = cocreation.merges_beside(group)
    found = sorted((*told.whole, *told.proposals, *told.past), key=lambda each: -each.pk)
    return answer(request, {"merges": [_light(each) for each in found]})


@router.get(
    "/contributions/{number}/merges/suggestion",
    auth=READ,
    response={200: shapes.Suggestion, **READS},
    operation_id="merges_suggest",
    summary="Get words to begin from",
)
def merges_suggest(request: HttpRequest, number: Number, asked: Query[WithParts]) -> HttpResponse:
    """Every side’s words as one text, to be written into one: what a proposal is sent back with."""
    member = reader(request)
    parts = [part for part in asked.part if 0 < part < 1 << 63]
    sides = {str(pk): words_seen(pk, member).version for pk in dict.fromkeys((number, *parts))}
    told = cocreation.merge_beginning(number, parts, member)
    return answer(request, {"title": told.title, "body": told.body, "versions": sides})


@router.post(
    "/contributions/{number}/merges",
    auth=TAKE_PART,
    response={201: shapes.Merge, **WRITES},
    operation_id="merges_propose",
    summary="Propose to bring others into one",
)
def merges_propose(request: HttpRequest, number: Number, sent: Body[shapes.MergeSent]) -> HttpResponse:
    """Anybody may. An author agrees for their sides by proposing; of all sides, and it is done."""
    by = actor(request)
    cocreation.contribution_seen(number, by)
    parts = [cocreation.contribution_seen(part, by).pk for part in sent.parts if 0 < part < 1 << 63]
    return made(
        request,
        lambda: cocreation.merge_propose(by, number, parts, _whole_words(sent)).pk,
        lambda told: _whole(int(told), by),
    )


@router.get(
    "/merges/{number}",
    auth=READ,
    response={200: shapes.Merge, **READS},
    operation_id="merges_get",
    summary="Get a proposal",
)
def merges_get(request: HttpRequest, number: Number) -> HttpResponse:
    """Its sides, who agreed, what the words become, what is said against it."""
    return answer(request, _whole(number, reader(request)))


@router.put(
    "/merges/{number}",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_reword",
    summary="Write the words of a proposal anew",
)
def merges_reword(request: HttpRequest, number: Number, sent: Body[shapes.WholeSent]) -> HttpResponse:
    """One’s own. Whoever agreed to the former words is asked again."""
    return _deed(request, number, lambda by: cocreation.merge_reword(by, number, _whole_words(sent)))


@router.delete(
    "/merges/{number}",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_withdraw",
    summary="Take a proposal back",
)
def merges_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """One’s own, while it is open. Again is harmless."""
    return _deed(request, number, lambda by: cocreation.merge_withdraw(by, number))


@router.put(
    "/merges/{number}/agreement",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_agree",
    summary="Agree to a proposal",
)
def merges_agree(request: HttpRequest, number: Number) -> HttpResponse:
    """For every side that one is an author of; with the last author it is done. Again is harmless."""
    return _deed(request, number, lambda by: cocreation.merge_agree(by, number))


@router.put(
    "/merges/{number}/refusal",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_refuse",
    summary="Refuse a proposal",
)
def merges_refuse(request: HttpRequest, number: Number, sent: Body[shapes.RefuseSent]) -> HttpResponse:
    """As an author of a side: that ends it. Again is harmless."""
    return _deed(request, number, lambda by: cocreation.merge_refuse(by, number, sent.words))


@router.put(
    "/merges/{number}/decision",
    auth=LEAD,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_decide",
    summary="Decide about a proposal",
)
def merges_decide(request: HttpRequest, number: Number, sent: Body[shapes.DecideSent]) -> HttpResponse:
    """As a lead, with a reason that can be contested. Again is harmless."""
    reason, brings = sent.reason, sent.brings
    return _deed(request, number, lambda by: cocreation.merge_decide(by, number, reason, brings=brings))


@router.get(
    "/merges/{number}/undoing",
    auth=READ,
    response={200: shapes.Undoing, **READS},
    operation_id="merges_undoing",
    summary="Get what undoing would do",
)
def merges_undoing(request: HttpRequest, number: Number) -> HttpResponse:
    """What each contribution would have again, computed as the undoing itself does."""
    told = cocreation.undo_told(number, reader(request))
    words_seen(told.head.pk, reader(request))
    shown = {
        "rows": [
            {
                "contribution": telling.titled(row.one),
                "supports": row.after.supports,
                "comments": row.after.comments,
                "together": row.after.together,
            }
            for row in told.rows
        ],
        "difference": difference_told(told.what) if told.what is not None else None,
        "conflicts": conflicts_told(*told.words) if told.words is not None else [],
        "words_go": told.words is None,
        "supports_since": told.since[0],
        "comments_since": told.since[1],
    }
    return answer(request, shown)


@router.put(
    "/merges/{number}/undoing",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_undo",
    summary="Undo a merge",
)
def merges_undo(request: HttpRequest, number: Number, sent: Body[shapes.UndoSent]) -> HttpResponse:
    """Everything is back in place. An author of a side for 30 days after they agreed, a lead at any time."""
    settled = settled_words(sent.settled)
    return _deed(request, number, lambda by: cocreation.merge_undo(by, number, sent.reason, settled=settled))


@router.post(
    "/merges/{number}/contests",
    auth=TAKE_PART,
    response={200: shapes.Merge, **WRITES},
    operation_id="merges_contest",
    summary="Contest a merge",
)
def merges_contest(request: HttpRequest, number: Number, sent: Body[shapes.Words]) -> HttpResponse:
    """As an author of a side: it stands beside it in public, and a lead answers by name. Once a person."""
    return _deed(request, number, lambda by: cocreation.merge_contest(by, number, sent.words))


@router.put(
    "/contests/{number}/answer",
    auth=LEAD,
    response={200: shapes.Merge, **WRITES},
    operation_id="contests_answer",
    summary="Answer a contest",
)
def contests_answer(request: HttpRequest, number: Number, sent: Body[shapes.ContestAnswer]) -> HttpResponse:
    """As a lead who leaves the merge as it is, by name. Whoever agrees with it undoes the merge."""
    merge = Contest.objects.filter(pk=number).values_list("merge", flat=True).first()
    if merge is None:
        raise nothing()
    return _deed(request, merge, lambda by: cocreation.contest_answer(by, number, sent.answer))


def _deed(request: HttpRequest, number: int, deed: Callable[[Member], object]) -> HttpResponse:
    """Do it to a merge that whoever asks may look at, and tell what stands then."""
    by = actor(request)
    cocreation.merge_seen(number, by)
    deed(by)
    return answer(request, _whole(number, by))


def _whole_words(sent: shapes.WholeSent) -> cocreation.WholeWords:
    versions = {int(key): told for key, told in sent.versions.items() if key.isascii() and key.isdecimal()}
    return cocreation.WholeWords(sent.reason, sent.title, sent.body, versions, sent.deal)


def _light(merge: Merge) -> dict[str, Any]:
    names = ("state", "reason", "at", "settled", "undone")
    return {
        "id": merge.pk,
        "head": telling.titled(merge.head),
        "by": telling.person(merge.by),
        **{name: getattr(merge, name) for name in names},
        "settled_by": telling.person(merge.settled_by) if merge.settled_by else None,
        "settled_reason": merge.settled_reason or None,
        "undone_reason": merge.undone_reason or None,
    }


def _whole(number: int, member: Member | None) -> dict[str, Any]:
    told = cocreation.merge_told(number, member, clock.now())
    merge = told.merge
    shown = all(side.shown for side in told.sides)
    return {
        **_light(merge),
        "title": merge.title if shown else None,
        "body": merge.body if shown else None,
        "sides": [
            {
                "contribution": telling.titled(side.one),
                "version": side.one.version,
                "authors": [telling.person(each) for each in side.authors],
                "agreed": [telling.person(each.member) for each in side.yes],
                "missing": [telling.person(each) for each in side.missing],
            }
            for side in told.sides
        ],
        "difference": difference_told(told.what) if told.what is not None and shown else None,
        "outdated": told.outdated,
        "contests": [_contest(each) for each in told.contests],
        "can": sorted(told.can),
    }


def _contest(one: Contest) -> dict[str, Any]:
    return {
        "id": one.pk,
        "by": telling.person(one.member),
        "words": one.words,
        "at": one.at,
        "answer": one.answer or None,
        "answered": one.answered,
        "name": (None if one.name == cocreation.NOBODY else one.name) if one.answered else None,
    }
