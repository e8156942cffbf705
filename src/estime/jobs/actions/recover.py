"""Put back the jobs of holders that are gone."""

from datetime import timedelta

from estime.jobs.actions import finish
from estime.jobs.holders import surely_alive, surely_dead
from estime.jobs.models import Job
from estime.jobs.moments import moment

PATIENCE = timedelta(minutes=10)
"""How long a lease may have run out while its holder lives on this machine: it may be held up by the database."""


def recover() -> int:
    """Free every job whose holder is dead or let its lease run out; returns how many.

    A holder on this machine that is dead is known to be at once; one elsewhere is given until its lease ends.
    """
    gone = [job for job in lost_jobs() if finish.lose(job, job.holder)]
    return len(gone)


def lost_jobs() -> list[Job]:
    """Running jobs that nobody runs any more."""
    running = list(Job.objects.filter(status="running"))
    if not running:
        return []
    now = moment()
    return [job for job in running if _gone(job, now - job.until if job.until else PATIENCE)]


def _gone(job: Job, over: timedelta) -> bool:
    if surely_dead(job.holder):
        return True
    return over > (PATIENCE if surely_alive(job.holder) else timedelta(0))
