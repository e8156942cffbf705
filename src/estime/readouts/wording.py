"""Numbers, dates and intervals as people write them, in the active language.

French spaces: U+202F between thousands, U+00A0 before a percent sign or unit. A share that is not quite
nothing never reads 0 %, and one that is not quite everything never reads 100 %.
"""

from datetime import date, datetime, timedelta
from math import floor

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
THIN = "\u202f"
DASH = "–"
MINUS = "−"
_LAST_MOMENT = timedelta(seconds=1)


def is_french() -> bool:
    return (get_language() or "en").startswith("fr")


def number(value: float, digits: int = 0) -> str:
    told = f"{value:,.{digits}f}".replace("-", MINUS)
    if is_french():
        return told.replace(",", THIN).replace(".", ",")
    return told


def count(value: float) -> str:
    return number(round(value))


def _share_digits(share: float) -> int:
    points = abs(share) * 100
    if points == 0 or points == 100:
        return 0
    if points < 0.1:
        return 2
    return 1 if points < 10 or points > 99 else 0


def _bare_percent(share: float, digits: int) -> str:
    told = number(share * 100, digits)
    if share > 0 and float(f"{share * 100:.{digits}f}") == 0:
        return "<" + NBSP + number(10**-digits, digits)
    if share < 1 and float(f"{share * 100:.{digits}f}") == 100:
        return ">" + NBSP + number(100 - 10**-digits, digits)
    return told


def percent(share: float) -> str:
    return _bare_percent(share, _share_digits(share)) + NBSP + "%"


def percent_interval(low: float | None, high: float | None) -> str:
    """Both ends of a share's interval, with as many digits as keep them apart."""
    if low is None or high is None:
        return _("interval unknown")
    digits = _digits_apart(low * 100, high * 100, 1 if high < 0.1 else 0)
    return f"{_bare_percent(low, digits)}{NBSP}{DASH}{NBSP}{_bare_percent(high, digits)}{NBSP}%"


def whole_percent(share: float) -> str:
    """A share of few: a decimal would promise what so few people cannot tell."""
    return _bare_percent(share, 0) + NBSP + "%"


def whole_percent_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _("interval unknown")
    return f"{_bare_percent(low, 0)}{NBSP}{DASH}{NBSP}{_bare_percent(high, 0)}{NBSP}%"


def correlation(value: float) -> str:
    """Never rounded up: 0.9996 reads 0.999."""
    return "1" if value >= 1 else number(floor(value * 1000) / 1000, 3)


def rate(value: float) -> str:
    """A count per thousand."""
    return number(value, 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2)


def rate_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _("interval unknown")
    digits = _digits_apart(low, high, 0 if high >= 10 else 1)
    return f"{number(low, digits)}{NBSP}{DASH}{NBSP}{number(high, digits)}"


def _digits_apart(low: float, high: float, fewest: int) -> int:
    """An interval that reads 21 – 21 would look like certainty."""
    apart = (digits for digits in range(fewest, 4) if f"{low:.{digits}f}" != f"{high:.{digits}f}")
    return next(apart, fewest)


def duration(hours: float) -> str:
    if hours < 1:
        return f"{number(hours * 60)}{NBSP}min"
    if hours < 72:
        return f"{number(hours, 0 if hours >= 10 else 1)}{NBSP}h"
    days = round(hours / 24)
    return ngettext("{n} day", "{n} days", days).format(n=number(days)).replace(" ", NBSP)


def duration_interval(low: float | None, high: float | None) -> str:
    """Both ends; empty when either is not known."""
    if low is None or high is None:
        return ""
    return f"{duration(low)}{NBSP}{DASH}{NBSP}{duration(high)}"


def day(when: date) -> str:
    first = "1er" if is_french() and when.day == 1 else str(when.day)
    return f"{first}{NBSP}{MONTHS[when.month]}{NBSP}{when.year}"


def days_late(due: datetime, at: datetime) -> int:
    """By how many days of the calendar, where whoever looks lives: what was owed by the 3rd and came on the 5th reads
    “2 days late” beside these days, at whatever hour it was owed and came. Midnight ends a day: that is how it is told.
    """
    zone = timezone.get_current_timezone()
    owed, came = ((moment - _LAST_MOMENT).astimezone(zone).date() for moment in (due, at))
    return (came - owed).days


def clock(when: datetime) -> str:
    """`14:05`; in French `14 h 05`, and no nought before an hour of one figure."""
    if is_french():
        return f"{when.hour}{NBSP}h{NBSP}{when.minute:02}"
    return f"{when:%H:%M}"


def month(when: date) -> str:
    return f"{MONTHS[when.month]} {when.year}"


def quarter(when: date) -> str:
    """`Q1 2024`; in French `T1 2024`."""
    return _("Q{n} {year}").format(n=(when.month + 2) // 3, year=when.year).replace(" ", NBSP)


def signed(value: float, digits: int = 2) -> str:
    """A number from −1 to 1, its sign always said."""
    told = number(value, digits)
    return "+" + told if float(f"{value:.{digits}f}") > 0 else told


def kind(name: str) -> str:
    """An act's type in plain words; one we have no words for keeps the standard's name."""
    words = {
        "Create": pgettext("kind of act", "posts and replies"),
        "Like": pgettext("kind of act", "likes"),
        "Dislike": pgettext("kind of act", "dislikes"),
        "Announce": pgettext("kind of act", "shares"),
        "Vote": pgettext("kind of act", "votes"),
        "Update": pgettext("kind of act", "edits"),
        "Flag": pgettext("kind of act", "reports"),
        "Offer": pgettext("kind of act", "offers"),
        "Accept": pgettext("kind of act", "acceptances"),
        "Reject": pgettext("kind of act", "refusals"),
        "Add": pgettext("kind of act", "additions"),
    }
    return words.get(name, name)
