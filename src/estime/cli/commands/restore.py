"""`estime restore`: make an installation from a backup."""

import shutil
from pathlib import Path
from typing import Any

import typer

from estime.cli.archive_file import BadBackup, NotEmpty, opened, tables
from estime.cli.output import say
from estime.kernel.home import home


def restore(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="A file that `estime backup` wrote."),
) -> None:
    """Make an installation from a backup, in an ESTIME_HOME (and a database) that hold nothing yet.

    Older backups are brought up to date. Figures are computed again with the next `estime refresh`.

    Example: `ESTIME_HOME=~/estime-new estime restore estime-2026-05-01.tar.gz`
    """
    _check_nothing_there()
    with opened(file.absolute()) as (folder, manifest):
        _restore(folder, manifest)
    say(f"{file.name} is restored in {home()}.")
    say("Next: estime refresh, estime doctor.")


def _check_nothing_there() -> None:
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
        _restore_database(folder / "database", manifest)
    except BaseException:
        for left in target.iterdir():  # the folder itself may be a mount
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise


def _restore_database(dump: Path, manifest: dict[str, Any]) -> None:
    from estime.cli.installation import pending_migrations, setup_django

    setup_django()
    _check_fits(manifest)
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        shutil.move(dump / "estime.sqlite3", connection.settings_dict["NAME"])
    else:
        pending_migrations()  # says so if the server cannot be reached
        _restore_postgresql(dump, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    _set_sequences()
    from estime.engagement import api as engagement

    engagement.forget_lake()


def _check_fits(manifest: dict[str, Any]) -> None:
    """Raises `BadBackup` if the backup is of the other kind of database, or of a newer version."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    if connection.vendor != manifest["database"]:
        raise BadBackup(
            f"The backup is of {manifest['database']}, this installation uses {connection.vendor}.",
            todo="Set ESTIME_DATABASE_URL to the same kind; `estime export` and `import` change kinds.",
        )
    known = MigrationLoader(None).graph.nodes
    if any(tuple(key) not in known for key in manifest["migrations"]):
        raise BadBackup(
            f"The backup was made by a newer version of Estime ({manifest['estime']}).",
            todo="Install that version, or a newer one.",
        )


def _restore_postgresql(dump: Path, manifest: dict[str, Any]) -> None:
    """Make the schema as it was, and fill it in one transaction."""
    from django.core.management import call_command
    from django.db import connection, transaction

    _check_empty_database()
    for app, name in dict(manifest["migrations"]).items():  # the last of each app: the names are in order
        call_command("migrate", app, name, interactive=False, verbosity=0)
    with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
        for file in sorted(dump.glob("*.copy")):
            table = connection.ops.quote_name(file.name.split(".")[1])
            with file.open("rb") as rows:
                names = rows.readline().decode().rstrip("\n").split("\t")
                columns = ", ".join(map(connection.ops.quote_name, names))
                with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    while chunk := rows.read(1 << 20):
                        copy.write(chunk)


def _check_empty_database() -> None:
    """A schema without rows will do: it is what a restore that was stopped leaves."""
    from django.db import connection

    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in there.intersection(tables()):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})")  # noqa: S608
            if cursor.fetchone()[0]:
                raise NotEmpty(
                    "The database holds an installation already.",
                    todo="Name an empty database in ESTIME_DATABASE_URL.",
                )


def _set_sequences() -> None:
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def register(app: typer.Typer) -> None:
    app.command("restore")(restore)
