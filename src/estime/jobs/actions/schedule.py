"""Ask for the work that comes round by itself: at most one job of a scheduled kind waits or runs.

Any number of workers may look. Whoever moves the last look of a kind on asks for the job, in one transaction: two
never ask twice, and one that is killed in between leaves the look to the next.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from estime.jobs.actions.enqueue import enqueue
from estime.jobs.actions.settle import retry
from estime.jobs.actions.sweep import sweep
from estime.jobs.models import Job, Look
from estime.jobs.moments import moment

AFTER_A_FAILURE = timedelta(minutes=15)
"""How long a scheduled job that has failed rests before the schedule tries it again."""
SWEEP = "(sweep)"
DAY = timedelta(days=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger("estime.jobs")


def schedule(every: timedelta, *, now: bool = False) -> list[str]:
    """Look at each kind whose last look is long enough ago (or at all of them, `now`); returns the kinds asked for.

    `ESTIME_SCHEDULE` names for each kind either seconds or a function that says whether it is due; such a function
    is asked `every` so often.
    """
    asked = []
    for kind, when in settings.ESTIME_SCHEDULE.items():
        pause = every if isinstance(when, str) else timedelta(seconds=when)
        try:
            if _look(kind, timedelta(0) if now else pause, when, now):
                asked.append(kind)
        except Exception:  # one kind that cannot be asked must not keep the others from their turn
            _LOG.exception("a schedule could not be looked at", extra={"fields": {"kind": kind}})
    if _turn(SWEEP, DAY):
        sweep()
    return asked


def _look(kind: str, pause: timedelta, when: str | float, now: bool) -> bool:
    seen = _last(kind)
    if not _over(seen, pause):
        return False
    due = cast(Callable[[], bool], import_string(when))() if isinstance(when, str) else True
    with transaction.atomic():
        if not _moved(kind, seen):
            return False
        return _ask(kind, now) if due else _nothing_left(kind)


def _turn(name: str, pause: timedelta) -> bool:
    seen = _last(name)
    return _over(seen, pause) and _moved(name, seen)


def _last(kind: str) -> datetime:
    row = Look.objects.filter(pk=kind).first()
    if row is None:
        Look.objects.bulk_create([Look(kind=kind, looked=_NEVER)], ignore_conflicts=True)
        return _NEVER
    return row.looked


def _over(seen: datetime, pause: timedelta) -> bool:
    """Whether a pause is over. A look in the future is none: the clock was put back."""
    now = moment()
    return now - seen >= pause or seen > now


def _moved(kind: str, seen: datetime) -> bool:
    return Look.objects.filter(pk=kind, looked=seen).update(looked=moment()) == 1


def _ask(kind: str, now: bool) -> bool:
    """One job of this kind: the one that waits or runs already, the one that failed, or a new one."""
    there = Job.objects.filter(kind=kind, key=kind)
    if there.filter(status__in=["waiting", "running"]).exists():
        return now and there.filter(status="waiting", due__gt=moment()).update(due=moment()) > 0
    failed = there.filter(status="failed", set_aside=False).order_by("-finished").first()
    if failed is None:
        enqueue(kind, {}, key=kind)
        return True
    if not now and failed.finished is not None and not _over(failed.finished, AFTER_A_FAILURE):
        return False
    retry(failed.pk)
    return True


def _nothing_left(kind: str) -> bool:
    """What a failed job was to do has been done in another way, such as by a command: it is settled."""
    failed = Job.objects.filter(kind=kind, key=kind, status="failed", set_aside=False)
    failed.update(set_aside=True)
    return False
