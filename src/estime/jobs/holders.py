"""Who holds a job: a process, named so that another process on the same machine can tell whether it still lives.

A process id alone is not enough: ids are given out again, and containers that share a disk count them each for
themselves. So a holder names the machine (its boot and its process namespace), the process and when it began.
"""

import os
import secrets
import socket
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Holder(NamedTuple):
    """Machine, process and its beginning, and a random part, so that no two holders are ever the same."""

    machine: str
    pid: int
    began: str
    token: str

    def __str__(self) -> str:
        return ":".join(map(str, self))


def new_holder() -> Holder:
    """This process as the holder of one job."""
    pid = os.getpid()
    return Holder(machine(), pid, _began(pid) or "", secrets.token_hex(8))


def read_holder(text: str) -> Holder:
    there, pid, began, token = text.split(":")
    return Holder(there, int(pid), began, token)


def surely_dead(text: str) -> bool:
    """Whether a holder was a process of this machine that is no more. A process elsewhere is never known to be dead."""
    return _here(text) and not _alive(read_holder(text))


def surely_alive(text: str) -> bool:
    """Whether a holder is a process of this machine that lives."""
    return _here(text) and _alive(read_holder(text))


def _here(text: str) -> bool:
    return read_holder(text).machine == machine()


@cache
def machine() -> str:
    """This machine until it is started again, and this set of process ids on it."""
    try:
        told = (PROC / "sys/kernel/random/boot_id").read_text() + str((PROC / "self/ns/pid").readlink())
    except OSError:
        told = socket.gethostname()
    return sha256(told.encode()).hexdigest()[:16]


def _alive(holder: Holder) -> bool:
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return _began(holder.pid) in (holder.began, None)


def _began(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; "" for one that is dead and not yet buried, None if
    this system does not tell.
    """
    if not (PROC / "self/stat").exists():
        return None
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
