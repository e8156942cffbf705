"""The worker: looks for jobs and has each done by a subprocess, until it is stopped.

It holds nothing that could be lost: killed at any moment, its job goes on or goes back to the queue. A database that
is away for a while does not end it.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import connection

from estime.jobs.actions import finish
from estime.jobs.actions.claim import claim
from estime.jobs.actions.recover import recover
from estime.jobs.actions.schedule import schedule
from estime.jobs.holders import new_holder
from estime.jobs.models import Job
from estime.jobs.queries import JobInfo, anything_to_do, find

POLL = 0.5
"""Seconds between looks at the queue."""
GRACE = 10.0
"""Seconds that a job has to stop by itself before it is ended."""
BREATHER = timedelta(seconds=10)
"""How long a job waits when this machine can begin no process."""
AWAY = 3.0
"""Seconds before a database that could not be reached is asked again."""

_LOG = logging.getLogger("estime.jobs")


class Worker:
    """One job at a time. `stopping` ends it; `orphaned` says that whoever started it is gone."""

    def __init__(
        self,
        every: float,
        stopping: threading.Event,
        orphaned: Callable[[], bool] = lambda: False,
    ) -> None:
        self._every = timedelta(seconds=every)
        self._stopping = stopping
        self._orphaned = orphaned
        self._next_look = 0.0

    def forever(self) -> None:
        """Until stopped."""
        while not self._ending():
            try:
                worked = self._step()
            except DatabaseFault as error:
                fields = {"type": type(error).__name__}
                _LOG.warning("the database cannot be asked; trying again", extra={"fields": fields})
                connection.close()
                self._stopping.wait(AWAY)
                continue
            if not worked:
                self._stopping.wait(POLL)

    def once(self) -> list[JobInfo]:
        """Everything that is due now; returns how each job ended."""
        schedule(self._every, now=True)
        ended: list[JobInfo] = []
        while not self._ending() and (job := claim(holder := str(new_holder()))) is not None:
            self._do(job, holder)
            if (told := find(job.pk)) is not None:
                ended.append(told)
        return ended

    def _ending(self) -> bool:
        if not self._stopping.is_set() and self._orphaned():
            _LOG.warning("the server that started this worker is gone: the worker ends too")
            self._stopping.set()
        return self._stopping.is_set()

    def _step(self) -> bool:
        if time.monotonic() >= self._next_look:
            schedule(self._every)
            self._next_look = time.monotonic() + self._every.total_seconds()
        if not anything_to_do():
            return False
        holder = str(new_holder())
        job = claim(holder)
        if job is not None:
            self._do(job, holder)
        return job is not None

    def _do(self, job: Job, holder: str) -> None:
        """Have a claimed job done, and see to it that it is not left behind."""
        words = [sys.executable, "-m", "estime.jobs.child", str(job.pk), holder]
        try:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        except OSError as error:  # too many processes, or no memory for one
            _LOG.error("no process could be begun for a job", extra={"fields": {"errno": error.errno}})
            finish.give_back(job, holder, after=BREATHER)
            return
        stopped_at = None
        while True:
            try:
                child.wait(timeout=0.1)
                break
            except subprocess.TimeoutExpired:
                if stopped_at is None and self._ending():
                    stopped_at = time.monotonic()
                    child.terminate()
                if stopped_at is not None and time.monotonic() - stopped_at > GRACE:
                    child.kill()
        _bury(job.pk, holder, stopped=stopped_at is not None)


def _bury(job_id: UUID, holder: str, *, stopped: bool) -> None:
    """The subprocess is over. A job that still runs was left by it: at once free again, not when its lease ends."""
    left = Job.objects.filter(pk=job_id, status="running").first()
    if left is None:
        return
    if stopped:
        finish.give_back(left, left.holder)
    elif left.holder == holder:  # it never came to adopt the job
        finish.lose(left, holder)
    else:
        recover()
