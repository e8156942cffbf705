"""Reads of jobs."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Min

from estime.jobs.actions.recover import is_gone, lost_jobs
from estime.jobs.models import STATUSES, Job, Look, Tally
from estime.jobs.moments import is_due, moment, too_long
from estime.jobs.wording import in_this_language


class JobInfo(NamedTuple):
    """A job as people see it. Texts are in the active language; `total` is 0 as long as nobody knows it."""

    id: UUID
    kind: str
    status: str
    made: datetime
    started: datetime | None
    finished: datetime | None
    done: int
    total: int
    told: str
    error: str
    message: str
    todo: str
    attempts: int
    by: int | None
    set_aside: bool


class Run(NamedTuple):
    """How many runs of a kind ended in one way, and how many seconds they took."""

    kind: str
    outcome: str
    runs: int
    seconds: float


class Queue(NamedTuple):
    """What waits: how many jobs are due, for how many seconds the oldest; how many may not begin yet."""

    due: int
    oldest_seconds: float
    later: int


def find(id: UUID) -> JobInfo | None:
    """A job, or None if there is none (any more)."""
    job = Job.objects.filter(pk=id).first()
    return None if job is None else info(job)


def recent(limit: int, before: UUID | None = None) -> list[JobInfo]:
    """The newest jobs, newest first; the page after the one that ended with `before`."""
    rows = Job.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [info(job) for job in rows[:limit]]


def failed_open(limit: int) -> list[JobInfo]:
    """Failed jobs that nobody has settled, oldest first."""
    rows = Job.objects.filter(status="failed", set_aside=False).order_by("finished", "id")
    return [info(job) for job in rows[:limit]]


def counts() -> dict[str, int]:
    """How many jobs there are of each status. One whose process is gone waits for the next."""
    told = dict.fromkeys(STATUSES, 0)
    told.update(Job.objects.exclude(status="running").values_list("status").annotate(Count("pk")))
    now = moment()
    for job in Job.objects.filter(status="running"):
        told["waiting" if is_gone(job, now) else "running"] += 1
    return told


def info(job: Job) -> JobInfo:
    gone = job.status == "running" and is_gone(job, moment())
    return JobInfo(
        job.pk,
        job.kind,
        "waiting" if gone else job.status,
        job.made,
        job.started,
        job.finished,
        job.done,
        job.total,
        in_this_language(job.told),
        job.error,
        in_this_language(job.message),
        in_this_language(job.todo),
        job.attempts,
        job.by,
        job.set_aside,
    )


def anything_to_do() -> bool:
    """Whether a claim would find a job: cheap enough to be asked every second."""
    now = moment()
    if Job.objects.filter(is_due(now) | too_long(now)).exists():
        return True
    return bool(lost_jobs())


def queue() -> Queue:
    """The queue as it stands."""
    now = moment()
    due = Job.objects.filter(is_due(now)).aggregate(n=Count("pk"), oldest=Min("due"))
    later = Job.objects.filter(status="waiting").exclude(is_due(now)).count()
    oldest = (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0
    return Queue(due["n"], max(oldest, 0.0), later)


def runs() -> list[Run]:
    """How runs ended since the installation was made."""
    rows = Tally.objects.order_by("kind", "outcome").values_list("kind", "outcome", "runs", "seconds")
    return [Run(*row) for row in rows]


def last_look() -> datetime | None:
    """When a worker last looked whether something is due; None if none ever did."""
    row = Look.objects.order_by("-looked").first()
    return None if row is None else row.looked
