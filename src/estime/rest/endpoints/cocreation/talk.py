"""Discussions below contributions, challenges and questions; comments; improvements offered, adopted, declined."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Comment, Contribution, Edit, Member, Spot
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    READ,
    TAKE_PART,
    Number,
    actor,
    challenge_open_seen,
    nothing,
    question_seen,
    reader,
)
from estime.rest.endpoints.cocreation.contributions import words_seen
from estime.rest.endpoints.cocreation.pages import Paged, begins_beyond, page
from estime.rest.endpoints.cocreation.shapes import talk as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.endpoints.cocreation.versions import conflicts_told, difference_told, settled_words
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["discussion"])


class OfTalk(Paged):
    """Which page of a discussion."""

    limit: int = Field(20, ge=1, le=50, description="How many threads.")


def _talk(request: HttpRequest, where: Spot, member: Member | None, asked: OfTalk) -> HttpResponse:
    """A page of threads; below a contribution, those of everything that was brought together in it."""
    question = ["talk", type(where).__name__, where.pk]
    numbers = _group(where)
    told = cocreation.talk(where, numbers, before=begins_beyond(question, asked), threads=asked.limit)
    rows = _rows(told.comments)
    threads = [
        {
            "comment": rows[each.root.pk],
            "answers": [rows[one.pk] for one in each.answers],
            "more": each.more,
        }
        for each in told.threads
    ]
    return page(request, question, {"threads": threads, "mentions": _mentions(rows)}, told.before)


def _group(where: Spot) -> list[int] | None:
    if not isinstance(where, Contribution):
        return None
    return [
        where.pk,
        *Contribution.objects.filter(together=where).order_by("pk").values_list("pk", flat=True),
    ]


def _say(request: HttpRequest, where: Spot, by: Member, sent: shapes.CommentSent) -> HttpResponse:
    said = cocreation.Said(sent.body, sent.intent, sent.parent, sent.quoted, sent.chosen, sent.once)
    told = sent.offer
    offer = cocreation.Offer(told.title, told.body, told.base, told.deal) if told else None
    return made(
        request,
        lambda: cocreation.comment_write(by, _below(where, sent.parent), said, offer=offer).pk,
        lambda number: _one(cocreation.comment_seen(int(number), by)),
    )


def _below(where: Spot, parent: int | None) -> Spot:
    """An answer stands where the comment stands that it answers: below the part of what was brought together."""
    if parent is None or not isinstance(where, Contribution):
        return where
    parts = Contribution.objects.select_related("space", "challenge").filter(together=where)
    return parts.filter(pk__in=Comment.objects.filter(pk=parent).values("contribution")).first() or where


@router.get(
    "/contributions/{number}/comments",
    auth=READ,
    response={200: shapes.Talk, **READS},
    operation_id="comments_list",
    summary="List comments below a contribution",
    openapi_extra=PAGED,
)
def comments_list(request: HttpRequest, number: Number, asked: Query[OfTalk]) -> HttpResponse:
    """Threads, newest first, each with its first three answers."""
    member = reader(request)
    return _talk(request, cocreation.contribution_seen(number, member), member, asked)


@router.post(
    "/contributions/{number}/comments",
    auth=TAKE_PART,
    response={201: shapes.CommentMade, **WRITES},
    operation_id="comments_write",
    summary="Comment on a contribution",
)
def comments_write(request: HttpRequest, number: Number, sent: Body[shapes.CommentSent]) -> HttpResponse:
    """Say something; with `offer`, an improvement that its authors can adopt in one click."""
    by = actor(request)
    return _say(request, cocreation.contribution_seen(number, by), by, sent)


@router.get(
    "/challenges/{number}/comments",
    auth=READ,
    response={200: shapes.Talk, **READS},
    operation_id="comments_list_challenge",
    summary="List comments below a challenge",
    openapi_extra=PAGED,
)
def comments_list_challenge(request: HttpRequest, number: Number, asked: Query[OfTalk]) -> HttpResponse:
    """Threads, newest first, each with its first three answers."""
    member = reader(request)
    return _talk(request, challenge_open_seen(number, member), member, asked)


@router.post(
    "/challenges/{number}/comments",
    auth=TAKE_PART,
    response={201: shapes.CommentMade, **WRITES},
    operation_id="comments_write_challenge",
    summary="Comment on a challenge",
)
def comments_write_challenge(
    request: HttpRequest, number: Number, sent: Body[shapes.CommentSent]
) -> HttpResponse:
    """Say something about a challenge itself."""
    by = actor(request)
    return _say(request, challenge_open_seen(number, by), by, sent)


@router.get(
    "/questions/{number}/comments",
    auth=READ,
    response={200: shapes.Talk, **READS},
    operation_id="comments_list_question",
    summary="List comments below a question",
    openapi_extra=PAGED,
)
def comments_list_question(request: HttpRequest, number: Number, asked: Query[OfTalk]) -> HttpResponse:
    """Threads, newest first, each with its first three answers."""
    member = reader(request)
    return _talk(request, question_seen(number, member), member, asked)


@router.post(
    "/questions/{number}/comments",
    auth=TAKE_PART,
    response={201: shapes.CommentMade, **WRITES},
    operation_id="comments_write_question",
    summary="Comment on a question",
)
def comments_write_question(
    request: HttpRequest, number: Number, sent: Body[shapes.CommentSent]
) -> HttpResponse:
    """Say something about a question to the brand."""
    by = actor(request)
    return _say(request, question_seen(number, by), by, sent)


@router.get(
    "/comments/{number}",
    auth=READ,
    response={200: shapes.Whole, **READS},
    operation_id="comments_get",
    summary="Get a comment’s thread",
    openapi_extra=PAGED,
)
def comments_get(request: HttpRequest, number: Number, asked: Query[Paged]) -> HttpResponse:
    """The thread that a comment stands in, from its beginning: fifty answers a page, oldest first."""
    seen = _comment(number, reader(request))
    root = seen.root or seen
    question = ["thread", root.pk]
    told, after = cocreation.thread(root, after=begins_beyond(question, asked))
    rows = _rows([told.root, *told.answers])
    shown = {
        "comment": rows[told.root.pk],
        "answers": [rows[each.pk] for each in told.answers],
        "mentions": _mentions(rows),
    }
    return page(request, question, shown, after)


@router.get(
    "/comments/{number}/wordings",
    auth=READ,
    response={200: shapes.Wordings, **READS},
    operation_id="comments_wordings",
    summary="List a comment’s earlier wordings",
)
def comments_wordings(request: HttpRequest, number: Number) -> HttpResponse:
    """What it said before it was reworded, newest first; for whoever may read what it says now."""
    member = reader(request)
    _comment(number, member)
    _seen, wordings = cocreation.wordings_seen(number, member)
    told = [{"body": one.body, "until": one.until} for one in wordings]
    texts = [one.body for one in wordings]
    return answer(request, {"wordings": told, "mentions": telling.mentions(*texts)})


@router.put(
    "/comments/{number}",
    auth=TAKE_PART,
    response={200: shapes.CommentMade, **WRITES},
    operation_id="comments_reword",
    summary="Reword a comment",
)
def comments_reword(request: HttpRequest, number: Number, sent: Body[shapes.Reworded]) -> HttpResponse:
    """One’s own; what it said before is kept. Mentions that stay are written `@[handle]` as they were, or by name."""
    by = actor(request)
    _comment(number, by)
    handles = sent.chosen or [part.partition("]")[0] for part in sent.body.split("@[")[1:]]
    body = cocreation.mentions_typed_again(sent.body, cocreation.names_of(handles))
    cocreation.comment_edit(by, number, body, chosen=handles[:20])
    return answer(request, _one(_comment(number, by)))


@router.delete(
    "/comments/{number}",
    auth=TAKE_PART,
    response={200: shapes.CommentMade, **WRITES},
    operation_id="comments_withdraw",
    summary="Take a comment back",
)
def comments_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """One’s own. Its place in the thread stays, its words go. Again is harmless."""
    by = actor(request)
    _comment(number, by)
    cocreation.comment_withdraw(by, number)
    return answer(request, _one(_comment(number, by)))


def _comment(number: int, member: Member | None) -> Comment:
    """A comment that somebody may look at: below a draft of a challenge there are none."""
    seen = cocreation.comment_seen(number, member)
    where = cocreation.place_of(seen)
    if isinstance(where, Challenge) and where.opened is None:
        raise nothing()
    return seen


def _rows(comments: Iterable[Comment]) -> dict[int, dict[str, Any]]:
    """Comments as they are answered, by number: one query more where one of them is hidden."""
    found = list(comments)
    hidden = telling.hidings_of("comment", found)
    return {one.pk: _row(one, hidden.get(one.pk)) for one in found}


def _row(one: Comment, hidden: dict[str, str] | None) -> dict[str, Any]:
    state = telling.state_of(one)
    shown = state == "stands"
    edit: Edit | None = getattr(one, "edit", None) if shown else None
    return {
        "id": one.pk,
        "contribution": one.contribution_id,
        "challenge": one.challenge_id,
        "question": one.interpellation_id,
        "root": one.root_id,
        "parent": one.parent_id,
        "quoted": one.quoted_id,
        "by": telling.person(one.by),
        "for_brand": one.for_brand,
        "intent": one.intent,
        "state": state,
        "hidden": hidden if state == "hidden" else None,
        "body": one.body if shown else None,
        "edit": _edit(edit) if edit is not None else None,
        "replies": one.replies,
        "at": one.at,
        "edited": one.edited,
    }


def _mentions(rows: dict[int, dict[str, Any]]) -> dict[str, str]:
    return telling.mentions(*(row["body"] for row in rows.values()))


def _one(comment: Comment) -> dict[str, Any]:
    rows = _rows([comment])
    return {**rows[comment.pk], "mentions": _mentions(rows)}


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "id": edit.pk,
        "base": edit.base,
        "title": edit.title,
        "body": edit.body,
        "state": edit.state,
        "settled_by": telling.person(edit.settled_by) if edit.settled_by else None,
        "reason": edit.reason or None,
        "version": edit.version,
    }


@router.get(
    "/edits/{number}",
    auth=READ,
    response={200: shapes.EditWhole, **READS},
    operation_id="edits_get",
    summary="Get an improvement",
)
def edits_get(request: HttpRequest, number: Number) -> HttpResponse:
    """What it would change, and where it meets what was written since."""
    return answer(request, _edit_whole(number, reader(request)))


@router.post(
    "/edits/{number}/adopt",
    auth=TAKE_PART,
    response={200: shapes.EditWhole, **WRITES},
    operation_id="edits_adopt",
    summary="Adopt an improvement",
)
def edits_adopt(request: HttpRequest, number: Number, sent: Body[shapes.Adopt]) -> HttpResponse:
    """As an author: a new version, with whoever offered it named. Again is harmless; where changes meet, a 409, until
    `settled` says which words hold.
    """
    by = actor(request)
    cocreation.edit_seen(number, by)
    cocreation.edit_adopt(by, number, settled=settled_words(sent.settled))
    return answer(request, _edit_whole(number, by))


@router.post(
    "/edits/{number}/decline",
    auth=TAKE_PART,
    response={200: shapes.EditWhole, **WRITES},
    operation_id="edits_decline",
    summary="Decline an improvement",
)
def edits_decline(request: HttpRequest, number: Number, sent: Body[shapes.Decline]) -> HttpResponse:
    """As an author, with a reason or without. It stays in the discussion. Again is harmless."""
    by = actor(request)
    cocreation.edit_seen(number, by)
    cocreation.edit_decline(by, number, sent.reason)
    return answer(request, _edit_whole(number, by))


def _edit_whole(number: int, member: Member | None) -> dict[str, Any]:
    edit, one = cocreation.edit_seen(number, member)
    words_seen(one.pk, member)
    base = cocreation.versions_of(one).filter(number=edit.base).first()
    merged = cocreation.words_merged(one, edit.base, edit.title, edit.body) if edit.state == "offered" else ()
    found = base and cocreation.difference((base.title, base.body), (edit.title, edit.body))
    return {
        **_edit(edit),
        "contribution": one.pk,
        "comment": edit.comment_id,
        "by": telling.person(edit.comment.by),
        "difference": difference_told(found) if found is not None else None,
        "conflicts": conflicts_told(*merged),
    }
