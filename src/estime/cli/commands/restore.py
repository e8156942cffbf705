"""`estime restore`: make an installation from a backup."""

import shutil
from pathlib import Path
from typing import Any

import typer

from estime.cli.archive_database import PASSING, fill_postgresql, seeded, sqlite_rows, tables
from estime.cli.archive_file import FILES, FOLDERS, BadBackup, NotEmpty, check_backup, opened
from estime.cli.installation import HALF
from estime.cli.output import say, steps
from estime.kernel.home import home

LEDGER = ("ledger_channel", "ledger_account", "ledger_act", "ledger_observation")
STEPS = {"read": "Reading the backup…", "fill": "Filling the installation…"}


def restore(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="A file that `estime backup` wrote."),
    check: bool = typer.Option(
        False, "--check", help="Only read the file from end to end, and say if it is whole."
    ),
    revoke_tokens: bool = typer.Option(
        False, "--revoke-tokens", help="Access tokens of the REST API do not hold any more."
    ),
) -> None:
    """Make an installation from a backup, in an ESTIME_HOME (and a database) that hold nothing yet.

    Older backups are brought up to date. Nobody is signed in afterwards, and open invitations have ended. Figures
    are computed again with the next `estime refresh`.

    Example: `ESTIME_HOME=~/estime-new estime restore estime-2026-05-01.tar.gz`
    """
    if check:
        with steps(STEPS) as tell:
            tell("read")
            manifest = check_backup(file.absolute())
        acts = manifest.get("rows", {}).get("ledger_act")
        say(f"{file.name} is whole: made {manifest['made'][:19]} UTC on {manifest['database']}" + (
            f", {acts:,} acts." if acts is not None else "."
        ))  # fmt: skip
        return
    _check_nothing_there()
    with steps(STEPS) as tell:
        tell("read")
        with opened(file.absolute()) as (folder, manifest):
            tell("fill")
            _restore(folder, manifest, revoke_tokens)
    say(f"{file.name} is restored in {home()}.")
    say("Next: estime refresh, estime doctor.")


def _check_nothing_there() -> None:
    folder = home()
    if (folder / HALF).exists():  # what a restore that was killed left is no installation
        _empty(folder)
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(
            f"{folder} is not empty, and a restore never overwrites.",
            todo="Set ESTIME_HOME to a new folder, or move this one away.",
        )


def _restore(folder: Path, manifest: dict[str, Any], revoke_tokens: bool) -> None:
    """Files first, the database last: only with it is there an installation."""
    target = home()
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    (target / HALF).touch(mode=0o600)
    try:
        for name in (*FILES, *FOLDERS):
            if (folder / name).exists():
                shutil.move(folder / name, target / name)
                (target / name).chmod(0o700 if name in FOLDERS else 0o600)
        _restore_database(folder / "database", manifest, revoke_tokens)
    except BaseException:
        _empty(target)
        raise
    (target / HALF).unlink()


def _empty(target: Path) -> None:
    """The folder itself may be a mount. What says that it is half restored goes last."""
    for left in sorted(target.iterdir(), key=lambda path: path.name == HALF):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _restore_database(dump: Path, manifest: dict[str, Any], revoke_tokens: bool) -> None:
    from estime.cli.installation import pending_migrations, setup_django

    setup_django()
    _check_fits(manifest)
    from django.db import connection

    from estime.cli.migrating import migrate

    if connection.vendor == "sqlite":
        rows = sqlite_rows(dump / "estime.sqlite3")
        _check_rows(rows, manifest)
        database = Path(connection.settings_dict["NAME"])
        shutil.move(dump / "estime.sqlite3", database)
        database.chmod(0o600)
    else:
        pending_migrations()  # says so if the server cannot be reached
        rows = _restore_postgresql(dump, manifest)
    migrate(lambda name, number, total: say(f"Bringing it up to date, {number} of {total}: {name}"))
    _set_sequences()
    _check_ledger(rows)
    _end_what_passed(revoke_tokens)
    from estime.engagement import api as engagement
    from estime.ledger import api as ledger

    engagement.forget_lake()
    ledger.index_forget()


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


def _check_rows(rows: dict[str, int], manifest: dict[str, Any]) -> None:
    """Raises `BadBackup` unless every table has the rows that it had; old backups do not tell."""
    told = manifest.get("rows", {})
    if any(rows.get(table) != count for table, count in told.items()):
        raise BadBackup("The backup does not hold every row that it names.", todo="Take another backup.")


def _restore_postgresql(dump: Path, manifest: dict[str, Any]) -> dict[str, int]:
    """Make the schema as it was, and fill it in one transaction."""
    from django.core.management import call_command

    _check_empty_database()
    for app, name in dict(manifest["migrations"]).items():  # the last of each app: the names are in order
        call_command("migrate", app, name, interactive=False, verbosity=0)
    rows = fill_postgresql(dump)
    _check_rows(rows, manifest)
    return rows


def _check_empty_database() -> None:
    """A schema without rows will do: it is what a restore that was stopped leaves."""
    from django.db import connection

    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in (name for name in there.intersection(tables()) if not seeded(name)):
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


def _check_ledger(rows: dict[str, int]) -> None:
    """Whatever migrations did on the way, no act was lost or added."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in LEDGER:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            if cursor.fetchone()[0] != rows.get(table, 0):
                raise BadBackup(
                    f"{table} has other rows than the backup.", todo="Report it: nothing was restored."
                )


def _end_what_passed(revoke_tokens: bool) -> None:
    """Sessions and one-time links of before must not hold again, whatever has become of them since."""
    from django.db import connection

    from estime.kernel.clock import now
    from estime.people.models import AccessToken, Invitation

    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in there.intersection(PASSING):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
    open_ones = Invitation.objects.filter(accepted=None, revoked=None).update(revoked=now())
    if open_ones:
        say(f"{open_ones} open invitations have ended: invite again.")
    holding = AccessToken.objects.filter(revoked=None)
    if revoke_tokens:
        say(f"{holding.update(revoked=now())} access tokens were revoked.")
    elif holding.exists():
        say(
            f"{holding.count()} access tokens hold again as they did then, even if revoked since (--revoke-tokens)."
        )


def register(app: typer.Typer) -> None:
    app.command("restore")(restore)
