"""Whether this process lives, and whether it can do its work: for whatever starts, restarts and balances it."""

import time
from functools import cache
from threading import Lock
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.ledger import api as ledger
from estime.people import api as people
from estime.web.access import open_to_all

KEPT: Final = 3.0
"""Seconds for which an answer about readiness stands: probes may be many, the questions behind them are not."""

_ASKING = Lock()
_LAST: dict[str, tuple[float, list[str]]] = {}


@open_to_all
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a database that is away is no reason to restart it."""
    return _plain(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


@open_to_all
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here: 200, or 503 with the codes of what is wrong. `estime doctor` says more."""
    found = problems()
    return _plain(JsonResponse({"ready": not found, "problems": found}, status=503 if found else 200))


def _plain(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def problems() -> list[str]:
    """Codes of what stands against serving, looked for every few seconds at most, by one thread."""
    at, found = _LAST.get("", (float("-inf"), []))
    if time.monotonic() - at < KEPT:
        return found
    if not _ASKING.acquire(blocking=not _LAST):
        return found
    try:
        found = _look()
        _LAST[""] = (time.monotonic(), found)
    finally:
        _ASKING.release()
    return found


def forget() -> None:
    """Look again at the next question."""
    _LAST.clear()


def _look() -> list[str]:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        if applied != _wanted():
            return ["not-up-to-date"]
        missing = ledger.missing_guards() or people.guards_missing() or cocreation.guards_missing()
        return ["guards-missing"] if missing else []
    except DatabaseError:
        connection.close()
        return ["no-database"]


@cache
def _wanted() -> set[tuple[str, str]]:
    """Every migration of this version."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.disk_migrations is not None  # noqa: S101  # it has just read them
    return set(loader.disk_migrations)
