"""Whose turn it is to write, where many write at once on SQLite."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from estime.kernel.home import home


@contextmanager
def turn() -> Iterator[None]:
    """Among the threads and processes of one machine: SQLite has those that wait for its lock sleep and try, for up to
    a tenth of a second each time, and some are never lucky; this wakes them.

    To be taken before the transaction begins: inside one it does nothing, for the lock is held by then.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (home() / "append.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
