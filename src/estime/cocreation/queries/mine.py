"""*My contributions*: all a member gave, and what became of it, newest change first.

Read backwards from two indexes: what they did themselves (`Event.by`) and what concerns them (`Notice`). Each step
reads some hundreds of events, keeps the places where they gave something, and each place once, at its newest event. A
page costs the same whether somebody gave ten things or ten thousand.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q

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
        events = _events(member, below)
        newest: dict[Place, Event] = {}
        for event in events:
            place = place_of(event)
            if place not in seen:
                newest.setdefault(place, event)
        told = _told(member, newest, after)
        seen.update(newest)
        for row in told:
            rows.append(row)
            if len(rows) == PAGE:
                return MinePage(rows, row.event.pk)
        if len(events) < STEP:
            return MinePage(rows, 0)
        below = events[-1].pk
    return MinePage(rows, below)


def _events(member: Member, below: int) -> list[Event]:
    """The newest events below a number that they did or that concern them."""
    concern = Notice.objects.filter(member=member)
    own = Event.objects.filter(by=member)
    if below:
        concern, own = concern.filter(event__lt=below), own.filter(pk__lt=below)
    numbers = {*concern.order_by("-event").values_list("event_id", flat=True)[:STEP]}
    numbers |= {*own.order_by("-pk").values_list("pk", flat=True)[:STEP]}
    wanted = sorted(numbers, reverse=True)[:STEP]
    found = Event.objects.select_related("by").in_bulk(wanted)
    return [found[number] for number in wanted if number in found]


def _told(member: Member, newest: dict[Place, Event], after: int) -> list[Mine]:
    """Of some places those where they gave something and that no page before told, newest change first."""
    gifts = _gifts(member, newest)
    given = [place for place in newest if gifts.get(place)]
    if after:
        before = _told_before(member, given, after)
        given = [place for place in given if place not in before]
    things = _things(given)
    return [
        Mine(place, things[place], tuple(gift for gift in GIFTS if gift in gifts[place]), newest[place])
        for place in given
        if place in things
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

    if ideas:
        wrote = Author.objects.filter(contribution__in=ideas, member=member, accepted__isnull=False)
        add("ideas", wrote.values_list("contribution_id", flat=True), "wrote")
        supports = Support.objects.filter(contribution__in=ideas, member=member)
        add("ideas", supports.values_list("contribution_id", flat=True), "supports")
        improved = Version.objects.filter(contribution__in=ideas, contributor=member)
        add("ideas", improved.values_list("contribution_id", flat=True), "improved")
    if questions:
        joined = Joining.objects.filter(interpellation__in=questions, member=member)
        add("questions", joined.values_list("interpellation_id", flat=True), "joined")
        asked = Interpellation.objects.filter(pk__in=questions, author=member)
        add("questions", asked.values_list("pk", flat=True), "asked")
    if challenges:
        voted = Voter.objects.filter(member=member, poll__challenge__in=challenges)
        add("challenges", voted.values_list("poll__challenge_id", flat=True), "voted")
        opened = Challenge.objects.filter(pk__in=challenges, owner=member)
        add("challenges", opened.values_list("pk", flat=True), "opened")
    for kind, column, numbers in (
        ("ideas", "contribution", ideas),
        ("questions", "interpellation", questions),
        ("challenges", "challenge", challenges),
    ):
        if numbers:
            said = Comment.objects.filter(**{f"{column}__in": numbers}, by=member, withdrawn=None)
            add(kind, said.values_list(f"{column}_id", flat=True), "commented")
    return told


def _numbers(places: Collection[Place]) -> tuple[list[int], list[int], list[int]]:
    ideas, questions, challenges = (
        [number for kind, number in places if kind == wanted]
        for wanted in ("ideas", "questions", "challenges")
    )
    return ideas, questions, challenges


def _things(places: Collection[Place]) -> dict[Place, Contribution | Interpellation | Challenge]:
    ideas, questions, challenges = _numbers(places)
    told: dict[Place, Contribution | Interpellation | Challenge] = {}
    told |= {("ideas", pk): one for pk, one in Contribution.objects.defer("body").in_bulk(ideas).items()}
    told |= {
        ("questions", pk): one for pk, one in Interpellation.objects.defer("body").in_bulk(questions).items()
    }
    found = Challenge.objects.only("title", "erased", "opened", "cancelled").in_bulk(challenges)
    return told | {("challenges", pk): one for pk, one in found.items()}


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
    return Counts(
        Author.objects.filter(member=member, accepted__isnull=False).count(),
        Version.objects.filter(contributor=member).count(),
        Comment.objects.filter(by=member, withdrawn=None).count(),
        Support.objects.filter(member=member).count(),
        Joining.objects.filter(member=member).count(),
        Voter.objects.filter(member=member).count(),
    )


def votes_running(member: Member, at: datetime) -> list[Challenge]:
    """Challenges in whose vote they take part and that is not counted yet: that they voted, never how."""
    running = Voter.objects.filter(member=member, poll__counted=None, poll__opened__lte=at)
    return list(Challenge.objects.filter(pk__in=running.values("poll__challenge")).order_by("-pk")[:PAGE])
