"""Who changed who may do what: invitations, roles, closed logins, tokens, links of this machine.

An event is written in one transaction with the deed itself: there is none without the other. Whoever does something
and is not named is a command on the machine.
"""

from typing import NamedTuple

from estime.people.models import Deed, Invitation, StaffEvent, User


class Told(NamedTuple):
    """What an event is about: a login, or an invitation that is nobody's yet."""

    about: User | None = None
    invitation: Invitation | None = None


def trail_record(deed: Deed, by: User | None, told: Told, **data: object) -> None:
    """Note a deed. `data`: what JSON can hold; never a secret, never an address."""
    StaffEvent.objects.create(deed=deed, by=by, about=told.about, invitation=told.invitation, data={**data})


def trail(limit: int, before: int | None = None) -> list[StaffEvent]:
    """Events, the newest first; the page after the one that ended with the event `before`."""
    rows = StaffEvent.objects.select_related("by", "about", "invitation").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])
