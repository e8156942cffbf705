"""Votes: their rules, what is up for them, locking; objections."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contribution, Member, Objection, Option, Poll
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    CAST,
    LEAD,
    READ,
    TAKE_PART,
    Number,
    actor,
    challenge_seen,
    nothing,
    poll_seen,
    reader,
)
from estime.rest.endpoints.cocreation.shapes import votes as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.moments import utc
from estime.rest.once import made

router = Router(tags=["votes"])
_LIGHT = (
    *("title", "method", "binding", "secret", "opens", "closes"),
    *("locked", "opened", "closed", "counted", "sealed"),
)


@router.get(
    "/challenges/{number}/polls",
    auth=READ,
    response={200: shapes.Polls, **READS},
    operation_id="polls_list",
    summary="List votes of a challenge",
)
def polls_list(request: HttpRequest, number: Number) -> HttpResponse:
    """In the order of their beginning; those being prepared only for whoever leads."""
    member = reader(request)
    challenge = challenge_seen(number, member)
    drafts = cocreation.leads(member, challenge)
    return answer(
        request, {"polls": [_light(one) for one in cocreation.polls_of(challenge.pk, drafts=drafts)]}
    )


@router.post(
    "/challenges/{number}/polls",
    auth=LEAD,
    response={201: shapes.Poll, **WRITES},
    operation_id="polls_draft",
    summary="Prepare a vote",
)
def polls_draft(request: HttpRequest, number: Number, sent: Body[shapes.PollSent]) -> HttpResponse:
    """Its rules are locked when the challenge opens. One that is added later binds nobody, and is locked by itself."""
    by = actor(request)
    challenge = challenge_seen(number, by)
    return made(
        request,
        lambda: cocreation.poll_draft(by, challenge, _rules(sent)).pk,
        lambda told: _whole(int(told), by),
    )


@router.get(
    "/polls/{number}",
    auth=READ,
    response={200: shapes.Poll, **READS},
    operation_id="polls_get",
    summary="Get a vote",
)
def polls_get(request: HttpRequest, number: Number) -> HttpResponse:
    """Its rules, its options, where it stands."""
    return answer(request, _whole(number, reader(request)))


@router.put(
    "/polls/{number}",
    auth=LEAD,
    response={200: shapes.Poll, **WRITES},
    operation_id="polls_change",
    summary="Write the rules of a vote anew",
)
def polls_change(request: HttpRequest, number: Number, sent: Body[shapes.PollSent]) -> HttpResponse:
    """Before they are locked."""
    by = actor(request)
    cocreation.poll_change(by, poll_seen(number, by), _rules(sent))
    return answer(request, _whole(number, by))


@router.delete(
    "/polls/{number}",
    auth=LEAD,
    response={200: Given, **WRITES},
    operation_id="polls_discard",
    summary="Throw a vote away",
)
def polls_discard(request: HttpRequest, number: Number) -> HttpResponse:
    """Before its rules are locked."""
    by = actor(request)
    cocreation.poll_discard(by, poll_seen(number, by))
    return answer(request, {"holds": False, "count": None})


@router.post(
    "/polls/{number}/lock",
    auth=LEAD,
    response={200: shapes.Poll, **WRITES},
    operation_id="polls_lock",
    summary="Lock a vote that was added later",
)
def polls_lock(request: HttpRequest, number: Number) -> HttpResponse:
    """From then on its rules hold. Again is harmless."""
    by = actor(request)
    cocreation.poll_lock(by, poll_seen(number, by))
    return answer(request, _whole(number, by))


@router.post(
    "/polls/{number}/options",
    auth=LEAD,
    response={201: shapes.Option, **WRITES},
    operation_id="options_add",
    summary="Add an option",
)
def options_add(request: HttpRequest, number: Number, sent: Body[shapes.OptionSent]) -> HttpResponse:
    """Before the vote begins: words of one’s own, or a contribution of its challenge."""
    by = actor(request)
    poll = poll_seen(number, by)
    contribution = cocreation.contribution_seen(sent.contribution, by) if sent.contribution else None
    title = sent.title or (contribution.title if contribution is not None else "")
    return made(
        request,
        lambda: cocreation.option_add(by, poll, title, cost=sent.cost, contribution=contribution).number,
        lambda told: option_told(_option(poll, int(told))),
    )


@router.put(
    "/polls/{number}/options",
    auth=LEAD,
    response={200: shapes.Poll, **WRITES},
    operation_id="options_fill",
    summary="Put contributions up for a vote",
)
def options_fill(request: HttpRequest, number: Number, sent: Body[shapes.FillSent]) -> HttpResponse:
    """Those named, or all that stand; those that are options already stay. What was brought together is one."""
    by = actor(request)
    poll = poll_seen(number, by)
    chosen = None
    if sent.contributions is not None:
        wanted = [key for key in sent.contributions if 0 < key < 1 << 63]
        chosen = list(Contribution.objects.filter(pk__in=wanted, challenge=poll.challenge_id))
    cocreation.options_from_contributions(by, poll, chosen)
    return answer(request, _whole(number, by))


@router.delete(
    "/polls/{number}/options/{option}",
    auth=LEAD,
    response={200: Given, **WRITES},
    operation_id="options_remove",
    summary="Take an option away",
)
def options_remove(request: HttpRequest, number: Number, option: Number) -> HttpResponse:
    """Before the vote begins."""
    by = actor(request)
    cocreation.option_remove(by, _option(poll_seen(number, by), option))
    return answer(request, {"holds": False, "count": None})


@router.put(
    "/polls/{number}/options/{option}/hiding",
    auth=LEAD,
    response={200: shapes.Option, **WRITES},
    operation_id="options_hide",
    summary="Ask about an option no more",
)
def options_hide(
    request: HttpRequest, number: Number, option: Number, sent: Body[shapes.HideOption]
) -> HttpResponse:
    """In votes between two and on statements, for a reason that is shown; the answers to it stay."""
    by = actor(request)
    poll = poll_seen(number, by)
    cocreation.option_hide(by, _option(poll, option), sent.reason)
    return answer(request, option_told(_option(poll, option)))


@router.post(
    "/polls/{number}/proposals",
    auth=CAST,
    response={201: shapes.Option, **WRITES},
    operation_id="options_propose",
    summary="Add an option as a member",
)
def options_propose(request: HttpRequest, number: Number, sent: Body[shapes.Proposal]) -> HttpResponse:
    """While the vote runs, where its rules say so. One that is there already is given back."""
    by = actor(request)
    poll = poll_seen(number, by)
    return made(
        request,
        lambda: cocreation.option_propose(by, poll, sent.title).number,
        lambda told: option_told(_option(poll, int(told))),
    )


@router.get(
    "/polls/{number}/objections",
    auth=READ,
    response={200: shapes.Objections, **READS},
    operation_id="objections_list",
    summary="List objections to a vote",
)
def objections_list(request: HttpRequest, number: Number) -> HttpResponse:
    """Oldest first, each with its answer."""
    return answer(request, _objections(poll_seen(number, reader(request))))


@router.post(
    "/polls/{number}/objections",
    auth=TAKE_PART,
    response={201: shapes.Objections, **WRITES},
    operation_id="objections_make",
    summary="Object to how a vote went",
)
def objections_make(request: HttpRequest, number: Number, sent: Body[shapes.ObjectionSent]) -> HttpResponse:
    """As somebody who voted, in public, while the time for objections runs. Once a person."""
    by = actor(request)
    poll = poll_seen(number, by)

    def make() -> int:
        cocreation.poll_object(by, poll, sent.words)
        return poll.pk

    return made(request, make, lambda told: _objections(poll))


@router.put(
    "/polls/{number}/objections/{objection}/answer",
    auth=LEAD,
    response={200: shapes.Objections, **WRITES},
    operation_id="objections_answer",
    summary="Answer an objection",
)
def objections_answer(
    request: HttpRequest, number: Number, objection: Number, sent: Body[shapes.ObjectionAnswer]
) -> HttpResponse:
    """By name, as who leads the challenge or answers for the brand. An answer stays as it is."""
    by = actor(request)
    poll = poll_seen(number, by)
    found = next((one for one in cocreation.objections_of(poll) if one.pk == objection), None)
    if found is None:
        raise nothing()
    cocreation.objection_answer(by, found, sent.answer)
    return answer(request, _objections(poll))


def _rules(sent: shapes.PollSent) -> cocreation.PollRules:
    told = sent.model_dump(exclude={"opens", "closes"})
    opens, closes = sent.opens and utc(sent.opens), sent.closes and utc(sent.closes)
    return cocreation.PollRules(**told, opens=opens, closes=closes)


def _light(poll: Poll) -> dict[str, Any]:
    return {"id": poll.pk, "challenge": poll.challenge_id, **{name: getattr(poll, name) for name in _LIGHT}}


def _whole(number: int, member: Member | None) -> dict[str, Any]:
    """A vote with its options: six queries at most. Raises `NotThere`."""
    poll = poll_seen(number, member)
    standing = cocreation.poll_standing(poll, member)
    known = member is not None
    names = ("parameters", "ties", "seed", "threshold", "who", "objections_until")
    return {
        **_light(poll),
        **{name: getattr(poll, name) for name in names},
        "digest": poll.digest or None,
        "state": standing.state,
        "voters": standing.voters,
        "eligible": standing.eligible if known else None,
        "voted": standing.voted if known else None,
        "may_object": standing.objecting if known else None,
        "options": [option_told(each) for each in cocreation.options_of(poll)],
    }


def option_told(option: Option) -> dict[str, Any]:
    """An option. The title of one that is a contribution is kept as it was put up."""
    gone = option.contribution is not None and (option.contribution.hidden or option.contribution.erased)
    return {
        "number": option.number,
        "title": "" if option.hidden or gone else option.title,
        "contribution": telling.titled(option.contribution),
        "cost": str(option.cost) if option.cost is not None else None,
        "by": telling.person(option.by) if option.by is not None else None,
        "hidden": option.hidden,
    }


def _option(poll: Poll, number: int) -> Option:
    found = (
        Option.objects.select_related("contribution", "by", "poll").filter(poll=poll, number=number).first()
    )
    if found is None:
        raise nothing()
    return found


def _objections(poll: Poll) -> dict[str, Any]:
    return {"objections": [_objection(each) for each in cocreation.objections_of(poll)]}


def _objection(one: Objection) -> dict[str, Any]:
    return {
        "id": one.pk,
        "who": telling.person(one.member),
        "words": one.words,
        "at": one.at,
        "answer": one.answer or None,
        "answered": one.answered,
        "by": telling.speaker(one.name) if one.answered else None,
    }
