"""Challenges as pages show them: a bounded number of queries, however many there are."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from estime.cocreation.leading import leads
from estime.cocreation.models import (
    BRIEF,
    Backstage,
    Challenge,
    Contribution,
    Follow,
    Interpellation,
    Member,
    Outcome,
    Phase,
    Poll,
    Space,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.phases import phases_hold
from estime.cocreation.queries.readiness import BINDING
from estime.cocreation.standing import may_read
from estime.kernel import clock
from estime.people.api import User

PAGE: Final = 30
_SEEN: Final = Prepared(
    lambda number: (
        Challenge.objects.filter(pk=number)
        .select_related("space", "owner", "cancelled_by", "override", "override__by")
        .annotate(
            has_polls=Exists(Poll.objects.filter(challenge=OuterRef("pk"))),
            has_outcomes=Exists(Outcome.objects.filter(challenge=OuterRef("pk"))),
            has_backstage=Exists(Backstage.objects.filter(challenge=OuterRef("pk"))),
            has_decisions=Exists(Contribution.objects.filter(challenge=OuterRef("pk")).exclude(decision="")),
        )
    ),
    plan_once=True,
)

_OPENED: Final = Prepared(
    lambda number: Challenge.objects.filter(pk=number, opened__isnull=False).select_related("space"),
    plan_once=True,
)


def challenge_seen(number: int, member: Member | None) -> Challenge | None:
    """A challenge with all that its page needs besides what was given to it; None where there is none for this reader.

    A draft is there for those who lead it. Three queries. `has_…` say which further pages there are.
    """
    found = _SEEN.first(number)
    if found is None or not challenge_readable(found, member):
        return None
    phases_hold([found], extensions=True)
    return found


def challenge_opened(number: int, member: Member | None) -> Challenge | None:
    """The same as lists of what was given need it, once it is open: without what its own page shows. One query."""
    found = _OPENED.first(number)
    return found if found is not None and challenge_readable(found, member) else None


def challenge_readable(challenge: Challenge, member: Member | None) -> bool:
    """Whether somebody may look at a challenge: in a space they may read; a draft, if they lead it.

    One that is hidden: whoever opened it, and moderators.
    """
    if not may_read(challenge.space, member):
        return False
    if challenge.hidden and member is not None and member.may("moderation.act"):
        return True
    return (challenge.opened is not None and not challenge.hidden) or leads(member, challenge)


def challenge_withheld(number: int, member: Member | None) -> Challenge | None:
    """The place of a hidden challenge, for whoever may not look at it: without a word of what it says."""
    found = _SEEN.first(number)
    if found is None or not found.hidden or not may_read(found.space, member):
        return None
    found.title = found.cancel_reason = ""
    for name in BRIEF:
        setattr(found, name, "")
    found.phases_held = []
    return found


def _running(at: Any) -> Q:
    return Q(opened__lte=at, cancelled=None, hidden=False) & Q(
        Exists(Phase.objects.filter(challenge=OuterRef("pk"), ends__gt=at))
    )


def challenges_running(space: Space, at: datetime | None = None, most: int = PAGE) -> list[Challenge]:
    """Those that are open and not over, newest first, with their calendars."""
    found = _listed("running", most).all(space.pk, at or clock.now())
    phases_hold(found)
    return found


def challenges_over(space: Space, at: datetime | None = None, most: int = PAGE) -> list[Challenge]:
    """Those whose calendar has ended, or that were called off, newest first."""
    found = _listed("over", most).all(space.pk, at or clock.now())
    phases_hold(found)
    return found


@lru_cache(maxsize=16)
def _listed(which: str, most: int) -> Prepared[Challenge]:
    def make(space: Any, at: Any) -> QuerySet[Challenge]:
        found = Challenge.objects.filter(space=space, opened__isnull=False, hidden=False)
        found = found.filter(_running(at)) if which == "running" else found.exclude(_running(at))
        return found.select_related("owner", "override").order_by("-opened", "-pk")[:most]

    return Prepared(make)


def challenges_page(
    space: Space, which: str, before: tuple[datetime, int] | None = None, *, size: int = PAGE
) -> list[Challenge]:
    """One more than a page of the challenges of a space, newest first, below a place (`opened`, number) of the list.

    `which`: running, over, or all that opened.
    """
    at = clock.now()
    found = Challenge.objects.filter(space=space, opened__isnull=False, hidden=False)
    if which != "all":
        found = found.filter(_running(at)) if which == "running" else found.exclude(_running(at))
    if before is not None:
        moment, number = before
        found = found.filter(Q(opened__lt=moment) | Q(pk__lt=number), opened__lte=moment)
    shown = found.select_related("owner", "override").prefetch_related("phases")
    return list(shown.order_by("-opened", "-pk")[: size + 1])


def challenges_led(member: Member) -> list[Challenge]:
    """For those who lead: their drafts first (newest first), then what is open or over."""
    found = Challenge.objects.select_related("space", "owner", "override").prefetch_related("phases")
    mine = Q(owner=member, by_brand=False)
    found = found.filter(mine | Q(by_brand=True)) if member.may("challenge.lead") else found.filter(mine)
    drafts = found.filter(opened=None).order_by("-pk")[:PAGE]
    return [*drafts, *found.filter(opened__isnull=False).order_by("-opened", "-pk")[:PAGE]]


def drafts_led(member: Member, space: Space) -> list[Challenge]:
    """Drafts of this space that somebody may go on with."""
    return (_DRAFTS_LED if member.may("challenge.lead") else _DRAFTS_OWN).all(space.pk, member.pk)


_DRAFTS_OWN: Final = Prepared(
    lambda space, member: Challenge.objects.filter(
        owner=member, by_brand=False, space=space, opened=None
    ).order_by("-pk")[:PAGE]
)
_DRAFTS_LED: Final = Prepared(
    lambda space, member: Challenge.objects.filter(
        Q(owner=member, by_brand=False) | Q(by_brand=True), space=space, opened=None
    ).order_by("-pk")[:PAGE]
)


def spaces_listed(user: User | None, at: datetime | None = None) -> list[Space]:
    """The spaces that somebody may read, with how many challenges run there (`running`): one query."""
    running = (
        Challenge.objects.filter(_running(at or clock.now()), space=OuterRef("pk"))
        .order_by()
        .values("space")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found: QuerySet[Space] = Space.objects.annotate(running=Subquery(running))
    if user is None or not user.may("space.take_part"):
        found = found.filter(public=True)
    return list(found.order_by("title", "pk")[:200])


_NAMED: Final = Prepared(lambda: Space.objects.order_by("title", "pk").values_list("slug", "title", "public"))


def spaces_named(user: User) -> list[tuple[str, str]]:
    """Name in addresses and title of each space that somebody may read, by title."""
    insider = user.may("space.take_part")
    return [(slug, title) for slug, title, public in _NAMED.all() if public or insider]


def questions_asked(space: Space, most: int = 4) -> list[Interpellation]:
    """What is being asked of the brand here, and not answered yet: those that most people ask first."""
    return _ASKED.all(space.pk)[:most]


def people_welcomed(space: Space, most: int = 8) -> list[Member]:
    """Who said their first words here and was answered by others, newest first."""
    return _WELCOMED.all(space.pk)[:most]


_MOST: Final = 20
_ASKED: Final = Prepared(
    lambda space: (
        Interpellation.objects.filter(space=space, withdrawn=None, hidden=False, erased=False, answered=None)
        .select_related("author")
        .defer("body")
        .order_by("-joined", "-pk")[:_MOST]
    )
)
_WELCOMED: Final = Prepared(
    lambda space: Member.objects.filter(spoke_in=space, welcomed__isnull=False, erased=False).order_by(
        "-welcomed"
    )[:_MOST]
)


def any_public_space() -> bool:
    """Whether strangers have something to read."""
    return Space.objects.filter(public=True).exists()


def backstage_of(challenge: Challenge, most: int = 100) -> list[Backstage]:
    """What the brand gave first, newest first, each with its files: two queries."""
    found = challenge.backstage.select_related("by").prefetch_related("files").order_by("-pk")
    return list(found[:most])


def can_override(challenge: Challenge, at: datetime | None = None) -> bool:
    """Whether there is a decision of members that a director could set aside now."""
    if challenge.opened is None or challenge.cancelled is not None or challenge.override_told is not None:
        return False
    if challenge.power not in BINDING:
        return False
    return not challenge.polls.filter(binding=True, closes__gt=at or clock.now()).exists()


def follows(member: Member, challenge: Challenge) -> bool:
    """Whether somebody follows a challenge."""
    return bool(_FOLLOWS.all(member.pk, challenge.pk))


_FOLLOWS: Final = Prepared(
    lambda member, challenge: Follow.objects.filter(member=member, challenge=challenge).values_list("pk"),
    plan_once=True,
)
