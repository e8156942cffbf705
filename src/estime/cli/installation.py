"""What every command needs first: Django set up, on an installation that is there and up to date."""

import os
from ipaddress import ip_address
from typing import Any

from estime.cli.failures import first_line
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.kernel.home import home, secret


class NotUpToDate(EstimeError):
    """The database was made by another version of Estime, or was never made."""

    code = "not-up-to-date"


class NoDatabase(EstimeError):
    """The database cannot be reached."""

    code = "no-database"


class LocalOnly(EstimeError):
    """Only production may be reached from other machines."""

    code = "local-only"


class HalfRestored(EstimeError):
    """A restore was killed on the way."""

    code = "half-restored"


HALF = "half-restored"
"""In ESTIME_HOME as long as a restore is not complete."""


def setup_django() -> None:
    """Load Django with Estime's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    django.setup()


def open_installation(*, any_version: bool = False) -> None:
    """Set Django up, and make sure that there is an installation, up to date unless `any_version` will do.

    Raises `NoHome`, `HalfRestored`, `NoDatabase` or `NotUpToDate`, each saying what to run.
    """
    check_whole()
    secret()
    setup_django()
    if pending_migrations() and not any_version:
        raise NotUpToDate(
            "The database does not fit this version of Estime.",
            todo="Run `estime backup` if it holds anything, then `estime init` to bring it up to date.",
        )


def check_whole() -> None:
    """Raises `HalfRestored` where a restore was killed: sessions, invitations and migrations may be in any state."""
    if (home() / HALF).exists():
        raise HalfRestored(
            f"A restore into {home()} was stopped on the way.",
            todo="Run `estime restore` again (with PostgreSQL into an empty database).",
        )


def pending_migrations() -> list[str]:
    """Migrations not applied yet. Raises `NoDatabase`, or `NotUpToDate` if the database is the newer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise NoDatabase(
            f"The database cannot be reached: {first_line(error)}.",
            todo="Check ESTIME_DATABASE_URL, and that the server runs.",
        ) from error
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    if unknown:
        raise NotUpToDate(
            "The database was made by a newer version of Estime.",
            todo="Install that version, or a newer one.",
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def ever_migrated() -> bool:
    """Whether the database was an installation's before. Raises `NoDatabase`, or `NotUpToDate` if it is the newer."""
    pending_migrations()
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return bool(MigrationRecorder(connection).applied_migrations())


def check_may_serve(host: str) -> None:
    """Raises where serving on this address would be unsafe: in production with every reason at once.

    Elsewhere whoever reaches the port would meet an installation that nobody made safe, so only this machine may.
    """
    mode = configuration().site.mode
    if mode == "production":
        safety().check_production()
    elif not is_loopback(host):
        raise LocalOnly(
            f"In {mode} mode Estime listens on this machine only, not on {host}.",
            todo='Leave --host out; for everybody, set site.mode = "production" (docs/running.md).',
        )


def safety() -> Any:
    """The rules of production (config/production.py), reached through the settings: config is above us."""
    from importlib import import_module

    from django.conf import settings

    return import_module(settings.ESTIME_SAFETY)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
