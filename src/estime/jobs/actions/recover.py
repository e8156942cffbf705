"""Put back the jobs of holders that are gone."""

from datetime import datetime, timedelta

from estime.jobs.actions import finish
from estime.jobs.holders import surely_alive, surely_dead
from estime.jobs.models import Job
from estime.jobs.moments import SLACK, TERM, elapsed, moment, too_long

PATIENCE = timedelta(minutes=10)
"""How long a lease may have run out while its holder lives on this machine: it may be held up by the database."""
SETTLE = (TERM / 4 + SLACK).total_seconds()
"""Seconds after the clock was put on in which every living holder has prolonged its lease."""


class Watch:
    """Notices that the clock was put on, or the machine slept: leases then look as if they had run out long ago."""

    def __init__(self) -> None:
        self._last: tuple[float, datetime] | None = None
        self._until = 0.0

    def jumped(self, now: datetime) -> bool:
        """Whether it was, just now or so recently that living holders may not have prolonged their leases yet."""
        ticks = elapsed()
        if self._last is not None:
            before, then = self._last
            if now - then - timedelta(seconds=ticks - before) > SLACK:
                self._until = ticks + SETTLE
        self._last = (ticks, now)
        return ticks < self._until


_watch = Watch()


def recover() -> int:
    """Free every job whose holder is dead or let its lease run out; returns how many.

    A holder on this machine that is dead is known to be at once; one elsewhere is given until its lease ends.
    """
    now = moment()
    if (
        ahead := Job.objects.filter(too_long(now))
    ).exists():  # asked first: a write takes the database's turn
        ahead.update(until=now + TERM)
    gone = [job for job in lost_jobs() if finish.lose(job, job.holder)]
    return len(gone)


def lost_jobs() -> list[Job]:
    """Running jobs that nobody runs any more."""
    running = list(Job.objects.filter(status="running"))
    now = moment()
    jumped = _watch.jumped(now)
    return [job for job in running if is_gone(job, now, patient=jumped)]


def is_gone(job: Job, now: datetime, *, patient: bool = False) -> bool:
    """Whether nobody runs a running job any more; `patient`: only if its holder is known to be dead."""
    if surely_dead(job.holder):
        return True
    over = now - job.until if job.until else PATIENCE
    return not patient and over > (PATIENCE if surely_alive(job.holder) else timedelta(0))
