"""Reads of the ledger that are small enough for plain rows."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Max

from estime.ledger.errors import UnknownAccount
from estime.ledger.models import Account, Act, Channel, Observation


def channels() -> list[Channel]:
    """Every channel, by name."""
    return list(Channel.objects.order_by("name"))


def account_keys(named: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """(channel, account key) of accounts given as (channel, handle); those that are not there are left out."""
    found = []
    for channel, handle in named:
        key = (
            Account.objects.filter(channel__name=channel, handle=handle).values_list("key", flat=True).first()
        )
        if key is not None:
            found.append((channel, key))
    return found


def account_keys_of(channel: str, handles: Sequence[str]) -> dict[str, int]:
    """Handle → account key, of those that are there: many at once, for an import."""
    found: dict[str, int] = {}
    for start in range(0, len(handles), 500):
        part = Account.objects.filter(channel__name=channel, handle__in=handles[start : start + 500])
        found |= {handle: key for handle, key in part.values_list("handle", "key") if handle}
    return found


def account_key(channel: str, handle: str) -> int:
    """The key of an account. Raises `UnknownAccount`."""
    found = account_keys([(channel, handle)])
    if not found:
        raise UnknownAccount(
            "There is no account of this handle on this channel.",
            todo="Check both. If erasing it was cut off, `estime refresh` completes that.",
        )
    return found[0][1]


def size() -> tuple[int, int]:
    """The newest act's position and the newest observation's: grows whenever something comes in."""
    newest = Act.objects.aggregate(at=Max("seq"))["at"] or 0
    return newest, Observation.objects.aggregate(at=Max("pk"))["at"] or 0


def observation_count() -> int:
    """How many totals there are."""
    return Observation.objects.count()


def acts_since(batch: int) -> bool:
    """Whether there are acts that an archive up to `batch` did not read (`actions/archive.py`)."""
    by, newer = ("seq", f"seq > {int(batch)}")
    if connection.vendor == "postgresql":
        by, newer = ("xid", f"xid >= '{int(batch)}'::xid8")
    # Only the newest is asked: a planner without statistics (after an import) would read the whole table to find none.
    newest = f"SELECT {by} FROM ledger_act ORDER BY {by} DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM ({newest}) AS newest WHERE {newer})")
        return bool(cursor.fetchone()[0])


def count() -> int:
    """How many acts there are (on PostgreSQL a count of all rows: for exports, not for pages)."""
    return Act.objects.count()


def handles_like(channel: str, start: str, limit: int) -> list[str]:
    """Handles of a channel that begin so, in order; none without a beginning."""
    if not start:
        return []
    rows = Account.objects.filter(channel__name=channel, handle__startswith=start)
    return [handle for handle in rows.order_by("handle").values_list("handle", flat=True)[:limit] if handle]
