"""The database's part of a backup: every row of one moment, except what must not come to life again.

SQLite is copied by its own online backup, PostgreSQL table by table by COPY from one snapshot. Both are consistent
while acts come in. What is left out ends with a restore: sessions, one-time links, leases, counted attempts.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

PASSING: Final = (
    "django_session",
    "usersessions_usersession",
    "people_stafflink",
    "engagement_lease",
    "estime_cache",
    "rest_made",
)
"""Tables whose rows hold only for the moment."""

DERIVED: Final = ("ledger_search_", "listening_reading", "listening_followed", "engagement_place")
"""How tables begin that are made from the ledger, and belong to one server: the index that acts are searched by, what
was read in their texts, and where single people stand on the map."""

MADE_ANEW: Final = ("django_migrations", "django_content_type", "auth_permission")
"""Tables that Django fills by itself when it makes the schema (PostgreSQL)."""


def dump(scratch: Path) -> tuple[list[Path], dict[str, int]]:
    """Write the database into files of the folder; returns them, and how many rows each table has."""
    from django.db import connection

    return _dump_sqlite(scratch) if connection.vendor == "sqlite" else _dump_postgresql(scratch)


def _dump_sqlite(scratch: Path) -> tuple[list[Path], dict[str, int]]:
    from django.db import connection

    target = scratch / "estime.sqlite3"
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA secure_delete = ON")  # a session's key is not to be found in a free page
        there = _sqlite_tables(copy)
        for table in filter(left_out, there):
            copy.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608
        rows = {table: _count(copy, table) for table in there}
    return [target], rows


def sqlite_rows(path: Path) -> dict[str, int]:
    """How many rows each table of a database file has."""
    with closing(sqlite3.connect(path)) as link:
        return {table: _count(link, table) for table in _sqlite_tables(link)}


def _sqlite_tables(link: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in link.execute(query)]


def _count(link: sqlite3.Connection, table: str) -> int:
    return int(link.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])  # noqa: S608


def _quoted(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'


def _dump_postgresql(scratch: Path) -> tuple[list[Path], dict[str, int]]:
    from django.db import connection, transaction

    files, rows = [], {}
    with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for number, table in enumerate(_ours(cursor)):
            file = scratch / f"{number:02d}.{table}.copy"
            rows[table] = _copy_out(cursor, table, file)
            files.append(file)
    return files, rows


def seeded(table: str) -> bool:
    """Whether a table may have rows in a database in which nobody did anything yet."""
    return left_out(table) or table in MADE_ANEW


def _copy_out(cursor: Any, table: str, file: Path) -> int:
    from django.db import connection

    quoted, columns = connection.ops.quote_name(table), ", ".join(_columns(cursor, table))
    with (
        file.open("wb") as out,
        cursor.cursor.copy(f"COPY {quoted} ({columns}) TO STDOUT WITH (HEADER)") as copy,
    ):
        for chunk in copy:
            out.write(chunk)
    return int(cursor.cursor.rowcount)


def _ours(cursor: Any) -> list[str]:
    """The tables to copy as the database has them, which may be of an older version: those referred to first."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relpersistence <> 't'"  # no temporary ones
        " AND pg_table_is_visible(oid) AND relnamespace <> 'pg_catalog'::regnamespace"
    )
    there = {name for (name,) in cursor.fetchall()}
    known = [name for name in tables() if name in there]
    others = [name for name in sorted(there - set(known)) if _is_ours(name)]
    return [name for name in (*known, *others) if not seeded(name)]


def left_out(table: str) -> bool:
    """Whether a table's rows are no part of a backup."""
    return table in PASSING or table.startswith(DERIVED)


def _is_ours(table: str) -> bool:
    """Whether a table that no model names any more was made by one of our migrations, not by other software."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    labels = {app for app, _ in MigrationRecorder(connection).applied_migrations()}
    return table.partition("_")[0] in labels


def _columns(cursor: Any, table: str) -> list[str]:
    """The columns as the database has them; it fills `xid` itself."""
    from django.db import connection

    described = connection.introspection.get_table_description(cursor, table)
    return [connection.ops.quote_name(column.name) for column in described if column.name != "xid"]


def tables() -> list[str]:
    """Every table that a model names, those that are referred to first."""
    from django.apps import apps
    from django.core.serializers import sort_dependencies

    listed = [(config, None) for config in apps.get_app_configs()]
    found: dict[str, None] = {}
    for model in sort_dependencies(listed, allow_cycles=True):
        joined: list[Any] = [field.remote_field.through for field in model._meta.local_many_to_many]
        for table in (model, *joined):
            if table._meta.managed and not table._meta.proxy:
                found[table._meta.db_table] = None
    return list(found)


def fill_postgresql(dumped: Path) -> dict[str, int]:
    """Copy every table back, in one transaction; returns how many rows each got."""
    from django.db import connection, transaction

    from estime.cocreation import api as cocreation

    with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
        cocreation.guards_aside()
        rows = {file.name.split(".")[1]: _copy_in(cursor, file) for file in _kept(dumped)}
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # else no trigger can be made beside rows just written
        cocreation.guards_install()
    return rows


def _kept(dumped: Path) -> Iterator[Path]:
    """Backups of earlier versions hold passing tables too."""
    for file in sorted(dumped.glob("*.copy")):
        if not seeded(file.name.split(".")[1]):
            yield file


def _copy_in(cursor: Any, file: Path) -> int:
    from django.db import connection

    table = connection.ops.quote_name(file.name.split(".")[1])
    with file.open("rb") as rows:
        names = rows.readline().decode().rstrip("\n").split("\t")
        columns = ", ".join(map(connection.ops.quote_name, names))
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # what a migration put there of itself
        with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            while chunk := rows.read(1 << 20):
                copy.write(chunk)
    return int(cursor.cursor.rowcount)
