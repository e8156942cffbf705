"""The one way into the ledger: rows are staged in a temporary table and moved by INSERT … SELECT … ON CONFLICT.

Measured 5 to 9 times faster than the ORM (docs/performance.md), and the same statements serve one act and a million.
Nothing here decides: see `checks.py` for the rules and `actions/append.py` for the act of appending.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.prepared import execute_prepared

STAGED_COLUMNS = (
    "line handle account_key id source_id type object_id object_type in_reply_to context published recorded content"
    " lang value unit incentive on_behalf_of extra"
).split()
_COPIED = [name for name in STAGED_COLUMNS if name not in ("line", "handle", "account_key", "recorded")]

_TYPES = {
    "line": "bigint",
    "account_key": "bigint",
    "value": "double precision",
    "published": "timestamptz",
    "recorded": "timestamptz",
    "id": "uuid",
}
OBSERVATION_COLUMNS = "object_id object_type metric value observed published recorded".split()
_OBSERVATION_TYPES = {**_TYPES, "observed": "timestamptz"}


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _create(cursor: CursorWrapper, table: str, columns: list[str], types: dict[str, str]) -> None:
    if is_sqlite():
        # No declared types: SQLite keeps what it is given, and the target table's affinity decides.
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({', '.join(columns)})")
        cursor.execute(f"DELETE FROM {table}")
        return
    declared = ", ".join(f"{column} {types.get(column, 'text')}" for column in columns)
    cursor.execute("SET LOCAL client_min_messages = warning")  # "already exists, skipping" is no news
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({declared}) ON COMMIT DELETE ROWS")
    cursor.execute(f"DELETE FROM {table}")  # empty already, but for a second call in one transaction


def _fill(cursor: CursorWrapper, table: str, columns: dict[str, Sequence[Any]]) -> None:
    raw: Any = cursor.cursor  # the driver's own cursor: Django's wrapper would rewrite and log every row
    rows = zip(*columns.values(), strict=True)
    names = ", ".join(columns)
    with connection.wrap_database_errors:
        if is_sqlite():
            marks = ", ".join("?" * len(columns))
            raw.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def stage_acts(cursor: CursorWrapper, columns: dict[str, Sequence[Any]]) -> None:
    """Put columns (a part of STAGED_COLUMNS, the others stay NULL) into the staging table, which is emptied first."""
    _create(cursor, "ledger_staging", STAGED_COLUMNS, _TYPES)
    _fill(cursor, "ledger_staging", columns)


def stage_observations(cursor: CursorWrapper, columns: dict[str, Sequence[Any]]) -> None:
    """Put columns (line and OBSERVATION_COLUMNS) into the staging table of observations."""
    _create(cursor, "ledger_staging_obs", ["line", *OBSERVATION_COLUMNS], _OBSERVATION_TYPES)
    _fill(cursor, "ledger_staging_obs", columns)


def _random_key() -> str:
    """SQL for a random positive 63-bit number."""
    if is_sqlite():
        return "(random() & 9223372036854775807)"
    return "(('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint & 9223372036854775807)"


def move_accounts(cursor: CursorWrapper, channel_pk: int, recorded: str) -> None:
    """Give every handle that is staged and not yet known an account with a random key (or the key it had)."""
    cursor.execute(
        f"""
        INSERT INTO ledger_account ("key", channel_id, handle, recorded)
        SELECT coalesce(account_key, {_random_key()}), %s, handle, coalesce(recorded, %s)
        FROM (
            SELECT handle, max(account_key) AS account_key, min(recorded) AS recorded
            FROM ledger_staging WHERE handle IS NOT NULL GROUP BY handle
        ) AS fresh
        WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.channel_id = %s AND a.handle = fresh.handle)
        ORDER BY handle  -- two that write at once meet the same handles in the same order, and never wait crosswise
        ON CONFLICT (channel_id, handle) DO NOTHING
        """,
        [channel_pk, recorded, channel_pk],
    )


def move_erased_accounts(cursor: CursorWrapper, channel_pk: int, recorded: str) -> None:
    """Accounts that were erased before the export they come from: a key, and no handle."""
    cursor.execute(
        """
        INSERT INTO ledger_account ("key", channel_id, handle, recorded)
        SELECT account_key, %s, NULL, coalesce(recorded, %s)
        FROM (
            SELECT account_key, min(recorded) AS recorded
            FROM ledger_staging WHERE handle IS NULL GROUP BY account_key
        ) AS fresh
        WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a."key" = fresh.account_key)
        """,
        [channel_pk, recorded],
    )


# CROSS JOIN keeps SQLite scanning the staged rows in file order and looking accounts up, not the other way round.
_ACCOUNT_OF_STAGED = {
    "sqlite": "ledger_staging s CROSS JOIN ledger_account a",
    "postgresql": "ledger_staging s INNER JOIN ledger_account a ON TRUE",
}
_HANDLES_ONLY = "a.handle = s.handle"
_HANDLES_AND_ERASED = """a."key" = coalesce(
    (SELECT h."key" FROM ledger_account h WHERE h.channel_id = %s AND h.handle = s.handle), s.account_key)"""


def move_acts(cursor: CursorWrapper, channel_pk: int, recorded: str, *, erased: bool = False) -> int:
    """Append the staged rows that are not in the ledger yet, in file order; returns how many.

    `erased`: some of them have no handle, because their account was erased before the export they come from.
    """
    match = _HANDLES_AND_ERASED if erased else _HANDLES_ONLY
    picked = ", ".join(f"s.{column}" for column in _COPIED)
    order = "s.rowid" if is_sqlite() else "s.line"
    cursor.execute(
        f"""
        INSERT INTO ledger_act ({", ".join(_COPIED)}, channel_id, recorded, actor_id)
        SELECT {picked}, %s, coalesce(s.recorded, %s), a."key"
        FROM {_ACCOUNT_OF_STAGED[connection.vendor]} WHERE a.channel_id = %s AND {match}
        ORDER BY {order}
        ON CONFLICT (channel_id, source_id) DO NOTHING
        """,
        [channel_pk, recorded, channel_pk, *([channel_pk] if erased else [])],
    )
    return int(cursor.rowcount)


_POINTERS = ("object_id", "in_reply_to", "context")
_COMPARED = "type object_id object_type in_reply_to context published content value".split()


def _or_erased(column: str) -> str:
    """An act that points at an erased one points at its hash: that is no other telling of it."""
    return f" OR t.{column} LIKE '{ERASED_PREFIX}%%'" if column in _POINTERS else ""


def differing_places(cursor: CursorWrapper, channel_pk: int) -> list[int]:
    """Places (`line`) of staged rows whose act is in the ledger with other words: told once one way, now another."""
    same = "IS" if is_sqlite() else "IS NOT DISTINCT FROM"
    equal = " AND ".join(f"(t.{column} {same} s.{column}{_or_erased(column)})" for column in _COMPARED)
    cursor.execute(
        f"""
        SELECT s.line FROM ledger_staging s
        JOIN ledger_act t ON t.channel_id = %s AND t.source_id = s.source_id
        JOIN ledger_account a ON a."key" = t.actor_id
        WHERE NOT ({equal} AND (a.handle {same} s.handle OR a."key" {same} s.account_key))
        ORDER BY s.line
        """,
        [channel_pk],
    )
    return [line for (line,) in cursor.fetchall()]


def staged_acts(cursor: CursorWrapper, channel_pk: int) -> list[tuple[str, bool]]:
    """Of each staged row, in its order: the id of its act in the ledger, and whether it was moved just now."""
    cursor.execute(
        """
        SELECT t.id, t.id = s.id FROM ledger_staging s
        JOIN ledger_act t ON t.channel_id = %s AND t.source_id = s.source_id
        ORDER BY s.line
        """,
        [channel_pk],
    )
    return [
        (str(name if isinstance(name, UUID) else UUID(hex=name)), bool(new))
        for name, new in cursor.fetchall()
    ]


_ONE_ACCOUNT = """
    INSERT INTO ledger_account ("key", channel_id, handle, recorded)
    SELECT {random}, c.id, %s::text, %s::timestamptz FROM ledger_channel c WHERE c.name = %s::text
    AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.channel_id = c.id AND a.handle = %s::text)
    ON CONFLICT (channel_id, handle) DO NOTHING"""
_ONE_ACT = """
    INSERT INTO ledger_act ({names}, channel_id, recorded, actor_id)
    SELECT {values}, w.channel_id, %s::timestamptz, w."key" FROM {who} w WHERE (
        SELECT 1 FROM ledger_act e WHERE e.channel_id = w.channel_id AND e.source_id = %s::text LIMIT 1) IS NULL
    ON CONFLICT (channel_id, source_id) DO NOTHING"""
"""Looked up for each row, never joined: a join reads all of a ledger that grew since PostgreSQL last looked at it."""
_KNOWN = """SELECT a."key", a.channel_id FROM ledger_account a JOIN ledger_channel c ON c.id = a.channel_id
    WHERE c.name = %s::text AND a.handle = %s::text"""


def write_one(
    cursor: CursorWrapper, channel: str, columns: dict[str, Sequence[Any]], recorded: str, erased: str
) -> int | None:
    """Append one act of a channel that there is, without staging it: that costs more than the writing.

    `erased`: how its id reads if somebody had it erased. Returns the key of its account; None if nothing was written.
    """
    handle = columns["handle"][0]
    act = {name: columns[name][0] for name in _COPIED if name in columns}
    account = [handle, recorded, channel, handle]
    names, values = ", ".join(act), ", ".join(f"%s::{_TYPES.get(name, 'text')}" for name in act)
    if is_sqlite():
        execute_prepared(cursor, _ONE_ACCOUNT.format(random=_random_key()), account)
        statement = _ONE_ACT.format(names=names, values=values, who=f"({_KNOWN})")
        execute_prepared(cursor, statement, [*act.values(), recorded, channel, handle, erased])
        if cursor.rowcount != 1:
            return None
        execute_prepared(cursor, _KNOWN, [channel, handle])
        return int(cursor.fetchone()[0])
    execute_prepared(
        cursor,
        f"""WITH fresh AS ({_ONE_ACCOUNT.format(random=_random_key())} RETURNING "key", channel_id),
        who AS (SELECT "key", channel_id FROM fresh UNION ALL {_KNOWN})
        {_ONE_ACT.format(names=names, values=values, who="who")} RETURNING actor_id""",
        [*account, channel, handle, *act.values(), recorded, erased],
    )
    row = cursor.fetchone()
    return None if row is None else int(row[0])
