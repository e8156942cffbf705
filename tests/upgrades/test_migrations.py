"""Migrations say everything that models say, and leave every guard of the ledger in place."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from estime.ledger import api as ledger


@pytest.mark.django_db
def test_no_model_differs_from_its_migrations():
    """Fails with the changes that `makemigrations` would write."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_every_guard_is_there_after_migrating(installed):
    assert ledger.missing_guards() == set()
    drop = "DROP TRIGGER ledger_act_no_update" + (
        " ON ledger_act" if connection.vendor == "postgresql" else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(drop)
    assert ledger.missing_guards() == {"ledger_act_no_update"}
    call_command("migrate", interactive=False, verbosity=0)  # nothing to migrate, and still
    assert ledger.missing_guards() == set()


def test_every_table_is_one_that_a_backup_knows(installed):
    """A table that no model names, and whose name does not begin with its part's, would be left out of backups."""
    from estime.cli.archive_database import MADE_ANEW, PASSING, _is_ours, tables

    known = {*tables(), *PASSING, *MADE_ANEW}
    there = {name for name in connection.introspection.table_names() if not name.startswith("sqlite_")}
    assert [name for name in sorted(there - known) if not _is_ours(name)] == []
    assert apps.get_model("people", "User")._meta.db_table in tables()


@pytest.mark.parametrize("app", ["people", "ledger", "channels", "engagement", "readouts"])
def test_migrations_are_numbered_in_one_row(app):
    """A restore goes to the last migration of each part by its name: names must sort as they run."""
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    names = sorted(name for label, name in graph.nodes if label == app)
    assert len(graph.leaf_nodes(app)) == 1
    assert graph.leaf_nodes(app)[0][1] == names[-1]
