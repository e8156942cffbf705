"""`estime restore`: make an installation from a backup."""

import shutil
from pathlib import Path
from typing import Any

import typer

from estime.cli.output import say
from estime.kernel.home import home


def restore(file: Path = typer.Argument(..., exists=True, dir_okay=False, help="A file that `estime backup` wrote.")) -> None:
    """Make an installation from a backup, in an ESTIME_HOME (and a database) that hold nothing yet.

    Older backups are brought up to date. Figures are computed again with the next `estime refresh`.

    Example: `ESTIME_HOME=~/estime-new estime restore estime-2026-05-01.tar.gz`
    """
    from estime.cli.archive_file import opened

    _check_nothing_there()
    with opened(file.absolute()) as (folder, manifest):
        _restore(folder, manifest)
    say(f"{file.name} is restored in {home()}.")
    say("Next: estime refresh, estime doctor.")


def _check_nothing_there() -> None:
    from estime.cli.archive_file import NotEmpty

    folder = home()
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(
            f"{folder} is not empty, and a restore never overwrites.",
            todo="Set ESTIME_HOME to a new folder, or move this one away.",
        )


def _restore(folder: Path, manifest: dict[str, Any]) -> None:
    """Files first, the database last: only with it is there an installation."""
    target = home()
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        for name in ("secret", "estime.toml", "rejects"):
            if (folder / name).exists():
                shutil.move(folder / name, target / name)
        (target / "secret").chmod(0o600)
        _restore_database(folder / "database", manifest)
    except BaseException:
        shutil.rmtree(target)
        raise


def _restore_database(dump: Path, manifest: dict[str, Any]) -> None:
    from estime.cli.archive_file import BadBackup
    from estime.cli.installation import setup_django

    setup_django()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != manifest["database"]:
        raise BadBackup(
            f"The backup is of a {manifest['database']} database, this installation uses {connection.vendor}.",
            todo="Set ESTIME_DATABASE_URL to the same kind; to change kinds, use estime export and estime import.",
        )
    if connection.vendor == "sqlite":
        shutil.move(dump / "estime.sqlite3", connection.settings_dict["NAME"])
    else:
        _restore_postgresql(dump, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    from estime.engagement import api as engagement

    engagement.forget_lake()


def _restore_postgresql(dump: Path, manifest: dict[str, Any]) -> None:
    """Make the schema as it was, fill it in one transaction, set the sequences."""
    from django.apps import apps
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from estime.cli.archive_file import NotEmpty, tables

    if "ledger_act" in connection.introspection.table_names():
        raise NotEmpty("The database holds an installation already.", todo="Name an empty database in ESTIME_DATABASE_URL.")
    for app, name in dict(manifest["migrations"]).items():  # the last of each app: the names are in order
        call_command("migrate", app, name, interactive=False, verbosity=0)
    columns = dict(tables())
    with transaction.atomic(), connection.cursor() as cursor:
        for file in sorted(dump.glob("*.copy")):
            table = file.name.split(".")[1]
            with (
                file.open("rb") as rows,
                cursor.cursor.copy(f"COPY {table} ({columns[table]}) FROM STDIN") as copy,  # type: ignore[attr-defined]
            ):
                while chunk := rows.read(1 << 20):
                    copy.write(chunk)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def register(app: typer.Typer) -> None:
    app.command("restore")(restore)
