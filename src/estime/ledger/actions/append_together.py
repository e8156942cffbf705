"""Small batches from many at once: those that wait while one is written go in together, with one commit.

A commit waits for the disk, and the disk takes as long for a hundred acts as for a thousand. So whoever comes first
writes what has gathered meanwhile; the others only wait. Invariants: a caller is answered after the commit that
holds its rows, never before; what is wrong with one batch (or with the group) is told to that batch alone, because a
group that fails is written again one by one; nobody waits for a writer that is gone, whatever took it; within one
process and, by a lock, among the processes of a machine, one group is written at a time.
"""

from collections.abc import Sequence
from threading import Condition

from django.db import connection, transaction

from estime.ledger.actions.append import Outcome, Row, append_told
from estime.ledger.actions.ensure_channel import check_channel_name
from estime.ledger.turns import turn

GROUP_ROWS = 2_000
"""Rows of one commit: enough that its cost is shared, few enough that nobody waits long."""
_LOCK_SPACE = 0x65737469  # the first half of the key of our advisory locks ("esti")


class Stopped(Exception):
    """Whoever wrote for this caller was stopped: send the batch again, what is in already is known."""


class _Batch:
    """What one caller waits for."""

    def __init__(self, channel: str, rows: Sequence[Row]) -> None:
        self.channel = channel
        self.rows = rows
        self.outcomes: list[Outcome] | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.outcomes is not None or self.error is not None


class _Queue:
    """The batches of this process that wait to be written; one thread at a time writes for all."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: list[_Batch] = []
        self._writing = False

    def append(self, batch: _Batch) -> None:
        with self._changed:
            self._waiting.append(batch)
            while self._writing and not batch.done:
                self._changed.wait()
            if batch.done:
                return
            self._writing = True
        try:
            with turn():
                while not batch.done:
                    self._write_next()
        finally:
            with self._changed:
                if not batch.done:  # no turn was to be had: nobody else may take it up
                    self._waiting.remove(batch)
                self._writing = False
                self._changed.notify_all()

    def _write_next(self) -> None:
        """Write what waits. Should the process be stopped meanwhile, nobody is left waiting for it."""
        taken = self._take()
        try:
            _write(taken)
        finally:
            for batch in taken:
                if not batch.done:
                    batch.error = Stopped()

    def _take(self) -> list[_Batch]:
        with self._changed:
            count = rows = 0
            for batch in self._waiting:
                rows += len(batch.rows)
                if count and rows > GROUP_ROWS:
                    break
                count += 1
            taken, self._waiting = self._waiting[:count], self._waiting[count:]
            return taken


_QUEUE = _Queue()


def append_together(channel: str, rows: Sequence[Row]) -> list[Outcome]:
    """Append a small batch; returns, in the order of its rows, what became of each, once that is on the disk.

    The same rules as `append`. Raises what `append` raises, `BadChannelName` among it.
    """
    check_channel_name(channel)
    batch = _Batch(channel, rows)
    _QUEUE.append(batch)
    if batch.error is not None:
        raise batch.error
    assert batch.outcomes is not None  # noqa: S101  for the type checker: the queue leaves no batch undone
    return batch.outcomes


def _write(batches: list[_Batch]) -> None:
    """Write a group; should anything be wrong with it, one by one, so that each is told its own."""
    try:
        with transaction.atomic():
            told = _told(batches)
    except Exception as error:  # whatever it is: it is raised where its batch is waited for
        if len(batches) == 1:
            batches[0].error = error
            return
        for batch in batches:
            _write([batch])
        return
    for batch, outcomes in zip(batches, told, strict=True):
        batch.outcomes = outcomes


def _told(batches: list[_Batch]) -> list[list[Outcome]]:
    """Every channel's rows in one call; who waits for which channel is the same order for everybody."""
    outcomes: dict[int, list[Outcome]] = {}
    for channel in sorted({batch.channel for batch in batches}):
        _lock(channel)
        group = [batch for batch in batches if batch.channel == channel]
        drafts = [draft for batch in group for _, draft in batch.rows]
        told = iter(append_told(channel, list(enumerate(drafts))).items())
        for batch in group:
            outcomes[id(batch)] = [outcome for _, (_, outcome) in zip(batch.rows, told, strict=False)]
    return [outcomes[id(batch)] for batch in batches]


def _lock(channel: str) -> None:
    """PostgreSQL: one group at a time writes to a channel, else two could wait for each other's acts."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, channel])
