"""Who is to be asked now, what somebody answered, and what staff may see of all answers."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Avg, Count, Q

from estime.kernel.configuration import configuration
from estime.listening.quarters import quarter_bounds
from estime.listening.suppression import parts_shown
from estime.listening.survey_models import Asked, AskNever, SurveyAnswer, SurveyTold
from estime.listening.survey_words import MOST_WORDS

OPEN: Final = Q(answered=None, dismissed=None, lapsed=None)
QUARTERS: Final = 8


def survey_open(user: int, account: int | None, at: datetime) -> Asked | None:
    """The questions that somebody may be shown now: None for nearly everybody, by one query."""
    if account is None or not configuration().listening.ask:
        return None
    found = Asked.objects.filter(OPEN, account=account, due__lte=at).first()
    return None if found is None or survey_is_never(user) else found


def survey_is_never(user: int) -> bool:
    """Whether somebody said *never ask me*."""
    return AskNever.objects.filter(user_id=user).exists()


def survey_waits(asked: Asked, at: datetime) -> bool:
    """Whether an asking can be answered now, or what was answered to it be changed."""
    over = asked.dismissed is not None or asked.lapsed is not None or asked.due > at
    return asked.answered is not None or not over


class OwnAnswers(NamedTuple):
    """One asking that somebody answered, as they see it."""

    asked: Asked
    values: dict[int, int]
    reasons: list[str]


def surveys_own(account: int | None) -> list[OwnAnswers]:
    """All that somebody answered, newest first."""
    if account is None:
        return []
    rows = Asked.objects.filter(account=account, answered__isnull=False)
    return [_own(one) for one in rows.order_by("-answered", "-pk").prefetch_related("answers", "reasons")]


def survey_own(account: int | None, number: int) -> OwnAnswers | None:
    """One asking of somebody's, answered or not; None for somebody else's."""
    found = Asked.objects.filter(account=account, pk=number).first() if account is not None else None
    return None if found is None else _own(found)


def _own(asked: Asked) -> OwnAnswers:
    return OwnAnswers(
        asked,
        {one.question: one.value for one in asked.answers.all()},
        sorted(one.reason for one in asked.reasons.all()),
    )


def surveys_data(account: int | None) -> Iterator[dict[str, Any]]:
    """The same as rows of somebody's own data."""
    for one in surveys_own(account):
        yield {
            "occasion": one.asked.occasion,
            "answered": one.asked.answered,
            "changed": one.asked.changed,
            "questions": {str(question): value for question, value in sorted(one.values.items())},
            "reasons": one.reasons,
            "words": one.asked.words,
        }


class QuarterTold(NamedTuple):
    """What staff see of a quarter: all spaces together, single ones by number, and own words in an order of chance."""

    quarter: date
    whole: SurveyTold
    spaces: dict[int, SurveyTold]
    words: list[str]


def surveys_told() -> list[QuarterTold]:
    """Quarters that are over, newest first; of fewer people than may be told by now nothing is said."""
    smallest = configuration().privacy.smallest_group
    found = SurveyTold.objects.filter(space=0).order_by("-quarter")[:QUARTERS]
    told = []
    for whole in found:
        rows = SurveyTold.objects.filter(quarter=whole.quarter).exclude(space=0)
        spaces = _narrowed(whole, {row.space: row for row in rows}, smallest)
        told.append(QuarterTold(whole.quarter, whole, spaces, _words(whole.quarter, smallest)))
    return told


def _narrowed(whole: SurveyTold, rows: dict[int, SurveyTold], smallest: int) -> dict[int, SurveyTold]:
    """The spaces that may be told by now, each with what may be told of it: `smallest` may have grown since."""
    if whole.people < smallest:
        whole.people, whole.figures = 0, {}
        return {}
    told = parts_shown(whole.people, {space: row.people for space, row in rows.items()}, smallest)
    spaces = {space: row for space, row in rows.items() if space in told}
    asked = {space: row.figures["questions"] for space, row in spaces.items()}
    for question in list(whole.figures["questions"]):
        _leave_out(question, whole.figures["questions"], asked, sum, smallest)
    _leave_out(
        "reasons",
        whole.figures,
        {space: row.figures for space, row in spaces.items()},
        lambda gave: int(gave["people"]),
        smallest,
    )
    return spaces


def _leave_out(
    name: str,
    whole: dict[str, Any],
    parts: dict[int, dict[str, Any]],
    size: Callable[[Any], int],
    smallest: int,
) -> None:
    """Take one thing that was asked out of figures that may not tell it by now. `size`: of how many people it is."""
    if name not in whole:
        return
    sizes = {space: size(figures[name]) for space, figures in parts.items() if name in figures}
    people = size(whole[name])
    for space in sizes.keys() - parts_shown(people, sizes, smallest):
        del parts[space][name]
    if people < smallest:
        del whole[name]


def _words(quarter: date, smallest: int) -> list[str]:
    since, until = quarter_bounds(quarter)
    rows = Asked.objects.filter(answered__gte=since, answered__lt=until, place__isnull=False)
    words = list(rows.order_by("place", "pk").values_list("words", flat=True))
    return words[:MOST_WORDS] if len(words) >= smallest else []


class AnswersForAffect(NamedTuple):
    """What one person answered at one time, as a number from -1 (not at all) to 1 (entirely)."""

    account: int
    at: datetime
    value: float
    questions: int


def answers_for_affect() -> Iterator[AnswersForAffect]:
    """The mean of what everybody answered, each time they did, for the engagement map; in the order of accounts.

    A value v of 1 to 5 stands for (v - 3) / 2. Whether affect of single people may be computed at all is for the caller
    to ask (`privacy.person_affect`).
    """
    rows = (
        SurveyAnswer.objects.values("asked", "asked__account", "asked__changed")
        .annotate(mean=Avg("value"), number=Count("pk"))
        .order_by("asked__account", "asked__changed", "asked")
        .values_list("asked__account", "asked__changed", "mean", "number")
    )
    for account, at, mean, number in rows.iterator():
        if at is not None:  # every asking with answers says when
            yield AnswersForAffect(account, at, (float(mean) - 3) / 2, number)
