"""A search that names somebody is a look at them, though its page shows many people's words: noted once a search."""

from collections.abc import Iterable

from django.http import HttpRequest

from estime.ledger import api as ledger
from estime.people import api as people
from estime.readouts.mentions import people_named
from estime.web.frame import viewer


def looked_for(request: HttpRequest, words: str, shown: Iterable[ledger.Listed]) -> None:
    """Note whom these words name; `shown`: what the first page of the search shows. Nothing without words."""
    user = viewer(request)
    named = people_named(words, shown) if user is not None and words else set()
    if user is not None and named:
        people.looks_record(user, sorted(named), "search", once=True)
