"""Days and numbers as people read them: `3 March 2026`, « 3 mars 2026 »; `3,000`, « 3 000 »."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language

_NBSP = "\u00a0"


def day_words(when: date | datetime, zone: ZoneInfo | None = None) -> str:
    """A day in the active language; of a moment, the day that it is in `zone`, else in the zone of whoever looks."""
    if isinstance(when, datetime):
        when = when.astimezone(zone or timezone.get_current_timezone()).date()
    first = "1er" if when.day == 1 and (get_language() or "").startswith("fr") else str(when.day)
    return f"{first}{_NBSP}{MONTHS[when.month]}{_NBSP}{when.year}"


def number_words(number: int) -> str:
    """A whole number in the active language."""
    told = f"{number:,}"
    return told.replace(",", "\u202f") if (get_language() or "").startswith("fr") else told


def sentence(*parts: str) -> str:
    """Half-sentences as one, with a capital and semicolons as the active language sets them."""
    gap = f"{_NBSP}; " if (get_language() or "").startswith("fr") else "; "
    told = gap.join(parts)
    return told[:1].upper() + told[1:]
