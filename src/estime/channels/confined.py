"""Limits on what one file may cost while it is read: memory and processor time of the process that reads it.

A job runs in a process of its own, so whatever a hostile file does to it, pages and other jobs go on.
"""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from estime.channels.errors import ImportTooHeavy

MEMORY = 3 << 30
"""Bytes. Usual imports need 0.3 GB; one JSON document of 256 MiB, which is allowed, some 2 GB."""


@contextmanager
def confined(seconds: int, memory: int = MEMORY) -> Iterator[None]:
    """Let the body use so much processor time and memory, and no more. Raises `ImportTooHeavy`."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    _lower(resource.RLIMIT_DATA, memory)
    timer = threading.current_thread() is threading.main_thread()
    was = signal.signal(signal.SIGVTALRM, _too_long) if timer else None
    if timer:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    except MemoryError as error:
        raise _too_heavy("memory") from error
    finally:
        if timer:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, was)
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _lower(what: int, limit: int) -> None:
    _soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _too_long(*_: object) -> None:
    raise _too_heavy("time")


def _too_heavy(what: str) -> ImportTooHeavy:
    words = {"memory": "more memory", "time": "more time"}
    return ImportTooHeavy(
        f"Reading the file took {words[what]} than one file may take here.",
        todo="Cut it into parts, or give it as one row per line (CSV, JSON Lines); or have an administrator use"
        " `estime import`, which has no such limit.",
        what=what,
    )
