"""What every command needs first: Django set up, on an installation that is there and up to date."""

import os

from estime.kernel.errors import EstimeError
from estime.kernel.home import secret


class NotUpToDate(EstimeError):
    """The database was made by an older version of Estime, or was never made."""

    code = "not-up-to-date"


class NoDatabase(EstimeError):
    """The database cannot be reached."""

    code = "no-database"


def setup_django() -> None:
    """Load Django with Estime's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    django.setup()


def open_installation() -> None:
    """Set Django up and make sure that there is an installation to work on.

    Raises `NoHome`, `NoDatabase` or `NotUpToDate`, each saying what to run.
    """
    secret()
    setup_django()
    if pending_migrations():
        raise NotUpToDate(
            "The database does not fit this version of Estime.",
            todo="Run `estime backup` if it holds anything, then `estime init`: it brings the database up to date.",
        )


def pending_migrations() -> list[str]:
    """Names of migrations that are not applied yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise NoDatabase(
            f"The database cannot be reached: {str(error).splitlines()[0]}.",
            todo="Check ESTIME_DATABASE_URL, and that the server runs.",
        ) from error
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
