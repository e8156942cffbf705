"""Fixtures that every test may use.

The ledger refuses TRUNCATE and DELETE, so tests that commit do not flush: each gets an installation of its own,
copied from a migrated template (a file on SQLite, a template database on PostgreSQL).
"""

import fcntl
import gc
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import kept
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from processes import POSTGRESQL, database_url, need, run_estime, server, server_copy
from xdist.scheduler import LoadScopeScheduling


def pytest_configure() -> None:
    """Passwords of tests guard nothing: one hashed as slowly as for real would cost a third of a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_finish() -> None:
    """Modules and tests stay: looking at them for cycles again and again took a sixth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where all processes of this run keep what each would make anew (kept.py)."""
    folder = of_the_run(tmp_path_factory) / "kept"
    folder.mkdir(exist_ok=True)
    os.environ[kept.FOLDER] = str(folder)


@pytest.fixture(scope="session")
def kept_sql() -> kept.Sql:
    """Within its `counted`, Ibis writes no SQL that any process of this run wrote before."""
    sql = kept.Sql()
    sql.keep()
    return sql


@pytest.fixture(scope="session")
def _refreshed_alike(kept_sql: kept.Sql) -> None:
    """Refreshes in this process write no SQL twice: half of what a small one costs."""
    from estime.engagement.actions import refresh

    compute = refresh._compute

    def computed(*words: Any) -> int:
        with kept_sql.counted():
            return compute(*words)

    refresh._compute = computed


def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test ever sees the installation of whoever runs it."""
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _no_language_left_over() -> None:
    """A page that a test before asked for leaves its language and zone active in this thread."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _no_space_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether some space is public is remembered for a while: not from one test to the next."""
    frame = sys.modules.get("estime.web.frame")
    if frame is not None:
        monkeypatch.setattr(frame, "_PUBLIC", (float("-inf"), False))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, made by the command itself; once for all workers."""
    shared = of_the_run(tmp_path_factory)
    made = shared / "template.sqlite3"
    with alone(f"template-{shared.name}"):
        if not made.exists():
            run_estime("init", home=shared / "template", database="")
            database = shared / "template" / "estime.sqlite3"
            with closing(sqlite3.connect(database)) as link:
                link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.rename(made)
    return made


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated template database on the PostgreSQL server given for tests."""
    need(bool(POSTGRESQL), "PostgreSQL tests need a server: set ESTIME_TEST_POSTGRESQL (see CONTRIBUTING.md)")
    name = f"estime_t_{secrets.token_hex(6)}"
    server(f"CREATE DATABASE {name}")
    run_estime("init", home=tmp_path_factory.mktemp("pg") / "home", database=database_url(name))
    yield name
    server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installed(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: object,
    _refreshed_alike: None,
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
        server_copy(name, template)
        monkeypatch.setenv("ESTIME_DATABASE_URL", database_url(name))
    with django_db_blocker.unblock(), _connected_to(home, name):  # type: ignore[attr-defined]
        yield home
    if name:
        server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object
) -> Iterator[str]:
    """A database that the tests of one module commit to, and empty of what they fill: each its own costs a second."""
    home, name = tmp_path_factory.mktemp("shared"), ""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "estime.sqlite3")
    else:
        name = f"estime_t_{secrets.token_hex(6)}"
        server_copy(name, request.getfixturevalue("postgresql_template"))
    with django_db_blocker.unblock(), _connected_to(home, name):  # type: ignore[attr-defined]
        yield request.param
    if name:
        server(f"DROP DATABASE {name} WITH (FORCE)")


class _connected_to:
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


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `estime demo` makes of real communities, without its spaces. Not to be changed: copy it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    run_estime("demo", "--no-serve", "--no-spaces", home=home, database="")
    return home


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


TOGETHER = {
    "::test_spark": "spark",
    "faults/test_kills.py": "faults",
    "faults/test_broken_lake.py": "faults",
    "samples/test_samples_figures.py": "samples",
    "::test_the_demo_imports": "samples",
    "rest/test_served.py": "served",
    "tests/deploy/test_proxies.py": "proxies",
    "tests/upgrades/test_upgrade.py": "upgrades",
    "web/test_sign_in_provider.py": "provider",
    "cli/test_interrupted.py": "interrupted",
    "cli/test_help.py": "help",
    "readouts/test_charts.py": "charts",
    "tests/browser/test_lived": "lived",  # with a server of its own: beside the other tests of the browser
    "tests/browser/": "browser",
}
"""Tests that share a costly start: all of a group go to one worker."""


class Together(LoadScopeScheduling):
    """Spread tests one by one, but for groups. (The marks of xdist 3.8 are lost in pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for part, group in TOGETHER.items() if part in nodeid), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Together(config, log)


END_TO_END = ("cli", "web", "faults", "samples", "deploy", "upgrades", "browser")
LONG = frozenset(
    """channels/challenges/test_challenge_attacked channels/test_damage channels/test_samples channels/test_uploads
    cocreation/files/test_attachments cocreation/pictures/test_pictures cocreation/pictures/test_pictures_hostile
    cocreation/tally/test_groups cocreation/tally/test_groups_polis cocreation/tally/test_tally_invariants
    cocreation/texts/test_diffs cocreation/texts/test_markdown_hostile cocreation/texts/test_merging config/test_logs
    config/test_probes engagement/test_durability engagement/test_durability_rows engagement/test_engagement_map
    engagement/test_far_apart engagement/test_golden engagement/test_never_an_input engagement/test_oracle
    engagement/test_report_repeats listening/test_affect listening/test_targets listening/topics/test_find
    readouts/test_charts readouts/test_french readouts/test_map_told readouts/test_report""".split()
)
"""Files that take three seconds or more without any database."""
assert all((Path(__file__).parent / f"{name}.py").is_file() for name in LONG), (
    "a file of LONG has another name now"
)
DATABASES = frozenset("db transactional_db installed shared sqlite_template demo_home".split())
"""Fixtures that make one."""


def left_out(path: Path) -> bool:
    """`make check` has a minute: commands, browsers and kills, and what takes long, are for `make test`."""
    part = path.relative_to(Path(__file__).parent)
    return (part.parts[0] in END_TO_END and "help" not in path.name) or str(part.with_suffix("")) in LONG


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is left out is not even imported."""
    wanted = "not slow" not in str(config.option.markexpr) or collection_path.is_dir()
    return None if wanted or not left_out(collection_path) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones begin: quick ones then fill the gaps."""
    for item in items:
        database = item.get_closest_marker("django_db") or DATABASES & set(getattr(item, "fixturenames", ()))
        if database or left_out(item.path):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Keep tests of other workers away from what cannot be shared."""
    with (Path(tempfile.gettempdir()) / f"estime-tests-{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def _alone_on_the_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """Transaction ids are the server's: beside each other, tests would wait for each other's transactions."""
    if request.node.get_closest_marker("postgresql") is None:
        yield
        return
    with alone(f"postgresql-{hashlib.sha256(POSTGRESQL.encode()).hexdigest()[:12]}"):
        yield
