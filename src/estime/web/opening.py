"""From a figure to its acts: the address of the page of acts that shows what a figure was made of."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from estime.readouts.shapes import Acts
from estime.web.addresses import ALL, in_language

MOMENT = timedelta(microseconds=1)


def acts_url(lang: str, acts: Acts) -> str:
    """Empty where no page shows acts."""
    try:
        page = in_language(reverse("acts"), lang)
    except NoReverseMatch:
        return ""
    asked = {
        "channel": "" if acts.scope == ALL else acts.scope,
        "since": (acts.since + MOMENT).date().isoformat() if acts.since else "",
        "until": acts.until.date().isoformat() if acts.until else "",
        "type": acts.type,
        "active": "1" if acts.active else "",
        "without_likes": "1" if acts.without_likes else "",
        "brand": "" if acts.brand is None else str(int(acts.brand)),
    }
    return f"{page}?{urlencode({name: told for name, told in asked.items() if told})}"
