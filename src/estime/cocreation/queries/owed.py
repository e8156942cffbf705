"""What the brand owes in co-creation, in the order of lateness (docs/to-keep.md), each kind by its own index."""

from datetime import datetime
from typing import Any, Final

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from estime.cocreation.models import (
    Challenge,
    Contribution,
    Decision,
    Interpellation,
    Outcome,
    Override,
    Phase,
    Pledge,
    Poll,
    Result,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.numbers import number_of

ANSWERING = ("answer", "choose", "decide")
"""Where every contribution is owed an answer (vocabulary.POWERS)."""


def open_contributions(challenge: Any = None) -> QuerySet[Contribution]:
    """Contributions that have no answer: those that stand, once for all that were brought together."""
    rows = Contribution.objects.filter(together=None, hidden=False, withdrawn=None, decision="", erased=False)
    return rows if challenge is None else rows.filter(challenge=challenge)


def challenges_unanswered() -> QuerySet[Challenge]:
    """Challenges with something to be answered. `due`: the end of the phase in which it is decided, or `answer_by`."""
    decides = Phase.objects.filter(challenge=OuterRef("pk"), kind="decide").values("ends")[:1]
    return (
        Challenge.objects.filter(opened__isnull=False, power__in=ANSWERING, answer_by__isnull=False)
        .filter(Exists(open_contributions(OuterRef("pk"))))
        .annotate(due=Coalesce(Subquery(decides), F("answer_by"), output_field=DateTimeField()))
    )


def unanswered_counts(challenges: list[int]) -> dict[int, int]:
    """How many contributions of these challenges have no answer yet: those without one, less what was erased."""
    return {pk: without - erased for pk, without, erased in _UNANSWERED.all(challenges)}


_WITHOUT: Final = Contribution.objects.filter(
    challenge=OuterRef("pk"), together=None, hidden=False, withdrawn=None, decision=""
)
_UNANSWERED: Final = Prepared(
    lambda challenges: (
        Challenge.objects.filter(pk__in=challenges)
        .annotate(without=number_of(_WITHOUT), blank=number_of(_WITHOUT.filter(erased=True)))
        .values_list("pk", "without", "blank")
    )
)


def questions_owed() -> QuerySet[Interpellation]:
    """Questions that enough people ask, without an answer."""
    return Interpellation.objects.filter(reached__isnull=False, answered=None, withdrawn=None, erased=False)


def pledges_open() -> QuerySet[Pledge]:
    """Promises that are neither kept, nor taken back, nor given another day."""
    return Pledge.objects.filter(kept=None, waived=None, replaced_by=None)


def look_again(today: Any) -> QuerySet[Decision]:
    """Decisions to look again whose day has come, of contributions that nobody decided about since."""
    newer = Decision.objects.filter(contribution=OuterRef("contribution"), number__gt=OuterRef("number"))
    return Decision.objects.filter(
        ~Exists(newer),
        outcome="later",
        again__lte=today,
        contribution__withdrawn=None,
        contribution__erased=False,
    )


def votes_to_honour() -> QuerySet[Poll]:
    """Binding votes that decided something, of which neither an outcome nor a director's public reason tells yet."""
    newer = Result.objects.filter(poll=OuterRef("poll"), final=True, number__gt=OuterRef("number"))
    decided = Result.objects.filter(~Exists(newer), poll=OuterRef("pk"), final=True, body__decided=True)
    return Poll.objects.filter(
        Exists(decided),
        ~Exists(Outcome.objects.filter(challenge=OuterRef("challenge"))),
        ~Exists(Override.objects.filter(challenge=OuterRef("challenge"))),
        binding=True, counted__isnull=False, challenge__cancelled=None, challenge__hidden=False,
        challenge__power__in=("choose", "decide"),
    ).annotate(due=F("challenge__answer_by"))  # fmt: skip


def outcomes_missing(now: datetime) -> QuerySet[Challenge]:
    """Challenges whose day is over and that tell nothing of what was made. Those whose vote waits are told as that."""
    return Challenge.objects.filter(
        ~Exists(Outcome.objects.filter(challenge=OuterRef("pk"))),
        ~Exists(Override.objects.filter(challenge=OuterRef("pk"))),
        ~Exists(votes_to_honour().filter(challenge=OuterRef("pk"))),
        opened__isnull=False, cancelled=None, hidden=False, answer_by__lte=now,
    )  # fmt: skip


def after(rows: QuerySet[Any], due: str, cursor: tuple[datetime, str] | None) -> QuerySet[Any]:
    """What comes after a cursor, in the order of the list: by `due`, then by number. Raises `ValueError` for none."""
    if cursor is not None:
        moment, last = cursor
        number = int(last) if last else 0
        rows = rows.filter(Q(**{f"{due}__gt": moment}) | Q(**{due: moment, "pk__gt": number}))
    return rows.order_by(due, "pk")
