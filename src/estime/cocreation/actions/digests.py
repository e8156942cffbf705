"""Digests: what changed for each member, told once, at their hour. Three steps, each of which may be killed anywhere.

1. *Plan*: a notice that nobody looked at yet sets `digest_due` of its member, if it is not set.
2. *Make*: whoever is due gets a `Digest`; their open notices are bound to it, so no other digest tells them.
3. *Deliver*: a digest is claimed for a while, written, handed over, and marked. A fall before the mark has it handed
   over again under the same number, which is the same letter (ports.py).

Each step takes some hundreds at a time, in a transaction of its own. Steps 1 and 2 lock members before notices, and
members by rising number or skipping locked ones: two workers never wait for each other in a circle. A notice that comes
in while its member's digest is made waits for that in step 1, and is planned anew.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from estime.cocreation.errors import DigestsUndelivered
from estime.cocreation.letters import letters_of
from estime.cocreation.models import Digest, Member, Notice
from estime.cocreation.moments_due import due_next, zone_of
from estime.cocreation.ports import Delivery
from estime.kernel import clock

AT_ONCE: Final = 500
CLAIM: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(minutes=15)
"""After how long a digest is tried again that could not be delivered."""
TURN: Final = 0.12
"""Seconds between two steps on SQLite, where whoever waits to write looks each tenth of a second: all have a turn."""
Progress = Callable[[int, int], None]


class Told(NamedTuple):
    """What a run did: notices planned, digests made, delivered, and left for later."""

    planned: int = 0
    made: int = 0
    delivered: int = 0
    left: int = 0


def digests_run(now: datetime | None = None, progress: Progress | None = None) -> Told:
    """Everything that is due. Doing it twice, or in two places at once, tells nobody twice.

    Raises `DigestsUndelivered` at the end if some could not be handed over; they are tried again.
    """
    at = now or clock.now()
    planned = _all(lambda: notices_plan(at))
    made = _all(lambda: digests_make(at))
    delivered = left = 0
    total = Digest.objects.filter(delivered=None).count()
    while (step := digests_deliver()) is not None:
        delivered, left = delivered + step[0], left + step[1]
        if progress is not None:
            progress(delivered, total)
    if left:
        raise DigestsUndelivered(
            "Some digests could not be handed over.",
            todo=gettext_lazy("They are tried again by themselves; see whether the disk is full."),  # type: ignore[arg-type]
            left=left,
        )
    return Told(planned, made, delivered, left)


def digests_due() -> bool:
    """Whether there is something to do: asked every minute, read from three small indexes."""
    at = clock.now()
    return (
        Notice.objects.filter(planned=False).exists()
        or Member.objects.filter(digest_due__lte=at).exists()
        or Digest.objects.filter(delivered=None).filter(_unclaimed(at)).exists()
    )


def notices_plan(at: datetime) -> int:
    """Look at notices that are new: set when their members are told next. Returns how many there were."""
    fresh = list(
        Notice.objects.filter(planned=False).order_by("pk").values_list("pk", "member_id")[: AT_ONCE * 10]
    )
    if not fresh:
        return 0
    with transaction.atomic():
        # Held first, and `digest_due` looked at then: where a digest is just being made, its end is waited for.
        members = (
            Member.objects.select_for_update(no_key=True, of=("self",))
            .filter(pk__in={member for _pk, member in fresh}, user__is_active=True)
            .exclude(digest="never")
            .order_by("pk")
        )
        due: dict[datetime, list[int]] = defaultdict(list)
        for pk, rhythm, before, zone in members.values_list("pk", "digest", "digest_due", "user__timezone"):
            if before is None:
                due[due_next(rhythm, zone_of(zone), at)].append(pk)
        for moment, told in due.items():
            Member.objects.filter(pk__in=told).update(digest_due=moment)
        Notice.objects.filter(pk__in=[pk for pk, _member in fresh]).update(planned=True)
    return len(fresh)


def digests_make(at: datetime) -> int:
    """Make the digests of some members who are due. Returns how many members were looked at."""
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        members = Member.objects.select_for_update(no_key=True, skip_locked=skip)
        due = list(
            members.filter(digest_due__lte=at)
            .order_by("digest_due", "pk")
            .values_list("pk", "digest")[:AT_ONCE]
        )
        if not due:
            return 0
        wanted = [pk for pk, rhythm in due if rhythm != "never"]
        open_now = Notice.objects.filter(member__in=wanted, digest=None).values_list("member_id", flat=True)
        digests = Digest.objects.bulk_create(
            [Digest(member_id=pk, made=at) for pk in sorted(set(open_now.distinct()))]
        )
        _bind([digest.pk for digest in digests])
        Member.objects.filter(pk__in=[pk for pk, _rhythm in due]).update(digest_due=None)
    return len(due)


def digests_deliver() -> tuple[int, int] | None:
    """Hand over some digests; how many were, and how many could not be. None when there is nothing left to try."""
    claimed = _claim(clock.now())
    if not claimed:
        return None
    letters = letters_of(claimed, clock.now())
    silent = set(claimed) - {
        letter.number for letter in letters
    }  # nothing of it is there any more, or nobody
    done = deliverer()(letters) if letters else set()
    Digest.objects.filter(pk__in=done | silent).update(delivered=clock.now(), claimed=None)
    left = set(claimed) - done - silent
    Digest.objects.filter(pk__in=left).update(claimed=clock.now() + AGAIN)
    return len(done), len(left)


def digest_choose(by: Member, rhythm: str, *, when: datetime | None = None) -> Member:
    """Choose how often to be told. From `never` on, what happened meanwhile is not told afterwards."""
    at = when or clock.now()
    with transaction.atomic():
        held = (
            Member.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=by.pk)
        )
        if held.digest == rhythm:
            return held
        if "never" in (held.digest, rhythm):
            _bind([Digest.objects.create(member=held, made=at, delivered=at).pk])
            held.digest_due = None
        elif held.digest_due is not None:
            held.digest_due = due_next(rhythm, zone_of(held.user.timezone if held.user else ""), at)
        held.digest = rhythm
        held.save(update_fields=["digest", "digest_due"])
    return held


def deliverer() -> Delivery:
    """Whoever delivers, as `ESTIME_DIGESTS` says."""
    found: Delivery = import_string(settings.ESTIME_DIGESTS)
    return found


def _claim(at: datetime) -> list[int]:
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        rows = (
            Digest.objects.select_for_update(skip_locked=skip).filter(delivered=None).filter(_unclaimed(at))
        )
        found = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        Digest.objects.filter(pk__in=found).update(claimed=at + CLAIM, tries=F("tries") + 1)
    return found


def _unclaimed(at: datetime) -> Q:
    return Q(claimed=None) | Q(claimed__lte=at)


def _bind(digests: Sequence[int]) -> None:
    """Open notices of the members of these new digests are theirs."""
    if not digests:
        return
    marks = ", ".join(["%s"] * len(digests))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cocreation_notice SET digest_id = (SELECT d.id FROM cocreation_digest d"
            f" WHERE d.member_id = cocreation_notice.member_id AND d.id IN ({marks}))"
            " WHERE digest_id IS NULL AND member_id IN"
            f" (SELECT member_id FROM cocreation_digest WHERE id IN ({marks}))",
            [*digests, *digests],
        )


def _all(step: Callable[[], int]) -> int:
    total = 0
    while done := step():
        total += done
        if connection.vendor == "sqlite" and done >= AT_ONCE:
            time.sleep(TURN)
    return total
