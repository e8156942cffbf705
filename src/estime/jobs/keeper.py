"""Beside a running job: a thread that prolongs its lease, tells how far it is, and ends it when it must not go on.

It must not go on when another process has taken the job over, and when the worker that began it is gone: then it
is stopped like by Ctrl-C, and gives the job back.
"""

import logging
import os
import signal
import threading
import time
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import connection

from estime.jobs.actions.claim import TERM, prolong

LOOK = 1.0
"""Seconds between looks at parent and progress."""

_LOG = logging.getLogger("estime.jobs")


class Keeper:
    """Keeps one job of this process. `progress` is what its handler calls, as often as it likes: it costs nothing."""

    def __init__(self, job_id: UUID, holder: str) -> None:
        self._job_id, self._holder = job_id, holder
        self._told = self._wanted = (0, 0)
        self._renewed = time.monotonic()
        self._parent = os.getppid()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def progress(self, done: int, total: int) -> None:
        """So many of so many are done; 0 of them if nobody knows how many there are."""
        self._wanted = (max(int(done), 0), max(int(total), 0))

    def stop(self) -> bool:
        """The handler has ended. Says whether the job is still held, with its last progress told."""
        self._done.set()
        self._thread.join()
        return prolong(self._job_id, self._holder, *self._wanted)

    def _keep(self) -> None:
        try:
            if connection.vendor == "sqlite":  # wait for the job's own writes, but never for long
                connection.ensure_connection()
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA busy_timeout = 2000")
            while not self._done.wait(LOOK):
                if os.getppid() != self._parent:
                    self._parent = os.getppid()
                    os.kill(os.getpid(), signal.SIGTERM)
                self._prolong()
        finally:
            connection.close()

    def _prolong(self) -> None:
        since = time.monotonic() - self._renewed
        if self._wanted == self._told and since < TERM.total_seconds() / 4:
            return
        wanted = self._wanted
        try:
            held = prolong(self._job_id, self._holder, *wanted)
        except DatabaseFault:
            connection.close()
            # Nobody else can take a job while this machine's own writes hold the embedded database.
            if connection.vendor == "postgresql" and since > TERM.total_seconds():
                _LOG.error("the lease of a job could not be prolonged", extra=self._fields())
                _end()
            return
        if not held:
            _LOG.error("a job was taken over by another process", extra=self._fields())
            _end()
        self._told, self._renewed = wanted, time.monotonic()

    def _fields(self) -> dict[str, object]:
        return {"fields": {"job": str(self._job_id)}}


def _end() -> None:
    """At once: another process may be doing the same work already."""
    os._exit(75)
