"""Voting: one’s own ballot, and nobody else’s. What a vote gave, and its ballots once they are nobody’s any more.

1. A ballot is cast, read and taken back by its owner alone; nothing of it is in an address or a log.
2. In votes between two, a ticket says which pair this member was asked: nobody chooses which pairs they answer. What
   stands on their ballot was asked, so they may answer it otherwise without one.
3. Casting is lean: besides the action, one query for the token, one for the member, one for the method.
"""

from typing import Any, Final

import orjson
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member, Option, Poll
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    CAST,
    OWN_BALLOT,
    READ,
    Number,
    actor,
    nothing,
    poll_seen,
    reader,
)
from estime.rest.endpoints.cocreation.polls import option_told
from estime.rest.endpoints.cocreation.shapes import votes as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.errors import Invalid

router = Router(tags=["votes"])
_SALT: Final = "estime.rest.pair"


@router.get(
    "/polls/{number}/ballot",
    auth=OWN_BALLOT,
    response={200: shapes.Ballot, **READS},
    operation_id="ballots_get",
    summary="Get one’s own ballot",
)
def ballots_get(request: HttpRequest, number: Number) -> HttpResponse:
    """For oneself alone. After the time for objections nothing says any more which one it was."""
    by = actor(request)
    return answer(request, _told(cocreation.ballot_own(poll_seen(number, by), by)))


@router.put(
    "/polls/{number}/ballot",
    auth=CAST,
    response={200: shapes.Ballot, **WRITES},
    operation_id="ballots_cast",
    summary="Vote, or vote otherwise",
)
def ballots_cast(request: HttpRequest, number: Number, sent: Body[shapes.BallotSent]) -> HttpResponse:
    """The whole ballot; in votes between two and on statements, one more answer. Whoever is answered 200 is counted,
    once, with what they chose last.
    """
    by = actor(request)
    method = Poll.objects.filter(pk=number).values_list("method", flat=True).first()
    if method is None:
        raise nothing()
    if method == "pairwise":
        _check_ticket(number, by, sent)
    return answer(request, _told(cocreation.ballot_cast(Poll(pk=number), by, sent.choice).choice))


@router.delete(
    "/polls/{number}/ballot",
    auth=CAST,
    response={200: shapes.Ballot, **WRITES},
    operation_id="ballots_withdraw",
    summary="Take one’s vote back",
)
def ballots_withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """Until the closing one may vote again. Again is harmless."""
    by = actor(request)
    cocreation.ballot_withdraw(poll_seen(number, by), by)
    return answer(request, _told(None))


@router.post(
    "/polls/{number}/ballot/withdrawal",
    auth=CAST,
    response={200: shapes.Ballot, **WRITES},
    operation_id="ballots_withdraw_answer",
    summary="Take one answer back",
)
def ballots_withdraw_answer(
    request: HttpRequest, number: Number, sent: Body[shapes.AnswerBack]
) -> HttpResponse:
    """In votes between two and on statements; the other answers stay. Again is harmless."""
    by = actor(request)
    left = cocreation.answer_withdraw(poll_seen(number, by), by, sent.about)
    return answer(request, _told(left))


def _told(choice: Any) -> dict[str, Any]:
    return {"cast": choice is not None, "choice": choice}


@router.get(
    "/polls/{number}/next",
    auth=OWN_BALLOT,
    response={200: shapes.Next, **READS},
    operation_id="ballots_next",
    summary="Get what to answer next",
)
def ballots_next(request: HttpRequest, number: Number) -> HttpResponse:
    """In a vote between two, the pair whose answer tells most; on statements, one that few have answered."""
    by = actor(request)
    poll = poll_seen(number, by)
    if poll.method not in cocreation.GAINING or cocreation.poll_standing(poll, by).state != "running":
        raise nothing()
    told: dict[str, Any] = dict.fromkeys(("left", "right", "statement", "answered", "there", "ticket"), None)
    found = _pair(poll, by) if poll.method == "pairwise" else _statement(poll, by)
    return answer(request, {**told, **found})


def _pair(poll: Poll, by: Member) -> dict[str, Any]:
    from estime.cocreation.asking import pair_next  # numpy, which other answers start without

    pair = pair_next(poll, by)
    if pair is None:
        return {"kind": "done"}
    numbers = [pair.left.number, pair.right.number]
    ticket = Signer(salt=_SALT).sign_object([poll.pk, by.pk, *numbers])
    return {
        "kind": "pair",
        **dict(zip(("left", "right"), _shown(poll, numbers), strict=True)),
        "answered": pair.answered,
        "ticket": ticket,
    }


def _statement(poll: Poll, by: Member) -> dict[str, Any]:
    from estime.cocreation.asking import statement_next  # as above

    one = statement_next(poll, by)
    if one is None:
        return {"kind": "done"}
    (shown,) = _shown(poll, [one.option.number])
    return {"kind": "statement", "statement": shown, "answered": one.answered, "there": one.there}


def _shown(poll: Poll, numbers: list[int]) -> list[dict[str, Any]]:
    found = Option.objects.select_related("contribution", "by").filter(poll=poll, number__in=numbers)
    known = {one.number: option_told(one) for one in found}
    return [known[number] for number in numbers]


def _check_ticket(poll: int, by: Member, sent: shapes.BallotSent) -> None:
    try:
        told = Signer(salt=_SALT).unsign_object(sent.ticket)
    except (BadSignature, ValueError, TypeError):
        told = None
    numbers = [_number(each) for each in sent.choice[:2]] if isinstance(sent.choice, list) else []
    if told is not None and told[:2] == [poll, by.pk] and sorted(told[2:]) == sorted(numbers):
        return
    if sent.ticket or not cocreation.pair_answered(poll, by, {*numbers}):
        raise Invalid(
            "This is not the pair that was asked.",
            todo="Ask for one by GET /polls/{id}/next, and send its ticket with the answer.",
            errors=[{"at": "body.ticket", "message": "It does not fit."}],
        )


def _number(told: object) -> int:
    return told if isinstance(told, int) else -1


@router.get(
    "/polls/{number}/results",
    auth=READ,
    response={200: shapes.Results, **READS},
    operation_id="results_list",
    summary="List what a vote gave",
)
def results_list(request: HttpRequest, number: Number) -> HttpResponse:
    """Every count, newest first; how it came about, and how fragile it is."""
    found = cocreation.results_of(poll_seen(number, reader(request)))
    names = ("number", "ballots", "final", "at", "body")
    return answer(request, {"results": [{name: getattr(one, name) for name in names} for one in found]})


@router.get(
    "/polls/{number}/ballots",
    auth=READ,
    response={200: shapes.BallotsTold, **READS},
    operation_id="ballots_published",
    summary="Get the ballots as open data",
)
def ballots_published(request: HttpRequest, number: Number) -> HttpResponse:
    """Once the time for objections is over: kinds of ballots that at least five people cast, unless the rules say that
    all are published. Names only where the vote said before that it is open.
    """
    poll = poll_seen(number, reader(request))
    last = cocreation.result_newest(poll)
    if poll.sealed is None or last is None or last.body["told"] != "all":
        raise nothing()
    shown, others = cocreation.ballots_published(poll)
    told = [{"choice": orjson.loads(text), "voters": many} for text, many in shown]
    named = [
        {"who": telling.person(member), "choice": choice} for member, choice in cocreation.open_ballots(poll)
    ]
    return answer(request, {"kinds": told, "others": others, "named": named})
