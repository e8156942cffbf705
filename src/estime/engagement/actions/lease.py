"""A lease: one process at a time does a piece of work, and a process that died does not block it for ever."""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import Error as DatabaseFault
from django.db import IntegrityError, connection, transaction

from estime.engagement.errors import RefreshRunning
from estime.engagement.models import Lease
from estime.kernel import clock

TERM = timedelta(minutes=2)


@contextmanager
def lease(name: str) -> Iterator[None]:
    """Hold the lease while the body runs, renewing it in the background. Raises `RefreshRunning` if it is taken."""
    holder = f"{os.getpid()}-{secrets.token_hex(8)}"
    if not _take(name, holder):
        raise RefreshRunning(
            "Another process is refreshing the figures.",
            todo="Wait until it is done; a lease of a dead process ends by itself.",
        )
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(name, holder, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        Lease.objects.filter(name=name, holder=holder).delete()


def _take(name: str, holder: str) -> bool:
    moment = clock.now()
    mine = {"holder": holder, "until": moment + TERM}
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, **mine)
    except IntegrityError:
        free = Lease.objects.filter(name=name, until__lt=moment) | Lease.objects.filter(
            name=name, holder__in=_holders_that_died(name)
        )
        return free.update(**mine) == 1
    return True


def _holders_that_died(name: str) -> list[str]:
    """On an embedded database every holder is a process of this machine, so a dead one can be told at once."""
    if connection.vendor != "sqlite":
        return []
    holders = Lease.objects.filter(name=name).values_list("holder", flat=True)
    return [holder for holder in holders if not _alive(int(holder.split("-")[0]))]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _keep(name: str, holder: str, done: threading.Event) -> None:
    try:
        while not done.wait(TERM.total_seconds() / 4):
            with suppress(
                DatabaseFault
            ):  # away for a moment: the next turn comes before the lease has run out
                Lease.objects.filter(name=name, holder=holder).update(until=clock.now() + TERM)
                continue
            connection.close()
    finally:
        connection.close()
