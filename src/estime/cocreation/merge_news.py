"""Telling everybody on all sides what happens to what they gave: each once, wherever they stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from estime.cocreation.models import Contribution, Event, Member, Notice
from estime.cocreation.news import event_tell


def all_told(
    kind: str,
    by: Member,
    at: datetime,
    sides: Sequence[Contribution],
    *,
    also: Iterable[Member] = (),
    merge: int,
) -> list[Event]:
    """An event of each side, in its history; whoever stands on several is told once, of the first that is theirs."""
    events = [
        event_tell(kind, by, at, side, also=also if number == 0 else (), merge=merge)
        for number, side in enumerate(sides)
    ]
    for number, event in enumerate(events[1:], 1):
        told = Notice.objects.filter(event__in=events[:number]).values("member")
        Notice.objects.filter(event=event, member__in=told).delete()
    return events
