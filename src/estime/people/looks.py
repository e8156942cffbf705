"""Who looked at whom. A look is written in the request that shows the person, and kept for the person to see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Q

from estime.kernel import clock
from estime.people.models import Look, User

SAME: Final = timedelta(minutes=10)
"""The same look by the same person within this time is one look: going back and forth is no second one."""
_AT_ONCE: Final = 500
Cursor = tuple[datetime, int]


class Seen(NamedTuple):
    """One look: by whom, when, and where: `person`, `acts`, `act`, `search`, `export`, `rest`."""

    id: int
    by: str
    at: datetime
    where: str


def look_record(viewer: User | int, account: int, where: str, *, now: datetime | None = None) -> None:
    """Note that somebody looks at an account."""
    looks_record(viewer, (account,), where, once=True, now=now)


def looks_record(
    viewer: User | int,
    accounts: Iterable[int],
    where: str,
    *,
    once: bool = False,
    now: datetime | None = None,
) -> None:
    """Note that somebody takes accounts out of here: each is a look; with `once`, one more only when SAME is over."""
    moment = now or clock.now()
    by = viewer if isinstance(viewer, int) else viewer.pk
    wanted = list(dict.fromkeys(accounts))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        known = _seen_just_now(by, part, where, moment) if once else set()
        Look.objects.bulk_create(
            Look(viewer_id=by, account=account, where=where, at=moment)
            for account in part
            if account not in known
        )


def _seen_just_now(by: int, accounts: list[int], where: str, moment: datetime) -> set[int]:
    same = Look.objects.filter(
        account__in=accounts, viewer=by, where=where, at__gt=moment - SAME, at__lte=moment
    )
    return set(same.values_list("account", flat=True))


def looks_of(account: int, limit: int, before: Cursor | None = None, *, where: str = "") -> list[Seen]:
    """Who looked at an account, the last first, before a cursor (`at`, `id`); `where`: only looks there."""
    rows = Look.objects.filter(account=account).select_related("viewer")
    if where:
        rows = rows.filter(where=where)
    if before is not None:
        at, last = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    found = rows.order_by("-at", "-pk")[:limit]
    return [Seen(look.pk, str(look.viewer), look.at, look.where) for look in found]
