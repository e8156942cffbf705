"""*Power handed over*, per space: figures of the brand, never of a member, and the rows they count (docs/power.md).

What came from an import is left out: nobody was promised anything by it here. Drafts are left out. A challenge that was
called off counts as what it was when it opened.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from estime.cocreation.models import (
    Challenge,
    Contribution,
    Hiding,
    Interpellation,
    Option,
    Outcome,
    OutcomeSource,
    Override,
    Poll,
    Result,
    Space,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.numbers import number_of
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
    """All figures of one space: nine queries at most, whatever is in it."""
    at = at or clock.now()
    opened, binding, by_members = _OPENED.first(space.pk) or (0, 0, 0)
    hidden_ever, hidden = _HIDDEN.first(space.pk) or (0, 0)
    votes = [state for _poll, state in votes_counted(space, at)]
    return Power(
        opened=opened,
        binding=binding,
        by_members=by_members,
        votes=Votes(*(votes.count(state) for state in VOTE_STATES)),
        hidden=hidden,
        hidden_ever=hidden_ever,
        questions=_questions_kept(space, at),
        contributions=_contributions_kept(space, at),
    )


VOTE_STATES: Final = ("honoured", "set_aside", "not_done", "waiting")


def _questions_kept(space: Space, at: datetime) -> Kept:
    return Kept(*(_QUESTIONS.first(space.pk, at) or ()))


def _number(**which: Any) -> Subquery:
    """How many of a challenge's contributions that stand are such, by the index `cocreation_list_answered`."""
    standing = Contribution.objects.filter(together=None, hidden=False, withdrawn=None)
    return number_of(standing.filter(challenge=OuterRef("pk"), **which))


_ANSWERED: Final = Prepared(
    lambda space: (
        Challenge.objects.filter(
            space=space, power__in=ANSWERED, opened__isnull=False, source=None, answer_by__isnull=False
        )
        .annotate(
            on_time=_number(answered__lte=OuterRef("answer_by")),
            late=_number(answered__gt=OuterRef("answer_by")),
            without=_number(answered=None),
        )
        .values_list("answer_by", "cancelled", "on_time", "late", "without")
    )
)


def _contributions_kept(space: Space, at: datetime) -> Kept:
    """As `contributions_counted` says, for each challenge alone: its day is the same for all that it was given."""
    on_time = late = overdue = waiting = 0
    for due, cancelled, in_time, too_late, without in _ANSWERED.all(space.pk):
        on_time, late = on_time + in_time, late + too_late
        owed = without if cancelled is None else 0
        overdue, waiting = (
            (overdue + owed, waiting) if due is not None and due < at else (overdue, waiting + owed)
        )
    return Kept(on_time, late, overdue, waiting)


def challenges_counted(space: Any) -> QuerySet[Challenge]:
    return Challenge.objects.filter(space=space, opened__isnull=False, source=None)


def questions_counted(space: Any) -> QuerySet[Interpellation]:
    """Questions that enough people asked. Hidden ones count: hiding settles no debt. Withdrawn ones, if answered."""
    reached = Interpellation.objects.filter(space=space, reached__isnull=False)
    return reached.filter(Q(withdrawn=None) | Q(answered__isnull=False))


_OPENED: Final = Prepared(
    lambda space: (
        challenges_counted(space)
        .values("space")
        .annotate(
            opened=Count("pk"),
            binding=Count("pk", filter=Q(power__in=BINDING)),
            by_members=Count("pk", filter=Q(by_brand=False)),
        )
        .values_list("opened", "binding", "by_members")
    )
)
_HIDDEN: Final = Prepared(
    lambda space: (
        Hiding.objects.filter(space=space, criticism=True)
        .values("space")
        .annotate(ever=Count("pk"), now=Count("pk", filter=Q(lifted=None)))
        .values_list("ever", "now")
    )
)
_QUESTIONS: Final = Prepared(
    lambda space, at: (
        questions_counted(space)
        .values("space")
        .annotate(
            on_time=Count("pk", filter=Q(answered__lte=F("due"))),
            late=Count("pk", filter=Q(answered__gt=F("due"))),
            overdue=Count("pk", filter=Q(answered=None, due__lt=at)),
            waiting=Count("pk", filter=Q(answered=None, due__gte=at)),
        )
        .values_list("on_time", "late", "overdue", "waiting")
    )
)


def contributions_counted(space: Space) -> QuerySet[Contribution]:
    """What stands in challenges that promise an answer; brought together, it is one."""
    rows = Contribution.objects.filter(
        space=space,
        challenge__power__in=ANSWERED,
        challenge__opened__isnull=False,
        challenge__source=None,
        together=None,
        hidden=False,
        withdrawn=None,
    )
    return rows.filter(Q(challenge__cancelled=None) | Q(answered__isnull=False))


def votes_counted(space: Space, at: datetime | None = None) -> list[tuple[Poll, str]]:
    """Each binding vote that decided something, with what became of it, newest first: five queries.

    Honoured: each winner was taken up (or what it was brought together into), or an outcome of after the vote came from
    it; of a winner that no contribution stands behind, the outcome's lead says so. The date is the one by which the
    challenge promised its answer.
    """
    at = at or clock.now()
    polls = _POLLS.all(space.pk)
    won = _winners(polls)
    aside = {one.challenge_id for one in overrides_of(space)}
    return [
        (poll, _state(poll, won[poll.pk], at, aside=poll.challenge_id in aside))
        for poll in polls
        if poll.pk in won
    ]


_POLLS: Final = Prepared(
    lambda space: (
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
)
_CAME_FROM: Final = Prepared(
    lambda polls, things: OutcomeSource.objects.filter(
        outcome__challenge__polls__in=polls,
        outcome__at__gte=F("outcome__challenge__polls__closes"),
        contribution__in=things,
    ).values_list("outcome__challenge__polls", "contribution")
)
"""(vote, contribution that an outcome of after it came from); without `things` none."""
_RESULTS: Final = Prepared(
    lambda polls: (
        Result.objects.filter(poll__in=polls, final=True)
        .order_by("number")
        .values_list("poll", "body__decided", "body__winners")
    )
)
_OPTIONS: Final = Prepared(
    lambda polls: Option.objects.filter(poll__in=polls).values_list(
        "poll",
        "number",
        "contribution",
        "contribution__together",
        Exists(Outcome.objects.filter(options=OuterRef("pk"), at__gte=OuterRef("poll__closes"))),
        "contribution__decision",
        "contribution__together__decision",
    )
)
"""Of each option: what stands behind it, whether an outcome of after the vote says that it is in it, and decisions."""


def _state(poll: Poll, done: list[bool], at: datetime, *, aside: bool) -> str:
    if aside:
        return "set_aside"
    if done and all(done):
        return "honoured"
    answer_by = poll.challenge.answer_by
    return "not_done" if answer_by is not None and answer_by < at else "waiting"


def _winners(polls: list[Poll]) -> dict[int, list[bool]]:
    """For each vote that decided: whether each of its winners was taken up, or something was made of it."""
    results: dict[int, list[int]] = {}
    for poll, decided, winners in _RESULTS.all([poll.pk for poll in polls]):
        results.pop(poll, None)
        if decided:
            results[poll] = [int(number) for number in winners or ()]
    options = [row for row in _OPTIONS.all([*results]) if row[1] in results[row[0]]]
    things = sorted({thing for row in options for thing in row[2:4] if thing is not None})
    came = set(_CAME_FROM.all([*results], things)) if things else set()
    done = set()
    for poll, number, own, head, realised, *decisions in options:
        if realised or "taken" in decisions or {(poll, own), (poll, head)} & came:
            done.add((poll, number))
    return {poll: [(poll, number) in done for number in numbers] for poll, numbers in results.items()}


def overrides_of(space: Space) -> list[Override]:
    """Every decision of members that was set aside in a space, newest first: they stay to be seen."""
    return _OVERRIDES.all(space.pk)


_OVERRIDES: Final = Prepared(
    lambda space: (
        Override.objects.filter(challenge__space=space).select_related("challenge").order_by("-at", "-pk")
    )
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
    return contributions_counted(space).select_related("challenge").defer("body")
