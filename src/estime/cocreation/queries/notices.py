"""What a member was told of: events that concern them, newest first, of what still stands."""

from typing import Final, NamedTuple

from estime.cocreation.letters import place_of
from estime.cocreation.models import Event, Member, Notice
from estime.cocreation.queries.feeds import titles_of

PAGE: Final = 50


class Told(NamedTuple):
    """An event that concerns somebody. `digest`: whether a digest told it already."""

    event: Event
    title: str
    digest: bool


def notices_of(member: Member, below: int = 0) -> tuple[list[Told], int]:
    """A page of them, from below an event (0: from the newest), and where the next begins (0: no more).

    What does not stand any more is left out, so a page may be short. Six queries at most.
    """
    rows = Notice.objects.filter(member=member).select_related("event__by").order_by("-event")
    found = list((rows.filter(event__lt=below) if below else rows)[: PAGE + 1])
    shown = found[:PAGE]
    titles = titles_of([row.event for row in shown])
    told = [
        Told(row.event, titles[place_of(row.event)], row.digest_id is not None)
        for row in shown
        if titles.get(place_of(row.event))
    ]
    return told, shown[-1].event_id if len(found) > PAGE else 0
