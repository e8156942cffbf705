"""Runs Estime's own commands in forked children, and cuts their lives off at commit boundaries. Not a test: a program.

Usage: `python driver.py URL` (of any database on a PostgreSQL server, or empty). On standard input: how many lives
at once, jobs as JSON lines, an empty line; on standard output: results as JSON lines in the order in which they come,
an empty line. And so again, until standard input ends. A job is

    {"id": …, "home": folder, "from": folder to copy first or "", "database": name on the server or "",
     "commands": [[word, …], …], "kill": [boundary, "before" | "after"] or null, "then": [[word, …], …],
     "look": "" | "ledger" | "whole", "stills": folder or ""}

`commands` is the first life, which `kill` ends with SIGKILL; `then` is the second one, in the same home. Without
`commands` there is only the second. With `stills`, the home is copied there before each boundary and after the last:
what a kill at this moment would have left, so that one life shows what as many killed ones would.

The parent imports everything, and forks: a child costs milliseconds where an interpreter costs seconds. What one
child had to compile, later ones have (kept.py). Boundaries are wrapped from outside, no product code knows of them.
"""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import kept

BATCH_ROWS = 25
PATIENCE = 20  # how often to try again while the lease of a dead process on another machine runs out
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "WITH", "TRUNCATE")


class Boundaries:
    """Counts the places where something becomes lasting; kills the process at one of them."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.kill: tuple[int, str] | None = None
        self.stills: Path | None = None
        self.home = Path()
        self.active = False

    def wrap(self, owner: Any, name: str, label: str, when: Callable[..., bool] | None = None) -> None:
        original = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            # The lease is renewed by a thread, whenever: that is nobody's boundary.
            aside = threading.current_thread() is not threading.main_thread()
            if not self.active or aside or (when is not None and not when(*args)):
                return original(*args, **kwargs)
            return self.cross(label, lambda: original(*args, **kwargs))

        setattr(owner, name, wrapped)

    def wrap_database(self) -> None:
        """Commits, and writes outside of a transaction, which commit by themselves."""
        from django.db.backends.base.base import BaseDatabaseWrapper
        from django.db.backends.utils import CursorWrapper

        def alone(cursor: Any, sql: str, *_: Any) -> bool:
            return not cursor.db.in_atomic_block and sql.lstrip().upper().startswith(WRITES)

        self.wrap(BaseDatabaseWrapper, "_commit", "COMMIT")
        for name in ("execute", "executemany"):
            self.wrap(CursorWrapper, name, "statement", alone)

    def cross(self, label: str, act: Callable[[], Any]) -> Any:
        number = len(self.names)
        self.names.append(label)
        self.strike(number, "before")
        done = act()
        self.strike(number, "after")
        return done

    def strike(self, number: int, side: str) -> None:
        if self.kill == (number, side):
            os.kill(os.getpid(), signal.SIGKILL)
        if side == "before":
            self.still(number)

    def still(self, number: int) -> None:
        """Copy the home as it is. By another process: closing a file here would give up SQLite's locks on it."""
        if self.stills is not None:
            self.stills.mkdir(exist_ok=True)
            subprocess.run(["cp", "-a", str(self.home), str(self.stills / str(number))], check=True)


BOUNDARIES = Boundaries()
SQL = kept.Sql()


def load(database: str) -> None:
    """Import what the commands need, and put the wrappers around it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "estime.config.settings"
    os.environ.pop("ESTIME_DATABASE_URL", None)
    if database:
        os.environ["ESTIME_DATABASE_URL"] = database
    import django

    django.setup()
    for name in ("adbc_driver_postgresql.dbapi", "duckdb", "ibis.backends.duckdb", "pyarrow.parquet"):
        import_module(name)
    import deltalake
    from django.db.migrations.loader import MigrationLoader

    import estime.channels.actions
    import estime.cli.main
    import estime.contact.actions.watch
    import estime.engagement.actions.digest_persons
    import estime.engagement.actions.lease
    import estime.engagement.actions.refresh
    import estime.kernel.lake
    import estime.ledger.actions.archive
    import estime.ledger.search.fill
    import estime.listening.actions.listen
    import estime.listening.affect.model
    import estime.listening.queries.in_bulk
    import estime.readouts.actions

    estime.listening.affect.model.model()  # read once, for every child
    MigrationLoader(None)  # every command asks what is to be migrated
    estime.channels.actions.BATCH_ROWS = BATCH_ROWS
    if database:
        estime.engagement.actions.lease.TERM = timedelta(seconds=1)
    estime.ledger.actions.archive.MANY_FILES = 1  # every second refresh compacts
    # Drawing is slow, and commits nothing.
    estime.readouts.actions.chart_svg = lambda chart, **_: f"<svg>{chart.alt}</svg>"

    SQL.keep()
    SQL.count()
    BOUNDARIES.wrap_database()
    BOUNDARIES.wrap(estime.kernel.lake, "write_deltalake", "lake write")
    BOUNDARIES.wrap(deltalake.DeltaTable, "delete", "lake delete")
    BOUNDARIES.wrap(deltalake.DeltaTable, "vacuum", "lake vacuum")
    BOUNDARIES.wrap(deltalake.table.TableOptimizer, "compact", "lake compact")
    BOUNDARIES.wrap(shutil, "rmtree", "rmtree")
    for name in ("replace", "rename", "unlink", "remove", "rmdir"):
        BOUNDARIES.wrap(os, name, name)


def warm_up() -> None:
    """Compute once, of two acts in memory: what Ibis makes of itself at first use is then there in every child.

    The engine is closed again, so that no thread of it is lost in a fork; the lake is not touched.
    """
    import ibis
    from engagement.engagement_cases import Case, run

    backend = ibis.duckdb.connect()
    backend.raw_sql("SET threads = 1")
    acts = [
        {"who": who, "when": f"2024-01-0{day} 10:00", "type": "Create", "object": f"o{day}"}
        for day, who in enumerate(("a", "b"), start=1)
    ]
    run(backend, Case("warm", datetime(2024, 2, 1, tzinfo=UTC), acts))
    backend.disconnect()
    # Children would copy each page that the collector marks.
    gc.collect()
    gc.freeze()


def point_at(home: str, database: str) -> None:
    """The parent's settings, on another installation. Nothing is connected yet."""
    from django.conf import settings
    from django.db import connections

    os.environ["ESTIME_HOME"] = home
    settings.ESTIME_LAKE_URL = f"{home}/lake"
    settings.HOME = Path(home)
    connections["default"].settings_dict["NAME"] = database or f"{home}/estime.sqlite3"


def run(commands: list[list[str]]) -> list[dict[str, Any]]:
    """Each command as a person would give it; how each ended."""
    from django.db import connection

    ended = []
    for words in commands:
        if connection.vendor == "postgresql":
            _settle(connection)
        end = _tried(words)
        # Only an embedded database can tell at once that the holder of a lease is dead: elsewhere it runs out.
        for _ in range(PATIENCE if connection.vendor == "postgresql" else 0):
            if end["code"] != "refresh-running":
                break
            time.sleep(0.2)
            end = _tried(words)
        ended.append(end)
    return ended


def _settle(connection: Any) -> None:
    """Wait for transactions of others on the same server: acts newer than any open one come with a later refresh."""
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(xid::text::bigint), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                " FROM ledger_act"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.2)


def _tried(words: list[str]) -> dict[str, Any]:
    from estime.cli.main import app
    from estime.kernel.errors import EstimeError

    try:
        app(words, standalone_mode=False)
    except SystemExit as error:
        return {"code": f"exit {error.code}", "todo": ""}
    except EstimeError as error:
        return {"code": error.code, "todo": error.todo, "message": error.message}
    except Exception:
        return {"code": "traceback", "todo": "", "message": traceback.format_exc()[-700:]}
    return {"code": "ok", "todo": ""}


def child(job: dict[str, Any], part: str, out: Path) -> None:
    """One life: it may end by its own hand."""
    from state import look

    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(quiet, stream)
    point_at(job["home"], job["database"])
    BOUNDARIES.home, BOUNDARIES.stills = Path(job["home"]), Path(job["stills"]) if job["stills"] else None
    BOUNDARIES.kill = tuple(job["kill"]) if part == "first" and job["kill"] else None  # type: ignore[assignment]
    BOUNDARIES.active = True
    told: dict[str, Any] = {"ended": run(job["commands"] if part == "first" else job["then"])}
    BOUNDARIES.active = False
    BOUNDARIES.still(len(BOUNDARIES.names))
    told["boundaries"] = BOUNDARIES.names
    went_well = told["ended"][-1]["code"] in ("ok", "exit 1")
    if job["look"] and went_well and (part == "second" or not job["then"]):
        told["state"] = look(Path(job["home"]), whole=job["look"] == "whole")
    out.write_text(json.dumps(told, default=str))


def fork(job: dict[str, Any], part: str) -> int:
    out = result_file(job, part)
    out.unlink(missing_ok=True)
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        child(job, part, out)
        status = 0
    except BaseException:
        out.write_text(json.dumps({"failed": traceback.format_exc()}))
    finally:
        os._exit(status)


def result_file(job: dict[str, Any], part: str) -> Path:
    return Path(f"{job['home']}.{part}.json")


def begin(job: dict[str, Any]) -> tuple[int, str]:
    """The process and the part of the life that it is."""
    if job["from"]:
        shutil.copytree(job["from"], job["home"])
    part = "first" if job["commands"] else "second"
    return fork(job, part), part


def finish(job: dict[str, Any], part: str, status: int) -> bool:
    """Tell how a part ended; True when the job is over."""
    out = result_file(job, part)
    told = json.loads(out.read_text()) if out.exists() else {}
    job.setdefault("told", {})[part] = told | {"killed": os.WIFSIGNALED(status)}
    if part == "second" or not job["then"] or "failed" in told:
        print(json.dumps({"id": job["id"], **job["told"]}), flush=True)
        if job["then"]:  # nobody goes on from here
            shutil.rmtree(job["home"])
        return True
    return False


def main() -> None:
    load(sys.argv[1])
    warm_up()
    while line := sys.stdin.readline():
        jobs = [json.loads(told) for told in iter(lambda: sys.stdin.readline().rstrip(), "")]
        work(int(line), jobs)
        print(flush=True)


def work(at_once: int, waiting: list[dict[str, Any]]) -> None:
    """Live every job, `at_once` of them beside each other."""
    lives: dict[int, tuple[dict[str, Any], str]] = {}
    while waiting or lives:
        while waiting and len(lives) < at_once:
            job = waiting.pop(0)
            pid, part = begin(job)
            lives[pid] = (job, part)
        pid, status = os.wait()
        job, part = lives.pop(pid)
        if not finish(job, part, status):
            lives[fork(job, "second")] = (job, "second")


if __name__ == "__main__":
    main()
