"""Protects "append only": every way of changing what was told is attacked, with the database's own client."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from ledger.acts import START, act, rows

from estime.ledger import api
from estime.ledger.drafts import ObservationDraft
from estime.ledger.guards import guard_names, install_guards, missing_guards

SQLITE_ONLY = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
POSTGRESQL_ONLY = pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
TABLES = ("ledger_act", "ledger_account", "ledger_observation", "ledger_channel")


@pytest.fixture
def filled(installed: Path) -> Path:
    api.append("forum", rows(act(1), act(2)))
    api.observe("forum", [(1, ObservationDraft("o1", "likes", 3.0, START))])
    return installed


def snapshot() -> list[list[tuple[object, ...]]]:
    with connection.cursor() as cursor:
        told = []
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            told.append(cursor.fetchall())
        return told


ATTACKS = [
    "UPDATE ledger_channel SET name = 'other'",
    "UPDATE ledger_channel SET id = id + 1",
    "UPDATE ledger_act SET content = 'other'",
    "UPDATE ledger_act SET published = recorded",
    "UPDATE ledger_act SET source_id = 'x' WHERE source_id = 'a1'",
    "UPDATE ledger_act SET source_id = 'erased:short' WHERE source_id = 'a1'",
    "UPDATE ledger_act SET actor_id = (SELECT max(\"key\") FROM ledger_account) WHERE source_id = 'a1'",
    "UPDATE ledger_act SET value = 9",
    "UPDATE ledger_act SET content = NULL, type = 'Like'",
    "UPDATE ledger_act SET content = NULL",
    f"UPDATE ledger_act SET source_id = 'erased:{'0' * 64}' WHERE source_id = 'a1'",
    "UPDATE ledger_account SET handle = 'other'",
    'UPDATE ledger_account SET "key" = "key" - 1, handle = NULL',
    "UPDATE ledger_observation SET value = 0",
    *(f"DELETE FROM {table}" for table in TABLES),
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_database_refuses(filled: Path, statement: str) -> None:
    before = snapshot()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        # Two accounts, so that an attack on the key has another one to name.
        cursor.execute(statement)
        if "actor_id" in statement:
            cursor.execute("SELECT count(DISTINCT actor_id) FROM ledger_act")
            raise DatabaseError if cursor.fetchone()[0] == 2 else AssertionError
    assert snapshot() == before


@pytest.mark.parametrize("table", TABLES)
def test_truncate_and_flush_are_refused(filled: Path, table: str) -> None:
    before = snapshot()
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
    from django.core.management.base import CommandError

    with pytest.raises((DatabaseError, CommandError)):
        call_command("flush", interactive=False, verbosity=0)
    assert snapshot() == before


@SQLITE_ONLY  # REPLACE exists nowhere else
@pytest.mark.parametrize("recursive", [False, True])
@pytest.mark.parametrize("same", ["seq", "id", "source_id"])
def test_replace_changes_nothing(filled: Path, same: str, recursive: bool) -> None:
    before = snapshot()
    connection.close()
    with closing(sqlite3.connect(filled / "estime.sqlite3")) as link:
        link.execute(f"PRAGMA recursive_triggers = {int(recursive)}")
        names = [row[1] for row in link.execute("PRAGMA table_info(ledger_act)")]
        changed = {"seq": 999, "id": "f" * 32, "source_id": "fresh", "content": "other"}
        del changed[same]
        picked = ", ".join(f"'{changed[name]}'" if name in changed else name for name in names)
        try:
            link.execute(
                f"INSERT OR REPLACE INTO ledger_act SELECT {picked} FROM ledger_act WHERE source_id = 'a1'"
            )
            link.commit()
        except sqlite3.IntegrityError as error:
            assert "REPLACE refused" in str(error)
    assert snapshot() == before


@SQLITE_ONLY
@pytest.mark.parametrize("table", ["ledger_account", "ledger_observation", "ledger_channel"])
def test_replace_of_accounts_and_totals_changes_nothing(filled: Path, table: str) -> None:
    before = snapshot()
    connection.close()
    changed = {
        "ledger_account": ("handle", "'x'"),
        "ledger_observation": ("value", "0"),
        "ledger_channel": ("title", "'x'"),
    }[table]
    with closing(sqlite3.connect(filled / "estime.sqlite3")) as link:
        names = [row[1] for row in link.execute(f"PRAGMA table_info({table})")]
        picked = ", ".join(changed[1] if name == changed[0] else f'"{name}"' for name in names)
        try:
            link.execute(f"INSERT OR REPLACE INTO {table} SELECT {picked} FROM {table}")
            link.commit()
        except sqlite3.IntegrityError as error:
            assert "REPLACE refused" in str(error)
    assert snapshot() == before


def test_every_guard_is_listed(installed: Path) -> None:
    assert missing_guards() == set()
    assert len(guard_names(connection.vendor)) == 12


def test_guards_come_back_after_a_migration_that_dropped_them(filled: Path) -> None:
    name = "ledger_act_no_update"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER {name}" + (" ON ledger_act" if connection.vendor == "postgresql" else "")
        )
    assert missing_guards() == {name}
    call_command("migrate", interactive=False, verbosity=0)
    assert missing_guards() == set()


def test_installing_twice_is_installing_once(filled: Path) -> None:
    install_guards()
    install_guards()
    assert missing_guards() == set()


@POSTGRESQL_ONLY
def test_an_act_cannot_be_hidden_from_readers(filled: Path) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_act SET xid = '1'::xid8")


@POSTGRESQL_ONLY
def test_replication_role_does_not_open_the_guards(filled: Path) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM ledger_act")
