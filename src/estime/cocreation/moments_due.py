"""When a digest is due: at eight in the morning where its reader lives, every day or on Mondays."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from estime.kernel.configuration import configuration

EIGHT: Final = time(8)
MONDAY: Final = 0


def zone_of(name: str) -> ZoneInfo:
    """The zone of a person, else the brand's, else UTC."""
    for told in (name, configuration().brand.timezone):
        found = _zone(told)
        if found is not None:
            return found
    return ZoneInfo("UTC")


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def due_next(rhythm: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The next eight o'clock after a moment, on the next Monday for `weekly`.

    On the two days a year on which clocks change, eight o'clock is there all the same: no zone changes then.

    >>> from datetime import UTC
    >>> due_next("weekly", ZoneInfo("Europe/Paris"), datetime(2026, 11, 22, 12, tzinfo=UTC)).isoformat()
    '2026-11-23T08:00:00+01:00'
    """
    here = after.astimezone(zone)
    day = here.date()
    if here.time() >= EIGHT:
        day += timedelta(days=1)
    if rhythm == "weekly":
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return datetime.combine(day, EIGHT, zone)
