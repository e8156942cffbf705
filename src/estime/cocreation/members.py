"""Who somebody is in co-creation: found, or made the first time they take part."""

import secrets

from django.db import transaction

from estime.cocreation.models import Member
from estime.cocreation.prepared import Prepared
from estime.kernel import clock
from estime.people.api import User

_BY_USER = Prepared(lambda user: Member.objects.filter(user=user), plan_once=True)
_SHOWN = ("channel", "handle", "name", "joined", "welcomed", "spoke", "user", "erased")
CHANNEL = "estime"
"""Our own site, as the ledger calls it: one more channel (its title is the brand's to give, on Channels)."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def member_of(user: User) -> Member:
    """The member that a login is here; made if this is their first time. Two requests at once make one."""
    found = _BY_USER.first(user.pk)
    if found is None:
        with transaction.atomic():
            found, _made = Member.objects.get_or_create(
                user=user,
                defaults={
                    "channel": CHANNEL,
                    "handle": _handle(),
                    "joined": clock.now(),
                    "name": str(user.name),
                },
            )
    elif found.name != user.name and not found.erased:
        member_named(user)
        found.name = user.name
    found.user = user  # with the role that it has now, and without another query
    return found


def member_named(user: User) -> None:
    """Somebody calls themselves otherwise: so do all pages from now on."""
    Member.objects.filter(user=user, erased=False).update(name=user.name)


def member_known(user: User) -> Member | None:
    """The same, for whoever only reads: None if they never took part."""
    found = _BY_USER.first(user.pk)
    if found is not None:
        found.user = user
    return found


def shown_of(*paths: str) -> list[str]:
    """The columns of members that pages show, of the members behind some relations: for `only`."""
    return [f"{path}__{name}" for path in paths for name in _SHOWN]


def named_of(*paths: str) -> list[str]:
    """The same, of members who are only named."""
    return [f"{path}__{name}" for path in paths for name in ("name", "erased")]


def _handle() -> str:
    return "m-" + "".join(secrets.choice(_LETTERS) for _ in range(12))
