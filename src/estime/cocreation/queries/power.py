"""*Power handed over*, per space: figures of the brand, never of a member, and the rows they count (docs/power.md).

What came from an import is left out: nobody was promised anything by it here. Drafts are left out. A challenge that was
called off counts as what it was when it opened.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from estime.cocreation.models import (
    Challenge,
    Contribution,
    Hiding,
    Interpellation,
    Option,
    Outcome,
    Override,
    Poll,
    Result,
    Space,
)
from estime.cocreation.queries.readiness import BINDING
from estime.kernel import clock

PAGE: Final = 50
ANSWERED: Final = ("answer", *BINDING)
"""Powers under which every contribution is owed an answer."""


class Kept(NamedTuple):
    """What was owed by a date: answered by then, answered later, past its date without, not due yet."""

    on_time: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0

    @property
    def due(self) -> int:
        """All whose date is past, or that were answered: what a share is of."""
        return self.on_time + self.late + self.overdue


class Votes(NamedTuple):
    """Binding votes that decided something: done, set aside by a director, past the date without, not due yet."""

    honoured: int = 0
    set_aside: int = 0
    not_done: int = 0
    waiting: int = 0

    @property
    def due(self) -> int:
        return self.honoured + self.set_aside + self.not_done


class Power(NamedTuple):
    """`hidden`: pieces of criticism that are hidden now; `hidden_ever`: with those that are shown again."""

    opened: int
    binding: int
    by_members: int
    votes: Votes
    hidden: int
    hidden_ever: int
    questions: Kept
    contributions: Kept


def power_of(space: Space, at: datetime | None = None) -> Power:
    """All figures of one space: seven queries, whatever is in it."""
    at = at or clock.now()
    told = challenges_counted(space).aggregate(
        opened=Count("pk"),
        binding=Count("pk", filter=Q(power__in=BINDING)),
        by_members=Count("pk", filter=Q(by_brand=False)),
    )
    hidden = Hiding.objects.filter(space=space, criticism=True).aggregate(
        ever=Count("pk"), now=Count("pk", filter=Q(lifted=None))
    )
    votes = [state for _poll, state in votes_counted(space, at)]
    return Power(
        **told,
        votes=Votes(*(votes.count(state) for state in VOTE_STATES)),
        hidden=hidden["now"],
        hidden_ever=hidden["ever"],
        questions=_kept(questions_counted(space), "answered", "due", at),
        contributions=_kept(contributions_counted(space), "first__at", "challenge__answer_by", at),
    )


VOTE_STATES: Final = ("honoured", "set_aside", "not_done", "waiting")


def _kept(
    rows: "QuerySet[Interpellation] | QuerySet[Contribution]", said: str, due: str, at: datetime
) -> Kept:
    told = rows.aggregate(
        on_time=Count("pk", filter=Q(**{f"{said}__lte": F(due)})),
        late=Count("pk", filter=Q(**{f"{said}__gt": F(due)})),
        overdue=Count("pk", filter=Q(**{f"{said}__isnull": True, f"{due}__lt": at})),
        waiting=Count("pk", filter=Q(**{f"{said}__isnull": True, f"{due}__gte": at})),
    )
    return Kept(**told)


def challenges_counted(space: Space) -> QuerySet[Challenge]:
    return Challenge.objects.filter(space=space, opened__isnull=False, source=None)


def questions_counted(space: Space) -> QuerySet[Interpellation]:
    """Questions that enough people asked. Hidden ones count: hiding settles no debt. Withdrawn ones, if answered."""
    reached = Interpellation.objects.filter(space=space, reached__isnull=False)
    return reached.filter(Q(withdrawn=None) | Q(answered__isnull=False))


def contributions_counted(space: Space) -> QuerySet[Contribution]:
    """What stands in challenges that promise an answer; brought together, it is one. `first`: its first decision."""
    rows = Contribution.objects.annotate(
        first=FilteredRelation("decisions", condition=Q(decisions__number=1))
    ).filter(
        space=space,
        challenge__power__in=ANSWERED,
        challenge__opened__isnull=False,
        challenge__source=None,
        together=None,
        hidden=False,
        withdrawn=None,
    )
    return rows.filter(Q(challenge__cancelled=None) | Q(first__at__isnull=False))


def votes_counted(space: Space, at: datetime | None = None) -> list[tuple[Poll, str]]:
    """Each binding vote that decided something, with what became of it, newest first: five queries.

    Honoured: each winner was taken up (or what it was brought together into), or the challenge has an outcome of after
    the vote. The date is the one by which the challenge promised its answer.
    """
    at = at or clock.now()
    polls = list(
        Poll.objects.filter(
            challenge__space=space,
            challenge__source=None,
            challenge__power__in=BINDING,
            binding=True,
            counted__isnull=False,
        )
        .exclude(method="groups")
        .select_related("challenge")
        .order_by("-closes", "-pk")
    )
    won = _winners(polls)
    aside = set(Override.objects.filter(challenge__space=space).values_list("challenge", flat=True))
    made = set(
        Outcome.objects.filter(challenge__polls__in=polls, at__gte=F("challenge__polls__closes")).values_list(
            "challenge", flat=True
        )
    )
    return [
        (
            poll,
            _state(poll, won[poll.pk], at, aside=poll.challenge_id in aside, made=poll.challenge_id in made),
        )
        for poll in polls
        if poll.pk in won
    ]


def _state(poll: Poll, taken: list[bool], at: datetime, *, aside: bool, made: bool) -> str:
    if aside:
        return "set_aside"
    if made or (taken and all(taken)):
        return "honoured"
    answer_by = poll.challenge.answer_by
    return "not_done" if answer_by is not None and answer_by < at else "waiting"


def _winners(polls: list[Poll]) -> dict[int, list[bool]]:
    """For each vote that decided: whether each of its winners was taken up."""
    results: dict[int, list[int]] = {}
    rows = Result.objects.filter(poll__in=polls, final=True).order_by("number")
    for poll, decided, winners in rows.values_list("poll", "body__decided", "body__winners"):
        results.pop(poll, None)
        if decided:
            results[poll] = [int(number) for number in winners or ()]
    taken = {
        (poll, number): "taken" in (own, head)
        for poll, number, own, head in Option.objects.filter(poll__in=results).values_list(
            "poll", "number", "contribution__decision", "contribution__together__decision"
        )
    }
    return {
        poll: [taken.get((poll, number), False) for number in numbers] for poll, numbers in results.items()
    }


def overrides_of(space: Space) -> list[Override]:
    """Every decision of members that was set aside in a space, newest first: they stay to be seen."""
    return list(
        Override.objects.filter(challenge__space=space).select_related("challenge").order_by("-at", "-pk")
    )


class Counted(NamedTuple):
    """Rows behind a figure, newest first; `after` is where the next page begins, 0 at the end."""

    rows: list[Any]
    after: int


POWER_LISTS: Final = ("challenges", "members", "votes", "hidden", "questions", "contributions")


def power_listed(space: Space, what: str, before: int = 0, at: datetime | None = None) -> Counted:
    """The rows that a figure counts. `what`: one of `POWER_LISTS`. Votes come as pairs with their state."""
    if what == "votes":
        pairs: list[Any] = list(votes_counted(space, at))
        return Counted(pairs[before : before + PAGE], before + PAGE if len(pairs) > before + PAGE else 0)
    rows = _rows(space, what)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Counted(list(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else 0)


def _rows(space: Space, what: str) -> QuerySet[Any]:
    if what == "challenges":
        return challenges_counted(space).select_related("owner", "override").prefetch_related("phases")
    if what == "members":
        counted = challenges_counted(space).filter(by_brand=False)
        return counted.select_related("owner", "override").prefetch_related("phases")
    if what == "hidden":
        return Hiding.objects.filter(space=space, criticism=True)
    if what == "questions":
        return questions_counted(space)
    return contributions_counted(space).select_related("challenge").annotate(answered=F("first__at"))
