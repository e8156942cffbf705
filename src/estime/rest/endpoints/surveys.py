"""Asking people how they are treated: one's own answers, and sums of everybody's for the brand's people."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Router, Schema
from pydantic import StrictBool, StrictInt

from estime.kernel import clock
from estime.listening import api as listening
from estime.listening.survey_words import ASKED_OF, LONGEST
from estime.rest.answers import answer
from estime.rest.auth import Token
from estime.rest.endpoints.cocreation.asking import OWN, TAKE_PART, Number, actor, nothing
from estime.rest.endpoints.cocreation.shapes.base import TEXT, Sent
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.reference import problems

router = Router(tags=["surveys"])
SEE: Final = Token("surveys:read")

Value = Annotated[StrictInt, Field(ge=1, le=5, description="From 1, not at all, to 5, entirely.")]
Reason = Literal["belonging", "useful", "recognition", "getting", "values", "complaint", "fun"]
Text = Annotated[str, Field(max_length=LONGEST, pattern=TEXT)]


class Answered(Schema):
    """What one answers. Each of it may be left out, but not all."""

    identified: Value | None = None
    considered: Value | None = None
    fairly_treated: Value | None = None
    trusting: Value | None = None
    sharing_values: Value | None = None
    reasons: list[Reason] = Field(default_factory=list, max_length=7)
    words: Text = ""


class AnswersSent(Sent, Answered):
    """What one answers, in place of what one answered before."""


class OwnAnswers(Answered):
    """One time that one was asked, and what one answered."""

    id: int
    occasion: Literal["decision", "answer", "outcome"]
    open: bool = Field(description="Whether it waits for an answer.")
    answered: datetime | None
    changed: datetime | None


class OwnSurveys(Schema):
    """What one was asked and answered, newest first; first what is open now."""

    never: bool = Field(description="Whether one said that one is never to be asked.")
    surveys: list[OwnAnswers]


class NeverSent(Sent):
    """Whether one is never to be asked."""

    never: StrictBool


class NeverTold(Schema):
    """Whether one is never to be asked."""

    never: bool


class Interval(Schema):
    """A number with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class QuestionTold(Schema):
    """One question: how many chose 1, 2, 3, 4, 5."""

    counts: list[int]
    mean: Interval


class Group(Schema):
    """A space, or all of them. What fewer people answered than may be told is left out."""

    space: int | None = Field(description="Null: all spaces together.")
    people: int
    questions: dict[str, QuestionTold]
    reasons: dict[str, int]
    reasons_people: int | None = Field(description="How many gave any reason; null where too few did.")
    given: int = Field(description="Contributions and questions of the quarter.")
    answered: int = Field(description="Those that had an answer by its end.")


class QuarterTold(Schema):
    """A quarter that is over. No groups: fewer people answered than may be told."""

    begins: str
    groups: list[Group]
    words: list[str]


class Told(Schema):
    """Quarters that are told, newest first."""

    quarters: list[QuarterTold]


_NAMES: Final = ("identified", "considered", "fairly_treated", "trusting", "sharing_values")
NAMES: Final = dict(zip(ASKED_OF, _NAMES, strict=True))


@router.get(
    "/surveys",
    auth=SEE,
    response={200: Told, **problems(401, 403, 429, 503)},
    operation_id="surveys_list",
    summary="List what people answered",
)
def surveys_list(request: HttpRequest) -> HttpResponse:
    """Quarters that are over, in sums of at least ten people, for whoever has `survey.see`. What was told stays."""
    return answer(request, {"quarters": [_quarter(one) for one in listening.surveys_told()]})


def _quarter(told: listening.QuarterTold) -> dict[str, Any]:
    rows = [(None, told.whole), *sorted(told.spaces.items())] if told.whole.people else []
    groups = [_group(space, row.people, row.figures) for space, row in rows]
    return {"begins": told.quarter.isoformat(), "groups": groups, "words": told.words}


def _group(space: int | None, people: int, figures: dict[str, Any]) -> dict[str, Any]:
    reasons = figures.get("reasons", {})
    return {
        "space": space,
        "people": people,
        "questions": {
            NAMES[int(name)]: {"counts": counts, "mean": listening.mean_estimate(counts)._asdict()}
            for name, counts in figures["questions"].items()
        },
        "reasons": reasons.get("ticked", {}),
        "reasons_people": reasons.get("people"),
        "given": figures["given"],
        "answered": figures["answered"],
    }


@router.get(
    "/me/surveys",
    auth=OWN,
    response={200: OwnSurveys, **READS},
    operation_id="mine_surveys",
    summary="List what one was asked and answered",
)
def mine_surveys(request: HttpRequest) -> HttpResponse:
    """What is open now first. Reading it here shows the questions: nothing else is asked for 90 days then."""
    by = actor(request)
    user = by.user_id or 0
    found = listening.surveys_own(by.account)
    asks = by.may("survey.answer")
    waiting = listening.survey_open(user, by.account, clock.now()) if asks else None
    if waiting is not None and listening.survey_shown(waiting):
        own = listening.survey_own(by.account, waiting.pk)
        found = [own, *found] if own is not None else found
    told = {"never": listening.survey_is_never(user), "surveys": [_own(one) for one in found]}
    return answer(request, told)


def _own(one: listening.OwnAnswers) -> dict[str, Any]:
    asked = one.asked
    return {
        "id": asked.pk,
        "occasion": asked.occasion,
        "open": asked.answered is None and asked.dismissed is None and asked.lapsed is None,
        "answered": asked.answered,
        "changed": asked.changed,
        **{name: one.values.get(number) for number, name in NAMES.items()},
        "reasons": one.reasons,
        "words": asked.words,
    }


@router.put(
    "/me/surveys/{number}",
    auth=TAKE_PART,
    response={200: OwnAnswers, **WRITES},
    operation_id="mine_surveys_answer",
    summary="Answer what one is asked, or change that",
)
def mine_surveys_answer(request: HttpRequest, number: Number, sent: Body[AnswersSent]) -> HttpResponse:
    """Again is harmless; something else replaces what was there. The brand's own people answer nothing new."""
    by = actor(request)
    own = listening.survey_own(by.account, number)
    if own is None or (own.asked.answered is None and not by.may("survey.answer")):
        raise nothing()
    account = own.asked.account
    values = {key: value for key, name in NAMES.items() if (value := getattr(sent, name)) is not None}
    listening.survey_answer(account, number, listening.Answers(values, sent.reasons, sent.words))
    return _told(request, account, number)


@router.delete(
    "/me/surveys/{number}",
    auth=TAKE_PART,
    response={200: OwnAnswers, **WRITES},
    operation_id="mine_surveys_delete",
    summary="Delete what one answered, or set the questions aside",
)
def mine_surveys_delete(request: HttpRequest, number: Number) -> HttpResponse:
    """All of it, own words too. Questions that wait for an answer are over then, and none come for 90 days."""
    account = _account(request)
    listening.survey_take_back(account, number)
    listening.survey_dismiss(account, number)
    return _told(request, account, number)


@router.put(
    "/me/asking",
    auth=TAKE_PART,
    response={200: NeverTold, **WRITES},
    operation_id="mine_asking_choose",
    summary="Choose whether one is ever asked",
)
def mine_asking_choose(request: HttpRequest, sent: Body[NeverSent]) -> HttpResponse:
    """`never`: open questions go, and none come any more. What was answered stays."""
    by = actor(request)
    listening.survey_never(by.user_id or 0, by.account, sent.never)
    return answer(request, {"never": sent.never})


def _account(request: HttpRequest) -> int:
    account = actor(request).account
    if account is None:
        raise nothing()
    return account


def _told(request: HttpRequest, account: int, number: int) -> HttpResponse:
    own = listening.survey_own(account, number)
    if own is None:
        raise nothing()
    return answer(request, _own(own))
