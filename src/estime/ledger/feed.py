"""Acts for programs: page by page, each page at a bounded cost whatever is asked for.

Three orders, each with a keyset of its own:
- `newest`: by position in the ledger, backwards.
- `ledger`: by position, forwards, for a program that follows the ledger: nothing that was committed late is missed
  (docs/decisions/0003-late-commits.md), and a page with no acts still says where to go on.
- of one account: newest first by the time at which it happened.

A page looks at WINDOW positions at most, so a filter that few acts pass costs many short pages, never one slow one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from estime.ledger.models import Account

WINDOW = 20_000


class ActRow(NamedTuple):
    """An act as it stands in the ledger; `extra` is the JSON text."""

    seq: int
    position: int
    id: str
    channel: str
    source_id: str
    account: int
    handle: str | None
    type: str
    object_id: str | None
    object_type: str | None
    in_reply_to: str | None
    context: str | None
    published: datetime
    recorded: datetime
    content: str | None
    lang: str | None
    value: float | None
    unit: str | None
    incentive: str | None
    on_behalf_of: str | None
    extra: str | None


class Wanted(NamedTuple):
    """Which acts: what is left out does not narrow. `since` is in, `until` is not."""

    channel: str = ""
    types: tuple[str, ...] = ()
    account: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class Page(NamedTuple):
    """Acts, and where the next page begins: None at the end (of `ledger`: never, more may come)."""

    acts: list[ActRow]
    next: tuple[int | str, ...] | None


_COLUMNS = (
    "t.source_id, t.actor_id, a.handle, t.type, t.object_id, t.object_type, t.in_reply_to, t.context, t.published,"
    " t.recorded, t.content, t.lang, t.value, t.unit, t.incentive, t.on_behalf_of, t.extra"
)
_TABLES = (
    'ledger_act t JOIN ledger_account a ON a."key" = t.actor_id JOIN ledger_channel c ON c.id = t.channel_id'
)


_BEYOND = "t.xid >= %s::text::xid8 AND (t.xid, t.seq) > (%s::text::xid8, %s)"  # the first for the index


def _position() -> str:
    return "t.seq" if connection.vendor == "sqlite" else "t.xid::text::bigint"


def _rows(where: list[str], values: list[Any], order: str, limit: int) -> list[ActRow]:
    query = (
        f"SELECT t.seq, {_position()}, t.id, c.name, {_COLUMNS} FROM {_TABLES}"
        f" WHERE {' AND '.join(where) or '1 = 1'} ORDER BY {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, limit])
        return [_row(row) for row in cursor.fetchall()]


def _row(told: Sequence[Any]) -> ActRow:
    row = ActRow(*told)
    name = row.id if isinstance(row.id, UUID) else UUID(hex=row.id)
    return row._replace(id=str(name), published=_moment(row.published), recorded=_moment(row.recorded))


def _moment(told: str | datetime) -> datetime:
    if isinstance(told, datetime):
        return told.astimezone(UTC)
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def _narrowed(wanted: Wanted) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    if wanted.channel:
        where.append("c.name = %s")
        values.append(wanted.channel)
    if wanted.types:
        where.append(f"t.type IN ({', '.join(['%s'] * len(wanted.types))})")
        values += wanted.types
    if wanted.account is not None:
        where.append("t.actor_id = %s")
        values.append(wanted.account)
    for moment, sign in ((wanted.since, ">="), (wanted.until, "<")):
        if moment is not None:
            where.append(f"t.published {sign} %s")
            values.append(connection.ops.adapt_datetimefield_value(moment))
    return where, values


def acts_newest(wanted: Wanted, limit: int, before: int | None = None) -> Page:
    """Acts from the last recorded backwards; `before` is the position of the last one seen."""
    top = before if before is not None else _highest() + 1
    floor = max(0, top - WINDOW)
    where, values = _narrowed(wanted)
    found = _rows([*where, "t.seq < %s", "t.seq >= %s"], [*values, top, floor], "t.seq DESC", limit)
    if len(found) == limit:
        return Page(found, (found[-1].seq,))
    return Page(found, (floor,) if floor > 1 else None)


def acts_following(wanted: Wanted, limit: int, after: tuple[int, int] = (0, 0)) -> Page:
    """Acts in the order in which they became readable, from `after` (position, seq) on."""
    where, values = _narrowed(wanted)
    limits: list[Any]
    if connection.vendor == "sqlite":
        last = min(after[1] + WINDOW, _highest())
        bounds, limits, order = ["t.seq > %s", "t.seq <= %s"], [after[1], last], "t.seq"
        end = (last, max(last, after[1]))
    else:
        end = _window_end(after)
        bounds = [_BEYOND, "(t.xid, t.seq) <= (%s::text::xid8, %s)"]
        limits = [str(after[0]), str(after[0]), after[1], str(end[0]), end[1]]
        order = "t.xid, t.seq"
    found = _rows([*where, *bounds], [*values, *limits], order, limit)
    if len(found) == limit:
        return Page(found, (found[-1].position, found[-1].seq))
    return Page(found, end)


def _window_end(after: tuple[int, int]) -> tuple[int, int]:
    """PostgreSQL: how far this page looks, never into transactions beside which one is still open."""
    readable = "t.xid < pg_snapshot_xmin(pg_current_snapshot())"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x::text::bigint, seq FROM (SELECT t.xid AS x, t.seq FROM ledger_act t"
            f" WHERE {_BEYOND} AND {readable} ORDER BY t.xid, t.seq LIMIT %s) AS near"
            " ORDER BY x DESC, seq DESC LIMIT 1",
            [str(after[0]), str(after[0]), after[1], WINDOW],
        )
        row = cursor.fetchone()
    return after if row is None else (int(row[0]), int(row[1]))


def acts_of_account(wanted: Wanted, limit: int, before: tuple[str, int] | None = None) -> Page:
    """Acts of one account, from the last that happened backwards; `before`: time and position of the last one seen."""
    where, values = _narrowed(wanted)
    if before is not None:
        moment = connection.ops.adapt_datetimefield_value(datetime.fromisoformat(before[0]))
        where.append("(t.published, t.seq) < (%s, %s)")
        values += [moment, before[1]]
    found = _rows(where, values, "t.published DESC, t.seq DESC", limit)
    if len(found) < limit:
        return Page(found, None)
    return Page(found, (found[-1].published.isoformat(), found[-1].seq))


def act_find(act_id: UUID) -> ActRow | None:
    """One act by its id."""
    told = act_id.hex if connection.vendor == "sqlite" else act_id
    return next(iter(_rows(["t.id = %s"], [told], "t.seq", 1)), None)


def _highest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM ledger_act")
        return int(cursor.fetchone()[0])


class AccountRow(NamedTuple):
    """An account and what it did: how many acts of each type, the first and the last."""

    key: int
    channel: str
    handle: str | None
    recorded: datetime
    acts: dict[str, int]
    first: datetime | None
    last: datetime | None


def account_find(key: int) -> AccountRow | None:
    """One account by its key."""
    told = Account.objects.filter(pk=key).values_list("channel__name", "handle", "recorded").first()
    if told is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, count(*), min(published), max(published) FROM ledger_act WHERE actor_id = %s"
            " GROUP BY type ORDER BY type",
            [key],
        )
        rows = cursor.fetchall()
    first = min((_moment(row[2]) for row in rows), default=None)
    last = max((_moment(row[3]) for row in rows), default=None)
    return AccountRow(key, *told, {row[0]: row[1] for row in rows}, first, last)
