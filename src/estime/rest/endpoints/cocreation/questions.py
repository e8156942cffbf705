"""Questions to the brand: asked, joined, left, taken back, answered by a named person."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Interpellation, Member, Space
from estime.kernel import clock
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    READ,
    TAKE_PART,
    Number,
    Slug,
    actor,
    challenge_open_seen,
    question_seen,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.pages import Paged, begins, page
from estime.rest.endpoints.cocreation.shapes import loop as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["questions"])


class OfQuestions(Paged):
    """Which questions, in which order."""

    order: Literal["joined", "new", "owed", "answered"] = Field(
        "joined", description="By how many ask; newest; owed an answer; answered."
    )


@router.get(
    "/spaces/{slug}/questions",
    auth=READ,
    response={200: shapes.Questions, **READS},
    operation_id="questions_list",
    summary="List questions of a space",
    openapi_extra=PAGED,
)
def questions_list(request: HttpRequest, slug: Slug, asked: Query[OfQuestions]) -> HttpResponse:
    """By how many ask; newest; those owed an answer, due first; those answered. Thirty a page."""
    return _listed(request, space_seen(slug, reader(request)), None, asked)


@router.get(
    "/challenges/{number}/questions",
    auth=READ,
    response={200: shapes.Questions, **READS},
    operation_id="questions_list_challenge",
    summary="List questions of a challenge",
    openapi_extra=PAGED,
)
def questions_list_challenge(request: HttpRequest, number: Number, asked: Query[OfQuestions]) -> HttpResponse:
    """The same, of one challenge."""
    challenge = challenge_open_seen(number, reader(request))
    return _listed(request, challenge.space, challenge, asked)


def _listed(
    request: HttpRequest, space: Space, challenge: Challenge | None, asked: OfQuestions
) -> HttpResponse:
    number = challenge.pk if challenge is not None else None
    question = ["questions", space.pk, number, asked.order]
    at = str(begins(question, asked) or "")
    rows, after = cocreation.questions_listed(space, asked.order, at, challenge=number)
    return page(request, question, {"questions": [light(each) for each in rows]}, after)


@router.post(
    "/spaces/{slug}/questions",
    auth=TAKE_PART,
    response={201: shapes.Question, **WRITES},
    operation_id="questions_ask",
    summary="Ask the brand something",
)
def questions_ask(request: HttpRequest, slug: Slug, sent: Body[shapes.QuestionSent]) -> HttpResponse:
    """In public. Whoever asks is the first who asks it; at its threshold a named answer is owed."""
    by = actor(request)
    return _ask(request, space_seen(slug, by), by, sent)


@router.post(
    "/challenges/{number}/questions",
    auth=TAKE_PART,
    response={201: shapes.Question, **WRITES},
    operation_id="questions_ask_challenge",
    summary="Ask the brand something about a challenge",
)
def questions_ask_challenge(
    request: HttpRequest, number: Number, sent: Body[shapes.QuestionSent]
) -> HttpResponse:
    """The same, about one challenge."""
    by = actor(request)
    return _ask(request, challenge_open_seen(number, by), by, sent)


def _ask(
    request: HttpRequest, where: Space | Challenge, by: Member, sent: shapes.QuestionSent
) -> HttpResponse:
    words = cocreation.QuestionWords(sent.title, sent.body, sent.lang)
    return made(
        request,
        lambda: cocreation.question_ask(by, where, words).pk,
        lambda number: whole(int(number), by),
    )


@router.get(
    "/questions/{number}",
    auth=READ,
    response={200: shapes.Question, **READS},
    operation_id="questions_get",
    summary="Get a question",
)
def questions_get(request: HttpRequest, number: Number) -> HttpResponse:
    """One question with its answers and what is promised about it."""
    return answer(request, whole(number, reader(request)))


@router.delete(
    "/questions/{number}",
    auth=TAKE_PART,
    response={200: shapes.Question, **WRITES},
    operation_id="questions_withdraw",
    summary="Take a question back",
)
def questions_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """One’s own, until enough people ask it. Again is harmless."""
    by = actor(request)
    question_seen(number, by)
    cocreation.question_withdraw(by, number)
    return answer(request, whole(number, by))


@router.put(
    "/questions/{number}/join",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="questions_join",
    summary="Ask it too",
)
def questions_join(request: HttpRequest, number: Number) -> HttpResponse:
    """Once, however often it is said."""
    by = actor(request)
    question_seen(number, by)
    return answer(request, {"holds": True, "count": cocreation.question_join(by, number).joined})


@router.delete(
    "/questions/{number}/join",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="questions_leave",
    summary="Ask it no more",
)
def questions_leave(request: HttpRequest, number: Number) -> HttpResponse:
    """The number goes down; an answer that is owed stays owed. Again is harmless."""
    by = actor(request)
    question_seen(number, by)
    return answer(request, {"holds": False, "count": cocreation.question_leave(by, number).joined})


@router.put(
    "/questions/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="questions_follow",
    summary="Follow a question",
)
def questions_follow(request: HttpRequest, number: Number) -> HttpResponse:
    """Be told what happens there. Again is harmless."""
    by = actor(request)
    cocreation.follow(by, question_seen(number, by))
    return answer(request, {"holds": True, "count": None})


@router.delete(
    "/questions/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="questions_unfollow",
    summary="Follow a question no more",
)
def questions_unfollow(request: HttpRequest, number: Number) -> HttpResponse:
    """Again is harmless."""
    by = actor(request)
    cocreation.unfollow(by, question_seen(number, by))
    return answer(request, {"holds": False, "count": None})


@router.post(
    "/questions/{number}/answers",
    auth=LEAD,
    response={201: shapes.Question, **WRITES},
    operation_id="questions_answer",
    summary="Answer a question",
)
def questions_answer(request: HttpRequest, number: Number, sent: Body[shapes.AnswerSent]) -> HttpResponse:
    """In one’s own name, for the brand (`decision.write`). A later answer adds to those before."""
    by = actor(request)
    question_seen(number, by)

    def make() -> int:
        cocreation.question_answer(by, number, sent.body)
        return number

    return made(request, make, lambda told: whole(int(told), by))


@router.put(
    "/questions/{number}/considered",
    auth=TAKE_PART,
    response={200: shapes.Considered, **WRITES},
    operation_id="questions_considered",
    summary="Say whether the answer takes it into account",
)
def questions_considered(request: HttpRequest, number: Number, sent: Body[shapes.SaysSent]) -> HttpResponse:
    """As one of those who ask it. It is counted by space and quarter, never by who answered."""
    by = actor(request)
    question_seen(number, by)
    return answer(request, {"says": cocreation.considered_answer(by, number, sent.says).says})


def light(one: Interpellation, space: str | None = None) -> dict[str, Any]:
    """A question as a list tells it."""
    state = telling.state_of(one)
    names = ("at", "joined", "threshold", "comments", "reached", "due", "answered")
    return {
        "id": one.pk,
        "space": space,
        "challenge": one.challenge_id,
        "state": state,
        "title": one.title if state == "stands" else None,
        "by": telling.person(one.author),
        **{name: getattr(one, name) for name in names},
        "late": one.due is not None and (one.answered or clock.now()) > one.due,
    }


def whole(number: int, member: Member | None) -> dict[str, Any]:
    """A question with what stands around it: at most nine queries. Raises `NotFound`."""
    asked = cocreation.question_whole(number, member)
    one = asked.question
    body = one.body if asked.shown else None
    known = member is not None
    return {
        **light(one, one.space.slug),
        "hidden": telling.hidings_of("interpellation", [one]).get(one.pk),
        "body": body,
        "mentions": telling.mentions(body, *(each.body for each in asked.answers)),
        "answers": [
            {"number": each.number, "by": telling.speaker(each.name), "body": each.body, "at": each.at}
            for each in asked.answers
        ],
        "pledges": telling.pledges(asked.pledges),
        "asks": asked.joined if known else None,
        "follows": asked.follows if known else None,
        "says": asked.says if known else None,
    }
