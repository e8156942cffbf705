"""*My contributions*: all a member gave, and what became of it, newest change first.

Read backwards from two indexes: what they did themselves (`Event.by`) and what concerns them (`Notice`). Each step
reads some hundreds of events, keeps the places where they gave something, and each place once, at its newest event. A
page costs the same whether somebody gave ten things or ten thousand.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Manager, OuterRef, Q, QuerySet, Subquery

from estime.cocreation.letters import Place, place_of
from estime.cocreation.models import (
    Author,
    Challenge,
    Comment,
    Contribution,
    Event,
    Interpellation,
    Joining,
    Member,
    Notice,
    Support,
    Version,
    Voter,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.numbers import number_of

PAGE: Final = 25
STEP: Final = 300
STEPS: Final = 20
"""So far back a page looks at most; the next one goes on from there."""
GIFTS: Final = ("wrote", "improved", "commented", "supports", "asked", "joined", "voted", "opened")


class Mine(NamedTuple):
    """A place where somebody gave something. `gifts`: of `GIFTS`; `event`: the newest that happened there."""

    place: Place
    thing: Contribution | Interpellation | Challenge
    gifts: tuple[str, ...]
    event: Event


class MinePage(NamedTuple):
    """`after`: where the next page begins, 0 for no more."""

    rows: list[Mine]
    after: int


def mine(member: Member, after: int = 0) -> MinePage:
    """A page of what a member gave, from below the event `after` (0: from the newest)."""
    rows: list[Mine] = []
    below, seen = after, set[Place]()
    for _step in range(STEPS):
        happened = _happened(member, below)
        newest: dict[Place, int] = {}
        for event in happened:
            place = place_of(event)
            if place not in seen:
                newest.setdefault(place, event.pk)
        seen.update(newest)
        given, room = _given(member, newest, after), PAGE - len(rows)
        rows += _rows(dict(given[:room]), newest)
        if len(given) >= room:
            return MinePage(rows, newest[given[room - 1][0]])
        if len(happened) < STEP:
            return MinePage(rows, 0)
        below = happened[-1].pk
    return MinePage(rows, below)


class _Happened(NamedTuple):
    """An event, as far as it says where."""

    pk: int
    contribution_id: int | None
    interpellation_id: int | None
    challenge_id: int | None


_CONCERNING: Final = Prepared(
    lambda member, below: (
        Notice.objects.filter(member=member, event__lt=below)
        .order_by("-event")
        .values_list("event_id")[:STEP]
    )
)
_OWN: Final = Prepared(
    lambda member, below: (
        Event.objects.filter(by=member, pk__lt=below).order_by("-pk").values_list("pk")[:STEP]
    )
)
_WHERE: Final = Prepared(
    lambda numbers: Event.objects.filter(pk__in=numbers).values_list(
        "pk", "contribution_id", "interpellation_id", "challenge_id"
    )
)
_EVENTS: Final = Prepared(lambda numbers: Event.objects.filter(pk__in=numbers).select_related("by"))


def _happened(member: Member, below: int) -> list[_Happened]:
    """The newest events below a number (0: of all) that they did or that concern them."""
    given = (member.pk, below or 1 << 62)
    numbers = {number for (number,) in (*_CONCERNING.all(*given), *_OWN.all(*given))}
    wanted = sorted(numbers, reverse=True)[:STEP]
    return sorted((_Happened(*row) for row in _WHERE.all(wanted)), reverse=True)


def _given(member: Member, newest: Collection[Place], after: int) -> list[tuple[Place, set[str]]]:
    """Of some places those where they gave something and that no page before told, in their order."""
    gifts = _gifts(member, newest)
    given = [place for place in newest if gifts.get(place)]
    before = _told_before(member, given, after) if after else set()
    return [(place, gifts[place]) for place in given if place not in before]


def _rows(given: Mapping[Place, set[str]], newest: Mapping[Place, int]) -> list[Mine]:
    things = _things(given)
    events = {event.pk: event for event in _EVENTS.all([newest[place] for place in given])}
    return [
        Mine(place, things[place], tuple(gift for gift in GIFTS if gift in gifts), events[newest[place]])
        for place, gifts in given.items()
        if place in things and newest[place] in events
    ]


def _told_before(member: Member, places: Collection[Place], after: int) -> set[Place]:
    """Places with a newer event of theirs than where this page begins: a page before told them."""
    ideas, questions, challenges = _numbers(places)
    at = Q(contribution__in=ideas) | Q(interpellation__in=questions)
    at |= Q(challenge__in=challenges, contribution=None, interpellation=None)
    newer = Event.objects.filter(at, pk__gte=after)
    newer = newer.filter(
        Q(by=member) | Q(pk__in=Notice.objects.filter(member=member, event__gte=after).values("event"))
    )
    told = newer.values_list("contribution_id", "interpellation_id", "challenge_id").distinct()
    return {
        ("ideas", idea) if idea else ("questions", question) if question else ("challenges", challenge or 0)
        for idea, question, challenge in told
    }


def _gifts(member: Member, places: Collection[Place]) -> dict[Place, set[str]]:
    """What they gave where: one query for each kind of gift."""
    ideas, questions, challenges = _numbers(places)
    told: dict[Place, set[str]] = {place: set() for place in places}

    def add(kind: str, numbers: Collection[int | None], gift: str) -> None:
        for number in numbers:
            if number is not None and (kind, number) in told:
                told[kind, number].add(gift)

    for kind, numbers in (("ideas", ideas), ("questions", questions), ("challenges", challenges)):
        for gift, query in _GIFTS[kind].items() if numbers else ():
            add(kind, [number for (number,) in query.all(numbers, member.pk)], gift)
    return told


def _gave(rows: Manager[Any], place: str, who: str, **also: object) -> Prepared[tuple[int | None]]:
    """In which of some places a member gave this: rows there that name them, by the columns for both."""
    return Prepared(
        lambda numbers, member: rows.filter(**{f"{place}__in": numbers, who: member}, **also).values_list(
            place
        )
    )


_GIFTS: Final = {
    "ideas": {
        "wrote": _gave(Author.objects, "contribution", "member", accepted__isnull=False),
        "supports": _gave(Support.objects, "contribution", "member"),
        "improved": _gave(Version.objects, "contribution", "contributor"),
        "commented": _gave(Comment.objects, "contribution", "by", withdrawn=None),
    },
    "questions": {
        "joined": _gave(Joining.objects, "interpellation", "member"),
        "asked": _gave(Interpellation.objects, "pk", "author"),
        "commented": _gave(Comment.objects, "interpellation", "by", withdrawn=None),
    },
    "challenges": {
        "voted": _gave(Voter.objects, "poll__challenge", "member"),
        "opened": _gave(Challenge.objects, "pk", "owner"),
        "commented": _gave(Comment.objects, "challenge", "by", withdrawn=None),
    },
}


def _numbers(places: Collection[Place]) -> tuple[list[int], list[int], list[int]]:
    ideas, questions, challenges = (
        [number for kind, number in places if kind == wanted]
        for wanted in ("ideas", "questions", "challenges")
    )
    return ideas, questions, challenges


def _things(places: Collection[Place]) -> dict[Place, Contribution | Interpellation | Challenge]:
    ideas, questions, challenges = _numbers(places)
    told: dict[Place, Contribution | Interpellation | Challenge] = {}
    told |= {("ideas", one.pk): one for one in _IDEAS.all(ideas)} if ideas else {}
    told |= {("questions", one.pk): one for one in _QUESTIONS.all(questions)} if questions else {}
    return told | ({("challenges", one.pk): one for one in _CHALLENGES.all(challenges)} if challenges else {})


_IDEAS: Final = Prepared(lambda numbers: Contribution.objects.filter(pk__in=numbers).defer("body"))
_QUESTIONS: Final = Prepared(lambda numbers: Interpellation.objects.filter(pk__in=numbers).defer("body"))
_CHALLENGES: Final = Prepared(
    lambda numbers: Challenge.objects.filter(pk__in=numbers).only(
        "title", "erased", "opened", "cancelled", "hidden"
    )
)


class Counts(NamedTuple):
    """How much somebody gave, each from an index."""

    wrote: int
    improved: int
    comments: int
    supports: int
    questions: int
    votes: int


def mine_counts(member: Member) -> Counts:
    """How much of each kind: shown once, above the list."""
    return Counts(*(_COUNTS.first(member.pk) or (0, 0, 0, 0, 0, 0)))


def _of_member(rows: QuerySet[Any], column: str = "member") -> Subquery:
    return number_of(rows.filter(**{column: OuterRef("pk")}))


_COUNTS: Final = Prepared(
    lambda member: (
        Member.objects.filter(pk=member)
        .annotate(
            wrote=_of_member(Author.objects.filter(accepted__isnull=False)),
            improved=_of_member(Version.objects.all(), "contributor"),
            said=_of_member(Comment.objects.filter(withdrawn=None), "by"),
            supported=_of_member(Support.objects.all()),
            asked=_of_member(Joining.objects.all()),
            votes=_of_member(Voter.objects.all()),
        )
        .values_list("wrote", "improved", "said", "supported", "asked", "votes")
    )
)


def votes_running(member: Member, at: datetime) -> list[Challenge]:
    """Challenges in whose vote they take part and that is not counted yet: that they voted, never how."""
    return _RUNNING.all(member.pk, at)


_RUNNING: Final = Prepared(
    lambda member, at: Challenge.objects.filter(
        pk__in=Voter.objects.filter(member=member, poll__counted=None, poll__opened__lte=at).values(
            "poll__challenge"
        ),
        hidden=False,
    ).order_by("-pk")[:PAGE]
)
