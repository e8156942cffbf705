"""What tests outside of fixtures need too: the command in a process of its own, and the test server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import warmed

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTIME_SHARED", ROOT.parent / "shared"))
PATIENCE = 300
"""Seconds after which a command that does not end is ended."""
REQUIRE_ALL = os.environ.get("ESTIME_REQUIRE_ALL") == "1"


def _server_of_this_worker() -> str:
    """Of several servers, each worker of pytest-xdist has one: beside each other, their tests need not wait."""
    servers = os.environ.get("ESTIME_TEST_POSTGRESQL", "").split()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return servers[int(worker) % len(servers)] if servers else ""


POSTGRESQL = _server_of_this_worker()  # e.g. postgresql://user@/postgres?host=/var/run/postgresql


def need(there: bool, what: str) -> None:
    """Skip a test that lacks something, saying what to install; where nothing may be skipped, fail instead."""
    if there:
        return
    if REQUIRE_ALL:
        pytest.fail(f"ESTIME_REQUIRE_ALL is set, and this is missing: {what}")
    pytest.skip(what)


def database_url(name: str) -> str:
    """The URL of a database on the test server."""
    head, _, options = POSTGRESQL.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


def server(statement: str) -> None:
    """Run a statement on the PostgreSQL server given for tests."""
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as link:
        link.execute(statement)


def server_copy(name: str, template: str) -> None:
    """A database with all that is in another one, copied file by file where the server can: three times as fast."""
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as link:
        quick = " STRATEGY FILE_COPY" if link.info.server_version >= 150_000 else ""
        link.execute(f"CREATE DATABASE {name} TEMPLATE {template}{quick}")


def run_estime(
    *words: str,
    home: Path,
    database: str | None = None,
    code: int | None = 0,
    cold: bool = False,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; fails unless it ends with `code` (None: however it ends).

    It is forked from one that has imported the libraries (warm.py); `cold` ones start as people start them.
    """
    env = {**os.environ, "ESTIME_HOME": str(home), **environment}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # without compiled modules each process starts 4 s later
    if database is not None:
        env.pop("ESTIME_DATABASE_URL", None)
        if database:
            env["ESTIME_DATABASE_URL"] = database
    one = None if cold else warmed.warm(env)
    done = warmed.run(one, words, env, PATIENCE) if one else _started(words, env)
    if code is not None:
        assert done.returncode == code, (
            f"estime {words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done


def usual_signals() -> None:
    """For `preexec_fn`: a shell that runs the tests in the background has all below it ignore Ctrl-C and hanging up."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)


def _started(words: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "estime", *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
