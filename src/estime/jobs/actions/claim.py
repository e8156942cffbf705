"""Take the next job: one holder at a time, for a time that the holder prolongs as long as it lives."""

from uuid import UUID

from django.db import transaction

from estime.jobs.actions.recover import recover
from estime.jobs.models import Job
from estime.jobs.moments import TERM as TERM
from estime.jobs.moments import is_due, moment


def claim(holder: str) -> Job | None:
    """The job that has been due for longest, now held by `holder` and running; None if there is none.

    Jobs whose holder died or let its lease run out are put back first, so a claim also takes over.
    """
    recover()
    with transaction.atomic():
        now = moment()
        due = Job.objects.filter(is_due(now)).order_by("due", "id")
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.status, job.slot = "running", None
        job.holder, job.until = holder, now + TERM
        job.started, job.attempts = now, job.attempts + 1
        job.done = job.total = 0
        job.save(update_fields=["status", "slot", "holder", "until", "started", "attempts", "done", "total"])
    return job


def adopt(job_id: UUID, before: str, holder: str) -> Job | None:
    """Hand a running job on (from a worker to its subprocess); None if it is not held by `before`."""
    rows = Job.objects.filter(pk=job_id, status="running", holder=before)
    if not rows.update(holder=holder, until=moment() + TERM):
        return None
    return Job.objects.get(pk=job_id)


def prolong(job_id: UUID, holder: str, done: int, total: int) -> bool:
    """Hold on to a job for another term, and tell how far it is; False if it is no longer this holder's."""
    rows = Job.objects.filter(pk=job_id, status="running", holder=holder)
    return rows.update(until=moment() + TERM, done=done, total=total) == 1
