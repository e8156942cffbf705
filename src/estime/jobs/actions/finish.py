"""The ends of a run. Each changes the job only if it is still the holder's: a run that was taken over ends unheard."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from estime.jobs.errors import DatabaseAway, JobBroke, JobLost
from estime.jobs.models import Job, Tally
from estime.jobs.moments import moment
from estime.jobs.wording import in_each_language, in_words
from estime.kernel.errors import EstimeError, StorageFull, disk_full

ATTEMPTS = 6
"""How often a job is tried before it is failed; the last try comes about eight minutes after the first."""
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 15 s, then twice as long each time, an hour at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def succeed(job: Job, holder: str, told: object) -> bool:
    """The job is done. Earlier failures of the same kind and key are settled by it."""
    now = moment()
    with transaction.atomic():
        words = {"told": in_each_language(told), "error": "", "message": {}, "todo": {}}
        if not _ended(job, holder, now, "done", status="done", finished=now, **words):
            return False
        if job.key:
            Job.objects.filter(kind=job.kind, key=job.key, status="failed", set_aside=False).update(
                set_aside=True
            )
    return True


def fail(job: Job, holder: str, error: Exception) -> str:
    """The run ended by an error: failed for good, or waiting for another try. Returns the status, "" if it was lost.

    An `EstimeError` that says "not done" (exit code 2) would end the same way again. All others may pass.
    """
    told = explained(error)
    if told.exit_code == 2 or job.attempts >= ATTEMPTS:
        return "failed" if _failed(job, holder, told) else ""
    again = moment() + pause_after(job.attempts)
    words = {**_words(told), "told": {}}
    return "waiting" if _back(job, holder, again, "retried", **words) else ""


def give_back(job: Job, holder: str, *, after: timedelta = timedelta(0)) -> bool:
    """The job was not done, and nobody is to blame (a stop, or "later"): it waits, and the attempt is not counted."""
    words = {"error": "", "message": {}, "todo": {}}
    return _back(job, holder, moment() + after, "", attempts=F("attempts") - 1, **words)


def lose(job: Job, holder: str) -> bool:
    """The holder is gone without a word. The first time the job is free at once, later it waits as after an error."""
    if job.attempts >= ATTEMPTS:
        return _failed(job, holder, ended_without_a_word())
    pause = pause_after(job.attempts - 1) if job.attempts > 1 else timedelta(0)
    return _back(job, holder, moment() + pause, "lost")


def ended_without_a_word() -> JobLost:
    """Why a job is failed whose process was gone each time."""
    return JobLost(
        in_words(_("The process that did this job ended without a word, again and again.")),
        todo=in_words(
            _("Look at memory and disk of the machine that runs the worker, then run the job again.")
        ),
    )


def explained(error: Exception) -> EstimeError:
    """What is kept of an error: its code and words if it is ours, else only of which type it is. Values stay out."""
    if isinstance(error, EstimeError):
        return error
    if disk_full(error):
        return StorageFull(
            in_words(_("The disk is full.")), todo=in_words(_("Make room: the job is then tried again."))
        )
    if isinstance(error, OperationalError | InterfaceError):
        return DatabaseAway(
            in_words(_("The database could not be reached, or stopped in the middle.")),
            todo=in_words(_("See that it runs and has room: the job is tried again by itself.")),
        )
    return JobBroke(
        in_words(format_lazy(_("An error in Estime stopped the job ({type})."), type=type(error).__name__)),
        todo=in_words(_("Run it again. If it fails again, report what the worker’s log says of this job.")),
    )


def _failed(job: Job, holder: str, error: EstimeError) -> bool:
    now = moment()
    words = _words(error)
    with transaction.atomic():
        return _ended(job, holder, now, "failed", status="failed", finished=now, **words)


def _words(error: EstimeError) -> dict[str, Any]:
    return {
        "error": error.code,
        "message": in_each_language(error.message),
        "todo": in_each_language(error.todo),
    }


def _back(job: Job, holder: str, due: datetime, outcome: str, **fields: Any) -> bool:
    """Waiting again, with the slot of its key unless another job took it meanwhile."""
    with transaction.atomic():
        if not _ended(job, holder, moment(), outcome, status="waiting", due=due, **fields):
            return False
        take_slot(job)
    return True


def take_slot(job: Job) -> None:
    """Keep others of the same kind and key out while this one waits, unless one waits already.

    Both then run one after the other, which idempotent work allows.
    """
    if job.key:
        taken = Job.objects.select_for_update().filter(kind=job.kind, slot=job.key)
        if not taken.exists():
            Job.objects.filter(pk=job.pk).update(slot=job.key)


def _ended(job: Job, holder: str, now: datetime, outcome: str, **fields: Any) -> bool:
    """End the run of a job that is still this holder's, and count it."""
    mine = Job.objects.filter(pk=job.pk, status="running", holder=holder)
    if mine.update(holder="", until=None, **fields) == 0:
        return False
    if outcome:
        seconds = max((now - job.started).total_seconds(), 0.0) if job.started else 0.0
        _count(job.kind, outcome, seconds)
    return True


def _count(kind: str, outcome: str, seconds: float) -> None:
    more: Mapping[str, Any] = {"runs": F("runs") + 1, "seconds": F("seconds") + seconds}
    Tally.objects.bulk_create([Tally(kind=kind, outcome=outcome)], ignore_conflicts=True)
    Tally.objects.filter(kind=kind, outcome=outcome).update(**more)
