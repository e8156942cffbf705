"""The ledger in the order in which its acts became readable, for programs that follow it: each act once, and nothing
that was committed late is missed (docs/decisions/0003-late-commits.md).

A page looks at WINDOW positions at most, so a filter that few acts pass costs many short pages, never one slow one;
a page with no acts still says where to go on. Whoever looks for some acts asks `listing`, which has an index.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from estime.ledger.whole import ActRow, acts_whole

WINDOW = 20_000
BEGINNING = 4_000
"""Of longer texts whoever follows them gets so many characters: a window of them stays small."""

Position = tuple[int, int]
"""A place in this order. SQLite: the act's seq, twice; PostgreSQL: its transaction and its seq."""


class Passing(NamedTuple):
    """Which acts: what is left out does not narrow. `since` is in, `until` is not. `for_brand`: said on its behalf."""

    channel: str = ""
    types: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    for_brand: bool = False


class Followed(NamedTuple):
    """Acts, and where the next page begins: never the end, more may come."""

    acts: list[ActRow]
    next: Position


_BEYOND = "t.xid >= %s::text::xid8 AND (t.xid, t.seq) > (%s::text::xid8, %s)"  # the first for the index


def acts_following(wanted: Passing, limit: int, after: Position = (0, 0)) -> Followed:
    """Acts in the order in which they became readable, from `after` on."""
    bounds: list[str]
    limits: list[Any]
    if connection.vendor == "sqlite":
        last = min(after[1] + WINDOW, _highest())
        position, order = "t.seq", "t.seq"
        bounds, limits = ["t.seq > %s", "t.seq <= %s"], [after[1], last]
        end = (last, max(last, after[1]))
    else:
        end = _window_end(after)
        position, order = "t.xid::text::bigint", "t.xid, t.seq"
        bounds = [_BEYOND, "(t.xid, t.seq) <= (%s::text::xid8, %s)"]
        limits = [str(after[0]), str(after[0]), after[1], str(end[0]), end[1]]
    where, values = _narrowed(wanted)
    query = (
        f"SELECT {position}, t.seq FROM ledger_act t WHERE {' AND '.join([*bounds, *where])}"
        f" ORDER BY {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*limits, *values, limit])
        found = [(int(row[0]), int(row[1])) for row in cursor.fetchall()]
    acts = acts_whole([seq for _, seq in found])
    return Followed(acts, found[-1] if len(found) == limit else end)


class Written(NamedTuple):
    """What somebody wrote in one act, as far as `BEGINNING` characters. `day`: days since 1970, UTC.

    `answers`: the object that it answers, as its channel names it.
    """

    seq: int
    channel: int
    account: int
    day: int
    text: str
    answers: str | None = None


_DAY = {
    "sqlite": "CAST(julianday(substr(t.published, 1, 10)) - 2440587.5 AS INTEGER)",
    "postgresql": "(t.published AT TIME ZONE 'UTC')::date - DATE '1970-01-01'",
}


def texts_following(after: Position) -> tuple[list[Written], Position]:
    """What was written in the acts of one window after a position, and the window's end. Votes are no texts.

    Nothing more is there to be read, for now, when the end is the position itself.
    """
    end = texts_end(after)
    if end == after:
        return [], after
    bounds: list[int | str]
    if connection.vendor == "sqlite":
        where, bounds = "t.seq > %s AND t.seq <= %s", [after[1], end[1]]
        order = "t.seq"
    else:
        where = f"{_BEYOND} AND (t.xid, t.seq) <= (%s::text::xid8, %s)"
        bounds = [str(after[0]), str(after[0]), after[1], str(end[0]), end[1]]
        order = "t.xid, t.seq"
    query = (
        f"SELECT t.seq, t.channel_id, t.actor_id, {_DAY[connection.vendor]}, substr(t.content, 1, {BEGINNING}),"
        " t.in_reply_to FROM ledger_act t"
        f" WHERE {where} AND t.content IS NOT NULL AND coalesce(t.object_type, '') <> 'Vote' ORDER BY {order}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, bounds)
        return [Written(*row) for row in cursor.fetchall()], end


def objects_made(accounts: Sequence[int]) -> set[tuple[int, str]]:
    """(channel, object) of all that some accounts wrote: what others answer when they answer them."""
    found: set[tuple[int, str]] = set()
    with connection.cursor() as cursor:
        for account in accounts:
            cursor.execute(
                "SELECT t.channel_id, t.object_id FROM ledger_act t WHERE t.actor_id = %s AND t.object_id IS NOT NULL"
                " AND t.content IS NOT NULL AND t.type IN ('Create', 'Question')",
                [account],
            )
            found.update((int(channel), str(name)) for channel, name in cursor.fetchall())
    return found


def texts_end(after: Position) -> Position:
    """Where the window after a position ends: the position itself when nothing came in since."""
    if connection.vendor != "sqlite":
        return _window_end(after)
    last = max(min(after[1] + WINDOW, _highest()), after[1])
    return (last, last) if last > after[1] else after


def _narrowed(wanted: Passing) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    if wanted.channel:
        where.append("t.channel_id = (SELECT c.id FROM ledger_channel c WHERE c.name = %s)")
        values.append(wanted.channel)
    if wanted.types:
        where.append(f"t.type IN ({', '.join(['%s'] * len(wanted.types))})")
        values += wanted.types
    if wanted.for_brand:
        where.append("t.on_behalf_of IS NOT NULL")
    for moment, sign in ((wanted.since, ">="), (wanted.until, "<")):
        if moment is not None:
            where.append(f"t.published {sign} %s")
            values.append(connection.ops.adapt_datetimefield_value(moment))
    return where, values


def _window_end(after: Position) -> Position:
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


def _highest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM ledger_act")
        return int(cursor.fetchone()[0])
