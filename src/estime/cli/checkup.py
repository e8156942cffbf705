"""The doctor's examinations. Each looks at one thing, changes nothing, and says what to do if it is wrong."""

from collections.abc import Callable, Iterator

from estime.cli import checkup_machine as machine
from estime.cli.failures import explained
from estime.cli.findings import Finding, fine, problem
from estime.kernel.configuration import configuration

Look = Callable[[], Finding]


def examine(*, thorough: bool = False) -> Iterator[Finding]:
    """Every examination in order; those that need a database end where there is none."""
    for look in machine.LOOKS:
        yield _guarded(look)
    database = _guarded(_database)
    yield database
    if not database.ok:
        return
    from estime.cli import checkup_database, checkup_work

    yield from map(_guarded, checkup_database.looks(thorough))
    yield from map(_guarded, checkup_work.LOOKS)
    yield from _guarded_all(_production)


def _guarded(look: Look) -> Finding:
    try:
        return look()
    except Exception as error:
        told = explained(error)
        return problem(look.__name__.strip("_").replace("_", " "), told.message, told.todo)


def _guarded_all(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:
        told = explained(error)
        yield problem(look.__name__.strip("_"), told.message, told.todo)


def _database() -> Finding:
    from estime.cli.installation import pending_migrations, setup_django

    setup_django()
    pending = pending_migrations()
    from django.db import connection

    if pending:
        return problem("database", f"{len(pending)} migrations are not applied", "Run `estime init`.")
    return fine("database", f"{connection.vendor}, up to date")


SEEN_ELSEWHERE = {"folder", "secret", "guards", "administrator", "mail"}
"""Reasons against production that an examination of their own tells already."""


def _production() -> Iterator[Finding]:
    from estime.cli.installation import safety

    if configuration().site.mode != "production":
        return
    found = [reason for reason in safety().reasons() if reason.code not in SEEN_ELSEWHERE]
    if not found:
        yield fine("production", "nothing stands against it")
    for reason in found:
        yield problem("production", reason.what, reason.todo)
