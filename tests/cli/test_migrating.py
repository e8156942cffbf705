"""Migrations on SQLite look at the references of what they touch, and not at every act after every step."""

import pytest
from django.db import IntegrityError, connection, models
from django.db.migrations.recorder import MigrationRecorder

from estime.channels.models import Import
from estime.cli.migrating import CheckedEditor, migrate
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.ledger.models import Account, Channel

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@pytest.fixture
def asked(monkeypatch):
    """Every reading of references, by table; "" is all of them."""
    seen: list[str] = []

    def notice(execute, sql, params, many, context):
        if "foreign_key_check" in sql:
            seen.append(sql.partition("(")[2].rstrip(")").strip('"'))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(notice):
        yield seen


def enforced() -> bool:
    with connection.cursor() as cursor:
        return bool(cursor.execute("PRAGMA foreign_keys").fetchone()[0])


@only_sqlite
def test_a_migration_reads_no_act_unless_it_touches_some(installed, asked):
    added = models.CharField(max_length=3, default="")
    added.set_attributes_from_name("added")
    with CheckedEditor(connection) as editor:
        editor.add_field(Import, added)
    assert "channels_import" in asked
    assert not {"", "ledger_act", "ledger_account"} & set(asked)
    assert enforced()


@only_sqlite
def test_whatever_points_at_what_was_made_anew_is_read_too(installed, asked):
    with CheckedEditor(connection) as editor:
        editor._remake_table(Account)
    assert set(asked) >= {"ledger_account", "ledger_act"}
    assert "" not in asked


def loses_a_channel(editor):
    editor.execute("DROP TRIGGER IF EXISTS ledger_channel_no_delete")
    editor.execute("DELETE FROM ledger_channel")


def points_at_nothing(editor):
    editor.execute("INSERT INTO ledger_account (key, channel_id, recorded) VALUES (2, 77, '2026-01-01')")


@only_sqlite
@pytest.mark.parametrize("harm", [loses_a_channel, points_at_nothing])
def test_a_migration_that_breaks_a_reference_is_undone(installed, harm):
    Account.objects.create(key=1, channel=ledger.channel_ensure("forum"), recorded=clock.now())
    with pytest.raises(IntegrityError), CheckedEditor(connection) as editor:
        harm(editor)
    assert (Channel.objects.count(), Account.objects.count()) == (1, 1)
    assert enforced()
    assert not connection.in_atomic_block


@only_sqlite
def test_it_tells_each_step_and_checks_as_it_goes(installed, asked, monkeypatch):
    from django.core.management import call_command

    call_command("migrate", "readouts", "0001_initial", verbosity=0)
    asked.clear()
    told: list[tuple[str, int, int]] = []
    assert migrate(lambda *step: told.append(step)) == 3
    names = ("readouts.0002_pictures", "cocreation.0001_initial", "readouts.0003_pictures_when_wanted")
    assert told == [(name, number, 3) for number, name in enumerate(names, 1)]
    assert "" not in asked
    assert "ledger_act" not in asked
    assert ("readouts", "0002_pictures") in MigrationRecorder(connection).applied_migrations()
    assert ledger.missing_guards() == set()
    assert migrate() == 0
