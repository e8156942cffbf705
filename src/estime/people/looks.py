"""Who looked at whom. A look is written in the request that shows the person, and kept for the person to see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Q

from estime.kernel import clock
from estime.people.models import Look, User

SAME: Final = timedelta(minutes=10)
"""The same look by the same person within this time is one look: going back and forth is no second one."""
Cursor = tuple[datetime, int]


class Seen(NamedTuple):
    """One look: by whom, when, and where: `person`, `acts`, `act`, `export`, `rest`."""

    id: int
    by: str
    at: datetime
    where: str


def look_record(viewer: User, account: int, where: str, *, now: datetime | None = None) -> None:
    """Note that somebody looks at an account."""
    moment = now or clock.now()
    same = Look.objects.filter(
        account=account, viewer=viewer, where=where, at__gt=moment - SAME, at__lte=moment
    )
    if not same.exists():
        Look.objects.create(viewer=viewer, account=account, where=where, at=moment)


def looks_record(viewer: User, accounts: Iterable[int], where: str) -> None:
    """Note that somebody takes a list of accounts out of here: each is a look."""
    moment = clock.now()
    rows = (Look(viewer=viewer, account=account, where=where, at=moment) for account in accounts)
    Look.objects.bulk_create(rows, batch_size=500)


def looks_of(account: int, limit: int, before: Cursor | None = None) -> list[Seen]:
    """Who looked at an account, the last first, before a cursor (`at`, `id`)."""
    rows = Look.objects.filter(account=account).select_related("viewer")
    if before is not None:
        at, last = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    found = rows.order_by("-at", "-pk")[:limit]
    return [Seen(look.pk, str(look.viewer), look.at, look.where) for look in found]
