"""Bringing the database up to date: each step told, and checked before it is kept.

On SQLite Django reads every reference of the whole database after every migration: with ten million acts half a
minute each time, whatever was touched. The database itself tells what a migration touches (its authorizer is asked for
every statement), so only that is read, and what points at it; before the migration is kept, so that one that would
leave a reference to nothing is undone.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor

from estime.cli.installation import pending_migrations

Tell = Callable[[str, int, int], None]
"""Called with the name of a migration that begins, which one it is, and of how many."""

FILLS: Final = frozenset((sqlite3.SQLITE_INSERT, sqlite3.SQLITE_CREATE_TABLE))
TAKES: Final = frozenset((sqlite3.SQLITE_DELETE, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DROP_TABLE))


class CheckedEditor(DatabaseSchemaEditor):
    """Checks the references of what was touched, and undoes what would break one."""

    def __enter__(self) -> "CheckedEditor":
        super().__enter__()
        self._changed: set[str] = set()
        self._taken: set[str] = set()
        self._before = _tables()
        self.connection.connection.set_authorizer(self._notice)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        broken: BaseException | None = None
        try:
            self.connection.connection.set_authorizer(None)
            if error is None:
                try:
                    self.connection.check_constraints(table_names=self._doubtful())
                except Exception as found:
                    broken, error = found, found
                    kind, trace = type(found), found.__traceback__
            BaseDatabaseSchemaEditor.__exit__(self, kind, error, trace)
        finally:
            self.connection.enable_constraint_checking()
        if broken is not None:
            raise broken

    def _notice(self, action: int, first: str | None, second: str | None, *_: Any) -> int:
        if action in FILLS and first:
            self._changed.add(first.lower())
        elif action in TAKES and first:
            self._changed.add(first.lower())
            self._taken.add(first.lower())
        elif action == sqlite3.SQLITE_ALTER_TABLE and second:
            self._changed.add(second.lower())
        return sqlite3.SQLITE_OK

    def _doubtful(self) -> list[str]:
        """Tables in which a reference may have broken: those that were touched, and those that point at rows taken."""
        there = _tables()
        gone = self._before - there  # dropped, or called otherwise now
        changed, taken = self._changed | (there - self._before), self._taken | gone
        return sorted(name for name in there if name in changed or _points_at(name) & taken)


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'"
        )
        return {name for (name,) in cursor.fetchall()}


def _points_at(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA foreign_key_list({connection.ops.quote_name(table)})")
        return {row[2].lower() for row in cursor.fetchall()}


class _Told(Command):
    """Django's command, which tells us instead of writing to the terminal."""

    def __init__(self, tell: Tell, total: int) -> None:
        super().__init__()
        self._tell, self._total, self._number = tell, total, 0

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            self._number += 1
            self._tell(f"{migration.app_label}.{migration.name}", self._number, self._total)


def migrate(tell: Tell = lambda name, number, total: None) -> int:
    """Apply every migration that is missing, each in a transaction, and put the ledger's guards in place again.

    Returns how many there were. One that is stopped on the way is undone; the same again goes on with it.
    """
    pending = len(pending_migrations())
    if connection.vendor == "sqlite":
        connection.SchemaEditorClass = CheckedEditor
    try:
        call_command(_Told(tell, pending), interactive=False, verbosity=0)
    finally:
        vars(connection).pop("SchemaEditorClass", None)
    return pending
