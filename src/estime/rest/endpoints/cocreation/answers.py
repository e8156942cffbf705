"""Decisions, promises, outcomes: what became of what members gave."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contribution, Decision, Member, Pledge
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    OWN,
    READ,
    TAKE_PART,
    Number,
    actor,
    challenge_open_seen,
    nothing,
    question_seen,
    reader,
)
from estime.rest.endpoints.cocreation.pages import Paged, begins_beyond, page
from estime.rest.endpoints.cocreation.shapes import loop as shapes
from estime.rest.endpoints.cocreation.shapes.base import Reason
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.errors import Invalid
from estime.rest.moments import utc
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["answers"])


class OfDecisions(Paged):
    """Which decisions."""

    outcome: Literal["", "taken", "together", "later", "not_taken"] = Field(
        "", description="Only of this outcome."
    )


@router.get(
    "/challenges/{number}/decisions",
    auth=READ,
    response={200: shapes.Decisions, **READS},
    operation_id="decisions_list",
    summary="List decisions of a challenge",
    openapi_extra=PAGED,
)
def decisions_list(request: HttpRequest, number: Number, asked: Query[OfDecisions]) -> HttpResponse:
    """The newest decision of each contribution, newest first; thirty a page."""
    challenge = challenge_open_seen(number, reader(request))
    question = ["decisions", challenge.pk, asked.outcome]
    found, after = cocreation.decisions_listed(challenge, asked.outcome, begins_beyond(question, asked))
    told = [telling.decision(each, each.contribution) for each in found]
    return page(request, question, {"decisions": told}, after)


@router.get(
    "/contributions/{number}/answers",
    auth=READ,
    response={200: shapes.Answers, **READS},
    operation_id="answers_get",
    summary="Get what became of a contribution",
)
def answers_get(request: HttpRequest, number: Number) -> HttpResponse:
    """Its decisions, newest first; what is promised about it; what was made of it. With those of its head."""
    return answer(request, _answers(cocreation.contribution_seen(number, reader(request))))


@router.post(
    "/contributions/{number}/decisions",
    auth=LEAD,
    response={201: shapes.Answers, **WRITES},
    operation_id="decisions_write",
    summary="Decide about a contribution",
)
def decisions_write(request: HttpRequest, number: Number, sent: Body[shapes.DecisionSent]) -> HttpResponse:
    """In one’s own name, for the brand (`decision.write`). The same again decides once."""
    by = actor(request)
    cocreation.contribution_seen(number, by)
    words = cocreation.DecisionWords(sent.outcome, sent.reason, sent.lives_on, sent.again, sent.seen)
    promise = _pledge_words(sent.promise) if sent.promise is not None else None

    def make() -> int:
        cocreation.decision_write(by, number, words, promise=promise)
        return number

    return made(request, make, lambda told: _answers(cocreation.contribution_seen(int(told), by)))


def _answers(one: Contribution) -> dict[str, Any]:
    told = cocreation.story_of(one)
    return {
        "decisions": [
            telling.decision(each, one if each.contribution_id == one.pk else None) for each in told.decisions
        ],
        "pledges": telling.pledges(told.pledges),
        "outcomes": [telling.outcome_light(each) for each in told.outcomes],
    }


@router.put(
    "/decisions/{number}/considered",
    auth=TAKE_PART,
    response={200: shapes.Considered, **WRITES},
    operation_id="decisions_considered",
    summary="Say whether a decision takes what one said into account",
)
def decisions_considered(request: HttpRequest, number: Number, sent: Body[shapes.SaysSent]) -> HttpResponse:
    """As one of its authors. It is counted by space and quarter, never by who decided."""
    by = actor(request)
    found = Decision.objects.select_related("contribution__space").filter(pk=number).first()
    if found is None or not cocreation.may_read(found.contribution.space, by):
        raise nothing()
    return answer(request, {"says": cocreation.considered_decision(by, number, sent.says).says})


@router.get(
    "/challenges/{number}/pledges",
    auth=READ,
    response={200: shapes.Pledges, **READS},
    operation_id="pledges_list",
    summary="List promises to all who took part",
)
def pledges_list(request: HttpRequest, number: Number) -> HttpResponse:
    """What is promised about a challenge as a whole, newest first."""
    challenge = challenge_open_seen(number, reader(request))
    return answer(request, {"pledges": telling.pledges(cocreation.pledges_of(challenge=[challenge.pk]))})


@router.post(
    "/challenges/{number}/pledges",
    auth=LEAD,
    response={201: shapes.Pledge, **WRITES},
    operation_id="pledges_make_challenge",
    summary="Promise something about a challenge",
)
def pledges_make_challenge(
    request: HttpRequest, number: Number, sent: Body[shapes.PledgeSent]
) -> HttpResponse:
    """In one’s own name. The same promise twice is one."""
    by = actor(request)
    return _make(request, challenge_open_seen(number, by), by, sent)


@router.post(
    "/contributions/{number}/pledges",
    auth=LEAD,
    response={201: shapes.Pledge, **WRITES},
    operation_id="pledges_make",
    summary="Promise something about a contribution",
)
def pledges_make(request: HttpRequest, number: Number, sent: Body[shapes.PledgeSent]) -> HttpResponse:
    """In one’s own name. The same promise twice is one."""
    by = actor(request)
    return _make(request, cocreation.contribution_seen(number, by), by, sent)


@router.post(
    "/questions/{number}/pledges",
    auth=LEAD,
    response={201: shapes.Pledge, **WRITES},
    operation_id="pledges_make_question",
    summary="Promise something about a question",
)
def pledges_make_question(
    request: HttpRequest, number: Number, sent: Body[shapes.PledgeSent]
) -> HttpResponse:
    """In one’s own name. The same promise twice is one."""
    by = actor(request)
    return _make(request, question_seen(number, by), by, sent)


def _make(request: HttpRequest, where: cocreation.Spot, by: Member, sent: shapes.PledgeSent) -> HttpResponse:
    return made(
        request,
        lambda: cocreation.pledge_make(by, where, _pledge_words(sent)).pk,
        lambda number: _pledge_told(int(number), by),
    )


def _pledge_words(sent: shapes.PledgeSent) -> cocreation.PledgeWords:
    return cocreation.PledgeWords(sent.what, utc(sent.due))


@router.get(
    "/pledges/{number}",
    auth=READ,
    response={200: shapes.Pledge, **READS},
    operation_id="pledges_get",
    summary="Get a promise",
)
def pledges_get(request: HttpRequest, number: Number) -> HttpResponse:
    """One promise, and whether it is late."""
    return answer(request, _pledge_told(number, reader(request)))


@router.put(
    "/pledges/{number}/kept",
    auth=LEAD,
    response={200: shapes.Pledge, **WRITES},
    operation_id="pledges_keep",
    summary="Say that a promise is kept",
)
def pledges_keep(request: HttpRequest, number: Number, sent: Body[shapes.KeptSent]) -> HttpResponse:
    """And how. Again is harmless; kept late stays late."""
    by = actor(request)
    _pledge_seen(number, by)
    cocreation.pledge_keep(by, number, sent.words)
    return answer(request, _pledge_told(number, by))


@router.put(
    "/pledges/{number}/waived",
    auth=LEAD,
    response={200: shapes.Pledge, **WRITES},
    operation_id="pledges_waive",
    summary="Take a promise back",
)
def pledges_waive(request: HttpRequest, number: Number, sent: Body[Reason]) -> HttpResponse:
    """For a reason that stands beside it for good. Again is harmless."""
    by = actor(request)
    _pledge_seen(number, by)
    cocreation.pledge_waive(by, number, sent.reason)
    return answer(request, _pledge_told(number, by))


@router.put(
    "/pledges/{number}/replacement",
    auth=LEAD,
    response={200: shapes.Pledge, **WRITES},
    operation_id="pledges_replace",
    summary="Give a promise another day",
)
def pledges_replace(request: HttpRequest, number: Number, sent: Body[shapes.PledgeSent]) -> HttpResponse:
    """The new promise; the old one stays beside it, with its day. The same again is harmless."""
    by = actor(request)
    _pledge_seen(number, by)
    return answer(request, _pledge_told(cocreation.pledge_replace(by, number, _pledge_words(sent)).pk, by))


def _pledge_seen(number: int, member: Member | None) -> Pledge:
    found = (
        Pledge.objects.select_related("contribution__space", "challenge__space", "interpellation__space")
        .filter(pk=number)
        .first()
    )
    if found is None or not cocreation.may_read(cocreation.pledge_place(found).space, member):
        raise nothing()
    return found


def _pledge_told(number: int, member: Member | None) -> dict[str, Any]:
    found = _pledge_seen(number, member)
    after = Pledge.objects.filter(replaces=found).values_list("pk", flat=True).first()
    return telling.pledge(found, after)


@router.get(
    "/challenges/{number}/outcomes",
    auth=READ,
    response={200: shapes.Outcomes, **READS},
    operation_id="outcomes_list",
    summary="List what was made of a challenge",
)
def outcomes_list(request: HttpRequest, number: Number) -> HttpResponse:
    """Newest first."""
    found = cocreation.outcomes_of(challenge_open_seen(number, reader(request)))
    return answer(request, {"outcomes": [telling.outcome_light(each) for each in found]})


@router.get(
    "/challenges/{number}/sources",
    auth=OWN,
    response={200: shapes.Sources, **READS},
    operation_id="outcomes_sources",
    summary="List what an outcome may have come from",
)
def outcomes_sources(request: HttpRequest, number: Number) -> HttpResponse:
    """Everything that was taken up, and what that came from, for a lead to confirm. For whoever may tell outcomes."""
    by = actor(request)
    challenge = challenge_open_seen(number, by)
    if not by.may("challenge.lead"):
        raise nothing()
    return answer(request, {"sources": [_source(each) for each in cocreation.sources_proposed(challenge.pk)]})


@router.post(
    "/challenges/{number}/outcomes",
    auth=LEAD,
    response={201: shapes.OutcomeTold, **WRITES},
    operation_id="outcomes_make",
    summary="Tell what was made",
)
def outcomes_make(request: HttpRequest, number: Number, sent: Body[shapes.OutcomeSent]) -> HttpResponse:
    """With its date, pictures, and all that it came from; whoever gave any of it is told (`challenge.lead`)."""
    by = actor(request)
    challenge = challenge_open_seen(number, by)
    wanted = {(one.poll, one.number) for one in sent.options}
    options = [one.pk for one in cocreation.options_won(challenge.pk) if (one.poll_id, one.number) in wanted]
    if len(options) < len(wanted):
        raise Invalid(
            "Something named here is not what members of this challenge voted for without writing it as an idea.",
            todo="Name options that won a vote of this challenge; what was an idea belongs under sources.",
            errors=[{"at": "body.options", "message": "Not all of them won, or one is an idea."}],
        )
    words = cocreation.OutcomeWords(sent.title, sent.body, sent.made, sent.pictures, options=options)
    sources = [cocreation.Source(one.relation, one.contribution, one.comment) for one in sent.sources]
    return made(
        request,
        lambda: cocreation.outcome_make(by, challenge.pk, words, sources).pk,
        lambda told: _outcome(int(told), by),
    )


@router.get(
    "/outcomes/{number}",
    auth=READ,
    response={200: shapes.OutcomeTold, **READS},
    operation_id="outcomes_get",
    summary="Get what was made",
)
def outcomes_get(request: HttpRequest, number: Number) -> HttpResponse:
    """With its pictures, and all that it came from."""
    return answer(request, _outcome(number, reader(request)))


def _outcome(number: int, member: Member | None) -> dict[str, Any]:
    told = cocreation.outcome_whole(number)
    if told is None or not cocreation.may_read(told.outcome.challenge.space, member):
        raise nothing()
    one = told.outcome
    return {
        **telling.outcome_light(one),
        "challenge": one.challenge_id,
        "body": one.body,
        "by": telling.speaker(one.name),
        "at": one.at,
        "pictures": [telling.picture(each) for each in one.pictures.all() if not each.hidden],
        "sources": [_source(each) for each in told.sources],
        "options": [
            {"poll": each.poll_id, "number": each.number, "title": each.title} for each in told.options
        ],
    }


def _source(one: cocreation.Proposed) -> dict[str, Any]:
    contribution = one.contribution if one.comment is None else one.comment.contribution
    by = one.comment.by if one.comment is not None else contribution.author if contribution else None
    return {
        "relation": one.source.relation,
        "contribution": telling.titled(contribution),
        "comment": one.comment.pk if one.comment is not None else None,
        "by": telling.person(by) if by is not None else {"handle": None, "name": None},
    }
