"""From a figure to its acts: the address of the page of acts that shows what a figure was made of."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from estime.readouts.shapes import Acts
from estime.web.addresses import ALL, in_language

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


def acts_url(lang: str, acts: Acts) -> str:
    """Empty where no page shows acts."""
    try:
        page = in_language(reverse("acts"), lang)
    except NoReverseMatch:
        return ""
    asked = {
        "channel": "" if acts.scope == ALL else acts.scope,
        "since": _from(acts.since + MOMENT) if acts.since else "",
        "until": _to(acts.until + MOMENT) if acts.until else "",
        "type": acts.type,
        "active": "1" if acts.active else "",
        "without_likes": "1" if acts.without_likes else "",
        "brand": "" if acts.brand is None else str(int(acts.brand)),
    }
    return f"{page}?{urlencode({name: told for name, told in asked.items() if told})}"


def _from(moment: datetime) -> str:
    """The first moment that is in; a day where a day begins."""
    return moment.date().isoformat() if _is_midnight(moment) else _exact(moment)


def _to(moment: datetime) -> str:
    """The first moment that is out; a day that is the last one in, where it ends with a day."""
    return (moment - DAY).date().isoformat() if _is_midnight(moment) else _exact(moment)


def _is_midnight(moment: datetime) -> bool:
    return moment.astimezone(UTC).time() == time()


def _exact(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()
