"""The clock that leases go by.

On PostgreSQL it is the database's, so that workers on machines whose clocks disagree still agree on when a lease ends.
On an embedded database every worker is on the database's machine, and the machine's clock is that clock.
"""

from datetime import UTC, datetime

from django.db import connection

from estime.kernel import clock


def moment() -> datetime:
    """Now, by the clock that all workers share."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return told.astimezone(UTC)
