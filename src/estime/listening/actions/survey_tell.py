"""Count what people answered in a quarter, once, when it is over.

Held against finding out what one person said by comparing figures:

1. Windows are quarters of the calendar, and do not overlap. Nothing is told of the one that runs.
2. What was counted stays as it was counted: an answer that is changed, taken back or erased later changes nothing.
3. A person counts once in a quarter, in one space. A space is told only if those not told are nobody or ten and more,
   for each question and for the reasons anew (`suppression.py`).
4. Own words are told of all spaces together, in an order drawn by lot, without day or space.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from secrets import randbits
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from estime.kernel.configuration import configuration
from estime.listening.actions.survey_forget import to_ask_held
from estime.listening.ports import Answered, Given
from estime.listening.quarters import quarter_bounds, quarter_next, quarter_of
from estime.listening.suppression import groups_shown
from estime.listening.survey_models import Asked, SurveyAnswer, SurveyReason, SurveyTold
from estime.listening.survey_words import QUESTIONS

ALL: Final = 0
"""All spaces together."""
GRACE: Final = timedelta(hours=1)
"""So long after a quarter's end whoever answered in its last moment is there."""
AT_ONCE: Final = 500


def quarters_to_tell(at: datetime) -> list[date]:
    """Quarters that are over, in which somebody answered or that come after such a one, and that are not told yet."""
    last = SurveyTold.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    if last is None:
        first = Asked.objects.filter(answered__isnull=False).order_by("answered").first()
        if first is None or first.answered is None:
            return []
        quarter = quarter_of(first.answered)
    else:
        quarter = quarter_next(last)
    found = []
    while quarter_bounds(quarter)[1] + GRACE <= at:
        found.append(quarter)
        quarter = quarter_next(quarter)
    return found


def quarters_tell(at: datetime) -> int:
    """Count each quarter that is over and not told yet; returns how many."""
    told = 0
    for quarter in quarters_to_tell(at):
        with transaction.atomic():
            to_ask_held()
            if not SurveyTold.objects.filter(quarter=quarter).exists():
                _tell(quarter, at)
                told += 1
    return told


def _tell(quarter: date, at: datetime) -> None:
    since, until = quarter_bounds(quarter)
    people = _people(since, until)
    values, reasons = _answers(people, since, until)
    smallest = configuration().privacy.smallest_group
    sizes = Counter(people.values())
    spaces = groups_shown(sizes, smallest)
    whole = [ALL] if len(people) >= smallest else []
    figures: dict[int, dict[str, Any]] = {space: {"questions": {}} for space in (*whole, *spaces)}
    for question in QUESTIONS:
        for space, counted in _shown(values[question], spaces, smallest).items():
            figures[space]["questions"][str(question)] = [counted[value] for value in range(1, 6)]
    for space, ticked in _shown(reasons, spaces, smallest).items():
        figures[space]["reasons"] = {
            "people": ticked[""],
            "ticked": {name: n for name, n in ticked.items() if name},
        }
    given = _given(since, until)
    for space, told in figures.items():
        told["given"], told["answered"] = given.get(space, Given(0, 0))
    rows = [
        SurveyTold(quarter=quarter, space=space, made=at, figures=told,
                   people=len(people) if space == ALL else sizes[space])
        for space, told in figures.items()
    ]  # fmt: skip
    if not whole:
        rows.append(SurveyTold(quarter=quarter, space=ALL, made=at, people=0))
    SurveyTold.objects.bulk_create(rows)
    _words_place(people, smallest)


def _people(since: datetime, until: datetime) -> dict[int, int]:
    """Asking → space: the last one of everybody who answered in this span."""
    rows = Asked.objects.filter(answered__gte=since, answered__lt=until).order_by("answered", "pk")
    last = {
        account: (pk, space) for account, pk, space in rows.values_list("account", "pk", "space").iterator()
    }
    return dict(last.values())


Counted = dict[int, Counter[Any]]


def _answers(
    people: Mapping[int, int], since: datetime, until: datetime
) -> tuple[dict[int, Counted], Counted]:
    """Question → space → how many gave which value; and space → how many ticked which reason ("": any)."""
    span = {"asked__answered__gte": since, "asked__answered__lt": until}
    values: dict[int, Counted] = {question: defaultdict(Counter) for question in QUESTIONS}
    answers = SurveyAnswer.objects.filter(**span).values_list("asked", "question", "value")
    for asked, question, value in answers.iterator():
        if asked in people:
            values[question][people[asked]][value] += 1
    reasons: Counted = defaultdict(Counter)
    gave = set()
    for asked, reason in SurveyReason.objects.filter(**span).values_list("asked", "reason").iterator():
        if asked in people:
            reasons[people[asked]].update((reason,) if asked in gave else (reason, ""))
            gave.add(asked)
    return values, reasons


def _shown(counted: Counted, spaces: Iterable[int], smallest: int) -> Counted:
    """What may be told of one thing that was asked: of all together (`ALL`), and of which spaces."""
    sizes = {space: told[""] if "" in told else told.total() for space, told in counted.items()}
    if sum(sizes.values()) < smallest:
        return {}
    among = groups_shown(sizes, smallest, {*spaces})
    return {ALL: sum(counted.values(), Counter()), **{space: counted[space] for space in among}}


def _given(since: datetime, until: datetime) -> dict[int, Given]:
    answered: Answered = import_string(settings.ESTIME_ASKING_ANSWERED)
    found = dict(answered(since, until))
    found[ALL] = Given(sum(one.given for one in found.values()), sum(one.answered for one in found.values()))
    return found


def _words_place(people: Mapping[int, int], smallest: int) -> None:
    """Give the words of a quarter their place among those that are read, if enough people gave some."""
    keys = list(people)
    rows: list[Asked] = []
    for start in range(0, len(keys), AT_ONCE):
        rows += Asked.objects.filter(pk__in=keys[start : start + AT_ONCE]).exclude(words="").only("pk")
    if len(rows) < smallest:
        return
    for row in rows:
        row.place = randbits(62)
    Asked.objects.bulk_update(rows, ["place"], batch_size=AT_ONCE)
