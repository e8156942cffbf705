"""How many requests one token, or one address, may make: counted across all server processes of a machine.

One number per key says until when its allowance is used up (GCRA, the generic cell rate algorithm): a request moves
it on by one interval, and is refused if that would take it further ahead of the present than the burst allows. One
that is further ahead than that comes from a clock that was set back since, and counts for nothing. The numbers are in
a small SQLite file of their own without waits for the disk: one statement of some 30 µs a request. If they are lost,
everybody begins anew; if the file cannot be used, nobody is refused.
"""

import logging
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from estime.kernel.home import home

LOGGER = logging.getLogger("estime.rest")
WINDOW = 60.0
_FORGET_EVERY = 4096
_ROUNDED = 0.01
"""Of one request: today’s seconds since 1970 are told to a quarter of a millionth."""

_TAKE = """
    INSERT INTO allowance (key, until) VALUES (:key, :now + :step)
    ON CONFLICT (key) DO UPDATE SET
        until = CASE WHEN until > :now + :window THEN :now ELSE max(until, :now) END + :step
    WHERE until > :now + :window OR max(until, :now) + :step <= :now + :window
    RETURNING until
"""


class Limit(NamedTuple):
    """So many requests in a minute, all at once or spread; 0 is no limit."""

    name: str
    per_minute: int


class Taken(NamedTuple):
    """What is left of an allowance. `wait`: seconds until the next request, 0 when this one is allowed."""

    limit: Limit
    left: int
    wait: float

    def headers(self) -> dict[str, str]:
        """The headers of the IETF's RateLimit draft; none where there is no limit."""
        if not self.limit.per_minute:
            return {}
        full = 60.0 * (1 - self.left / self.limit.per_minute)
        return {
            "RateLimit-Policy": f'"{self.limit.name}";q={self.limit.per_minute};w=60',
            "RateLimit": f'"{self.limit.name}";r={self.left};t={max(1, round(self.wait or full))}',
        }


class Allowances:
    """The file, opened once in each process and again when ESTIME_HOME is another one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._path: Path | None = None
        self._file: sqlite3.Connection | None = None
        self._since = 0

    def take(self, limit: Limit, key: str, *, now: float | None = None) -> Taken:
        """Take one request out of the allowance of a key."""
        if not limit.per_minute:
            return Taken(limit, 0, 0.0)
        at = time.time() if now is None else now
        step = WINDOW / limit.per_minute
        told = {"key": f"{limit.name}:{key}", "now": at, "step": step, "window": WINDOW}
        try:
            with self._lock:
                until = self._until(told)
        except sqlite3.Error as error:
            LOGGER.warning("rate limits are not counted", exc_info=error)
            self._close()
            return Taken(limit, limit.per_minute, 0.0)
        if until is None:
            with suppress(sqlite3.Error), self._lock:
                until = self._known(told)
            return Taken(limit, 0, max(0.001, (until or at) + step - at - WINDOW))
        return Taken(limit, max(0, int((WINDOW - (until - at)) / step + _ROUNDED)), 0.0)

    def spent(self, limit: Limit, key: str, *, now: float | None = None) -> float:
        """Seconds until this key may go on, without taking anything: 0 when it may."""
        if not limit.per_minute:
            return 0.0
        at = time.time() if now is None else now
        try:
            with self._lock:
                until = self._known({"key": f"{limit.name}:{key}"})
        except sqlite3.Error:
            return 0.0
        if until is None or until > at + WINDOW:
            return 0.0
        return max(0.0, until + WINDOW / limit.per_minute - at - WINDOW)

    def _until(self, told: dict[str, object]) -> float | None:
        file = self._opened()
        self._since += 1
        if self._since >= _FORGET_EVERY:
            self._since = 0
            file.execute("DELETE FROM allowance WHERE until < :now", told)
        row = file.execute(_TAKE, told).fetchone()
        return None if row is None else float(row[0])

    def _known(self, told: dict[str, object]) -> float | None:
        row = self._opened().execute("SELECT until FROM allowance WHERE key = :key", told).fetchone()
        return None if row is None else float(row[0])

    def _opened(self) -> sqlite3.Connection:
        path = home() / "limits.sqlite3"
        if self._file is None or path != self._path:
            self._close()
            file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=2)
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = OFF")
            file.execute(
                "CREATE TABLE IF NOT EXISTS allowance (key TEXT PRIMARY KEY, until REAL) WITHOUT ROWID"
            )
            path.chmod(0o600)
            self._file, self._path = file, path
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
        self._file = None


ALLOWANCES = Allowances()
