"""The clock that leases go by, and what follows from it.

On PostgreSQL it is the database's, so that workers on machines whose clocks disagree still agree on when a lease ends.
On an embedded database every worker is on the database's machine, and the machine's clock is that clock. Either may be
put back or on: a moment of the past that lies in the future says so, and is not waited for.
"""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q

from estime.kernel import clock

TERM = timedelta(minutes=2)
"""How long a job is its holder's; prolonged every quarter of it (keeper.py)."""
SLACK = timedelta(seconds=10)
"""How far a clock may be set right without anybody taking notice."""


def moment() -> datetime:
    """Now, by the clock that all workers share."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return told.astimezone(UTC)


def elapsed() -> float:
    """Seconds that really passed since some beginning, whatever the clock was set to; sleep does not count."""
    return time.monotonic()


def is_due(now: datetime) -> Q:
    """Waiting jobs that may begin: due, or from before the clock was put back."""
    return Q(status="waiting") & (Q(due__lte=now) | Q(made__gt=now + SLACK) | Q(started__gt=now + SLACK))


def too_long(now: datetime) -> Q:
    """Running jobs whose lease has longer to go than any lease is given for: the clock was put back."""
    return Q(status="running", until__gt=now + TERM + SLACK)
