"""Answer the five questions, change that, take it back; put them aside; never be asked, or be asked again.

Whoever answers is told by their account; an asking of somebody else is one that is not there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.kernel import clock
from estime.listening.actions.survey_forget import to_ask_held, words_withdraw
from estime.listening.queries.surveys import OPEN, survey_waits
from estime.listening.survey_errors import AnswerInvalid, NotAsked
from estime.listening.survey_models import Asked, AskNever, SurveyAnswer, SurveyReason
from estime.listening.survey_words import QUESTIONS, REASONS, own_words


class Answers(NamedTuple):
    """What somebody answers: numbers from 1 to 5 by question, reasons, own words. All of it may be left out but one."""

    values: Mapping[int, int]
    reasons: Sequence[str] = ()
    words: str = ""


def survey_answer(account: int, number: int, given: Answers, *, when: datetime | None = None) -> Asked:
    """Keep what somebody answers; the same sent twice is kept once, something else replaces what was there.

    Raises `NotAsked` (not theirs, put aside, or over), `AnswerInvalid`.
    """
    words = _checked(given)
    at = when or clock.now()
    with transaction.atomic():
        to_ask_held()
        held = _held(account, number)
        if not survey_waits(held, at):
            raise _nothing()
        if held.answered is not None and _same(held, given, words):
            return held
        if held.words != words:
            words_withdraw(held)
        held.words, held.changed = words, at
        held.answered, held.shown, held.lapsed = held.answered or at, held.shown or at, None
        held.save()
        held.answers.all().delete()
        held.reasons.all().delete()
        SurveyAnswer.objects.bulk_create(
            SurveyAnswer(asked=held, question=question, value=value)
            for question, value in given.values.items()
        )
        SurveyReason.objects.bulk_create(SurveyReason(asked=held, reason=one) for one in {*given.reasons})
    return held


def survey_dismiss(account: int, number: int, *, when: datetime | None = None) -> Asked:
    """*Not now*: these questions are over, and none come for 90 days. What is over already stays as it is.

    Raises `NotAsked` for somebody else's, and for what nobody is shown yet.
    """
    at = when or clock.now()
    with transaction.atomic():
        held = _held(account, number)
        if held.due > at:
            raise _nothing()
        if held.answered is None and survey_waits(held, at):
            held.dismissed, held.shown = at, held.shown or at
            held.save(update_fields=["dismissed", "shown"])
    return held


def survey_take_back(account: int, number: int, *, when: datetime | None = None) -> Asked:
    """Delete all that somebody answered to one asking; doing it twice is doing it once. Raises `NotAsked`."""
    at = when or clock.now()
    with transaction.atomic():
        to_ask_held()
        held = _held(account, number)
        if held.answered is not None:
            words_withdraw(held)
            held.answers.all().delete()
            held.reasons.all().delete()
            held.words, held.answered, held.changed = "", None, None
            held.dismissed = at
            held.save()
    return held


def survey_never(user: int, account: int | None, never: bool, *, when: datetime | None = None) -> None:
    """*Never ask me*, or ask me again. What was answered stays as it is."""
    at = when or clock.now()
    with transaction.atomic():
        if not never:
            AskNever.objects.filter(user_id=user).delete()
            return
        AskNever.objects.get_or_create(user_id=user, defaults={"since": at})
        if account is not None:
            Asked.objects.filter(OPEN, account=account).update(dismissed=at)


def survey_shown(asked: Asked, *, when: datetime | None = None) -> bool:
    """Note that somebody is shown their questions; False where the database says that it is too soon."""
    if asked.shown is not None:
        return True
    try:
        with transaction.atomic():
            Asked.objects.filter(OPEN, pk=asked.pk, shown=None).update(shown=when or clock.now())
    except IntegrityError:  # the clock was set back, or a guard knows better
        return False
    return True


def _held(account: int, number: int) -> Asked:
    held = Asked.objects.select_for_update(no_key=True).filter(pk=number, account=account).first()
    if held is None:
        raise _nothing()
    return held


def _nothing() -> NotAsked:
    return NotAsked(
        _("These questions are not open any more."), todo=_("What you answered stands under My answers.")
    )


def _same(held: Asked, given: Answers, words: str) -> bool:
    return (
        held.words == words
        and dict(held.answers.values_list("question", "value")) == dict(given.values)
        and {*held.reasons.values_list("reason", flat=True)} == {*given.reasons}
    )


def _checked(given: Answers) -> str:
    """The own words as they are kept, once all of it is an answer."""
    for question, value in given.values.items():
        if question not in QUESTIONS or value not in range(1, 6):
            raise AnswerInvalid(
                _("Answers are numbers from 1 to 5."), todo=_("Choose one of the five."), field=f"q{question}"
            )
    if {*given.reasons} - {*REASONS}:
        raise AnswerInvalid(
            _("This is none of the reasons."),
            todo=_("Choose from the list, or use your own words."),
            field="reasons",
        )
    words = own_words(given.words)
    if not (given.values or given.reasons or words):
        raise AnswerInvalid(
            _("Nothing was chosen yet."),
            todo=_("One answer is enough. Or press “Not now”, and nothing is kept."),
            field="",
        )
    return words
