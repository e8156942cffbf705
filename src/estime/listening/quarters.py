"""Quarters of the calendar, in the brand's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from estime.kernel.configuration import configuration


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(configuration().brand.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def quarter_of(moment: datetime) -> date:
    """The first day of the quarter in which a moment lies."""
    day = moment.astimezone(_zone()).date()
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_next(quarter: date) -> date:
    """The quarter after."""
    return date(quarter.year + quarter.month // 10, (quarter.month + 2) % 12 + 1, 1)


def quarter_bounds(quarter: date) -> tuple[datetime, datetime]:
    """When a quarter begins, and when the next one does."""
    zone, after = _zone(), quarter_next(quarter)
    return (
        datetime(quarter.year, quarter.month, 1, tzinfo=zone),
        datetime(after.year, after.month, 1, tzinfo=zone),
    )
