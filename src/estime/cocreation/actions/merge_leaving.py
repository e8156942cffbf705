"""Somebody whose yes a proposal waited for is gone: what all others agreed to is in force at once.

Gone is who stops being an author, whose login is closed, who is erased. A proposal of somebody erased, or of which a
side has no words left, is closed. Where it cannot be carried out now (it is voted on, changes meet), it stays open:
an author or a lead carries it out, or the job that looks now and then (`merge_jobs.py`), once it can be. That job also
finds what a process left undone that died right after somebody was shut out.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from estime.cocreation.actions.merge_settle import merge_settle
from estime.cocreation.actions.merges import merge_close, parts_of, sides_held, waits_for_authors
from estime.cocreation.errors import NotNow
from estime.cocreation.models import Contribution, Event, Member, Merge, MergePart, Notice
from estime.cocreation.together import groups_held, groups_of
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.people.api import User


class _Came(Exception):
    """A proposal came between reading and holding."""


def held_with_proposals(numbers: Collection[int], by: Collection[Member] = ()) -> dict[int, Contribution]:
    """Some contributions with all sides of the open proposals that concern them or are `by` somebody, held.

    Raises `NotFound`, `NotNow`.
    """
    for _try in range(9):
        try:
            with transaction.atomic():
                held = groups_held(_with_sides(numbers, by))
                if not held.keys() >= _with_sides(numbers, by):
                    raise _Came
                return held
        except _Came:
            continue
    raise NotNow(_("This is being brought together with others just now."), todo=_("Try again in a moment."))


def _with_sides(numbers: Collection[int], by: Collection[Member]) -> set[int]:
    found = _open(groups_of(numbers), by)
    parts = MergePart.objects.filter(merge__in=found).values_list("contribution_id", flat=True)
    return {*numbers, *found.values_list("head_id", flat=True), *parts}


def _open(numbers: Collection[int], by: Collection[Member] = ()) -> QuerySet[Merge]:
    """Open proposals with a side among some contributions, or that some people made."""
    parts = MergePart.objects.filter(contribution__in=numbers).values("merge")
    return Merge.objects.filter(Q(head__in=numbers) | Q(pk__in=parts) | Q(by__in=by), state="proposed")


def proposals_close(held: Mapping[int, Contribution], gone: Collection[Member], at: datetime) -> None:
    """Close what somebody proposed who is being erased, and what has a side without words. All sides are held."""
    people = {each.pk: each for each in gone}
    for merge in _held_open(held, gone):
        sides = [held[pk] for pk in (merge.head_id, *parts_of(merge))]
        whose = people.get(merge.by_id) or next((one.author for one in sides if one.erased), None)
        if whose is not None:
            merge_close(merge, held, whose, "", at)


def proposals_settle(held: Mapping[int, Contribution], at: datetime) -> int:
    """Carry out, in the name of whoever agreed last, what nobody's yes is missing for any more; how many."""
    settled = 0
    for merge in _held_open(held):
        said = merge.consents.filter(agrees=True, member__erased=False).select_related("member__user")
        last = said.order_by("-at", "-pk").first()
        if last is None or waits_for_authors(merge, sides_held(merge, held)):
            continue
        with suppress(EstimeError), transaction.atomic():
            merge_settle(merge, held, last.member, at)
            _told_too(last.member, merge)
            settled += 1
    return settled


def _held_open(held: Mapping[int, Contribution], by: Collection[Member] = ()) -> list[Merge]:
    found = Merge.objects.select_for_update(of=("self",)).filter(pk__in=_open(held, by).values("pk"))
    return [
        merge
        for merge in found.select_related("by__user").order_by("pk")
        if held.keys() >= {merge.head_id, *parts_of(merge)}
    ]


def _told_too(member: Member, merge: Merge) -> None:
    """Whoever agreed last did nothing just now: they are told, as all others are."""
    event = Event.objects.filter(kind="merged", contribution=merge.head_id).order_by("-pk").first()
    if event is not None and member.user_id is not None:
        Notice.objects.get_or_create(event=event, member=member)


def login_closed(user: User) -> None:
    """A login is closed: nobody waits for its person's yes any more."""
    numbers = _waited_for(Q(authors__member__user=user))
    if numbers:
        with transaction.atomic():
            proposals_settle(held_with_proposals(numbers), clock.now())


def proposals_sweep(seen: Callable[[int, int], object]) -> int:
    """Carry out what waits for nobody but people whose login is closed; how many. `seen`: told how far it is.

    Each whole by itself: what cannot be carried out now keeps nothing else waiting. Twice changes nothing.
    """
    settled = 0
    numbers = sorted(_waited_for(Q(authors__member__user__is_active=False)))
    for place, number in enumerate(numbers, 1):
        with suppress(EstimeError), transaction.atomic():
            settled += proposals_settle(held_with_proposals([number]), clock.now())
        seen(place, len(numbers))
    return settled


def _waited_for(whose: Q) -> set[int]:
    """What some people wrote that stands on a side of an open proposal."""
    open_ones = Merge.objects.filter(state="proposed")
    sides = {*open_ones.values_list("head_id", flat=True)}
    sides |= {*MergePart.objects.filter(merge__in=open_ones).values_list("contribution_id", flat=True)}
    own = Contribution.objects.filter(whose, authors__left=None)
    return {*own.filter(Q(pk__in=sides) | Q(together__in=sides)).values_list("pk", flat=True)}
