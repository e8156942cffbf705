"""Fixtures that every test may use.

The ledger refuses TRUNCATE and DELETE, so tests that commit do not flush: each gets an installation of its own,
copied from a migrated template (a file on SQLite, a template database on PostgreSQL).
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTIME_SHARED", ROOT.parent / "shared"))
REQUIRE_ALL = os.environ.get("ESTIME_REQUIRE_ALL") == "1"
POSTGRESQL = os.environ.get("ESTIME_TEST_POSTGRESQL", "")  # e.g. postgresql://user@/postgres?host=/var/run/postgresql


def need(there: bool, what: str) -> None:
    """Skip a test that lacks something, saying what to install; where nothing may be skipped, fail instead."""
    if there:
        return
    if REQUIRE_ALL:
        pytest.fail(f"ESTIME_REQUIRE_ALL is set, and this is missing: {what}")
    pytest.skip(what)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test ever sees the installation of whoever runs it."""
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, made by the command itself."""
    home = tmp_path_factory.mktemp("template") / "home"
    run_estime("init", home=home, database="")
    database = home / "estime.sqlite3"
    with closing(sqlite3.connect(database)) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated template database on the PostgreSQL server given for tests."""
    need(bool(POSTGRESQL), "PostgreSQL tests need a server: set ESTIME_TEST_POSTGRESQL (see CONTRIBUTING.md)")
    name = f"estime_t_{secrets.token_hex(6)}"
    _server(f"CREATE DATABASE {name}")
    run_estime("init", home=tmp_path_factory.mktemp("pg") / "home", database=database_url(name))
    yield name
    _server(f"DROP DATABASE {name} WITH (FORCE)")


def database_url(name: str) -> str:
    """The URL of a database on the test server."""
    head, _, options = POSTGRESQL.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


def _server(statement: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as link:
        link.execute(statement)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: object
) -> Iterator[Path]:
    """An installation that may really commit, on each database in turn; yields its ESTIME_HOME."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "secret").write_text("5e" * 32)
    (home / "secret").chmod(0o600)
    monkeypatch.setattr(settings, "ESTIME_LAKE_URL", str(home / "lake"))
    name = ""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "estime.sqlite3")
        monkeypatch.delenv("ESTIME_DATABASE_URL", raising=False)
    else:
        template = request.getfixturevalue("postgresql_template")
        name = f"estime_t_{secrets.token_hex(6)}"
        _server(f"CREATE DATABASE {name} TEMPLATE {template}")
        monkeypatch.setenv("ESTIME_DATABASE_URL", database_url(name))
    with django_db_blocker.unblock(), _connected_to(home, name):  # type: ignore[attr-defined]
        yield home
    if name:
        _server(f"DROP DATABASE {name} WITH (FORCE)")


class _connected_to:  # noqa: N801
    """Point Django's connection at another database for a while."""

    def __init__(self, home: Path, name: str) -> None:
        import dj_database_url

        self._home, self._name = home, name
        self._wanted = (
            {**dj_database_url.parse(database_url(name)), "CONN_MAX_AGE": 0}
            if name
            else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "estime.sqlite3")}
        )

    def __enter__(self) -> None:
        from django.db import connections

        connections["default"].close()
        self._before = connections.settings["default"]
        fresh = {**self._before, **self._wanted}
        if self._name:
            fresh["OPTIONS"] = {}
        connections.settings["default"] = fresh
        del connections["default"]

    def __exit__(self, *_: object) -> None:
        from django.db import connections

        connections["default"].close()
        connections.settings["default"] = self._before
        del connections["default"]


def run_estime(
    *words: str, home: Path, database: str | None = None, code: int | None = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; fails unless it ends with `code` (None: however it ends)."""
    env = {**os.environ, "ESTIME_HOME": str(home), **environment}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    if database is not None:
        env.pop("ESTIME_DATABASE_URL", None)
        if database:
            env["ESTIME_DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, "-m", "estime", *words], env=env, capture_output=True, text=True, check=False, timeout=300
    )
    if code is not None:
        assert done.returncode == code, f"estime {words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture
def estime(_home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command on this test's own ESTIME_HOME."""

    def run(*words: str, code: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_estime(*words, home=_home, code=code, **environment)

    return run


@pytest.fixture
def vendor(installed: Path) -> str:
    """sqlite or postgresql, with the installation."""
    return connection.vendor
