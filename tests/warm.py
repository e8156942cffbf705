"""Runs `python -m estime …` for tests, without starting Python and importing other people's libraries each time.

A program: it imports the libraries (nothing of Estime, no settings), then forks a process for each command it is asked
for, which imports Estime and runs as any other: by its own environment, to its own exit. Forking costs milliseconds
where a start with DuckDB and pandas costs two seconds of processor time. Commands of which the start itself is tested
are started as people start them (`cold` in processes.py).

On its standard input, a socket: for each command a JSON object {"module", "words", "env", "cwd"}, with the command's
three streams and a pipe on which its process number and then its wait status are told.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import struct
import sys
import threading
import time
from typing import Any

import kept

LIBRARIES = (
    "typer", "asyncio", "multiprocessing", "email.mime.text", "django.core.management.commands.migrate",
    "django.db.models", "django.db.backends.sqlite3.base", "django.db.backends.postgresql.base", "django.template",
    "jinja2", "psycopg", "allauth", "pydantic", "duckdb", "ibis", "ibis.backends.duckdb", "pyarrow.parquet",
    "pyarrow.compute", "deltalake", "pandas", "altair", "markdown_it", "PIL.Image", "vl_convert", "sqlglot",
    "adbc_driver_postgresql.dbapi", "cryptography.hazmat.primitives.asymmetric.ec", "babel.core", "requests", "yaml",
    "scipy.sparse.csgraph", "scipy.stats", "sklearn.cluster", "sklearn.feature_extraction.text",
)  # fmt: skip
LONGEST = 1 << 20
SQL = kept.Sql()


def main() -> dict[str, Any]:
    """Serve until nobody asks any more; returns in the process of a command, what it is asked for."""
    del sys.path[0]  # the folder of the tests
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _use_once()
    SQL.keep()
    kept.keep_drawn()
    assert not [name for name in sys.modules if name.partition(".")[0] == "estime"]
    gc.collect()
    gc.freeze()  # no command would ever free any of it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for a command is its own parent, see below
    asked = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    while True:
        told, files, _flags, _from = socket.recv_fds(asked, LONGEST, 4)
        if not told:
            os._exit(0)
        if os.fork() == 0:
            asked.close()
            return _parent_of_a_command(json.loads(told), files)
        for file in files:
            os.close(file)


def _use_once() -> None:
    """What Ibis makes of itself at first use is then there in every command: half a second.

    The engine is closed again, so that no thread of it is lost in a fork.
    """
    import ibis

    engine = ibis.duckdb.connect()
    engine.raw_sql("SET threads = 1")
    columns = {"who": "int64", "at": "int64", "kind": "string", "value": "float64"}
    acts = engine.create_table("acts", schema=columns)
    acts = acts.mutate(week=acts["at"] // 604800, kind=ibis.cases((acts.kind == "a", 1), else_=2))
    people = acts.group_by("who", "week").agg(n=acts.count(), first=acts["at"].min(), told=acts.value.sum())
    people = people.mutate(turn=ibis.row_number().over(group_by="who", order_by="week"))
    joined = acts.join(people, ["who", "week"], how="left").filter(lambda row: row.n > 0)
    both = joined.select("who", "week").union(people.select("who", "week")).distinct()
    engine.create_table("kept", both.anti_join(people.filter(people.turn == 1), "who"), temp=True)
    engine.table("kept").aggregate(n=ibis._.count()).to_pyarrow()
    engine.disconnect()


def _parent_of_a_command(job: dict[str, Any], files: list[int]) -> dict[str, Any]:
    """Fork once more: this process stays to tell how the command ended, the other one is the command."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, tell = files
    pid = os.fork()
    if pid:
        for file in (*streams, 1, 2):
            os.close(file)
        os.write(tell, struct.pack("i", pid))
        os.write(tell, struct.pack("i", os.waitpid(pid, 0)[1]))
        os._exit(0)
    for number, file in enumerate(streams):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    return job


def begin(job: dict[str, Any]) -> None:
    """What the interpreter would have found at its start."""
    os.environ.clear()
    os.environ.update(job["env"])
    time.tzset()
    os.chdir(job["cwd"])
    sys.path.insert(0, job["cwd"])
    sys.argv = [job["module"], *job["words"]]
    SQL.count()


def end(code: object) -> None:
    """As the interpreter ends, but that it frees nothing: tearing down all libraries takes as long as their import."""
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    asked_for = main()
    begin(asked_for)
    try:
        runpy.run_module(asked_for["module"], run_name="__main__", alter_sys=True)
    except SystemExit as told:
        end(told.code)
    end(0)
