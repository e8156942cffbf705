"""A full disk and Ctrl-C in the middle of an import: a clear end, and the same command completes it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.ledgers import Installation
from django.db import connection
from processes import usual_signals

ROWS = 180_000


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose import takes a few seconds and many batches."""
    path = tmp_path_factory.mktemp("long") / "long.jsonl"
    with path.open("w") as out:
        for n in range(ROWS):
            act = {
                "id": f"a{n}",
                "type": "Create",
                "actor": f"p{n % 999}",
                "published": "2024-01-01T00:00:00Z",
            }
            out.write(
                json.dumps(act | {"object": f"n{n}", "content": "Une phrase assez longue pour remplir."})
                + "\n"
            )
    return path


def completed(here: Installation, path: Path) -> None:
    """Import again: everything is in, once."""
    inside = here.count()
    assert 0 < inside < ROWS
    told = json.loads(here.estime("import", path, "-c", "long", "--json").stdout)
    assert (told["new"], told["known"]) == (ROWS - inside, inside)
    assert here.ask("SELECT count(*), count(DISTINCT source_id) FROM ledger_act") == [(ROWS, ROWS)]
    states = here.ask("SELECT status, count(*) FROM channels_import GROUP BY status ORDER BY status")
    assert states == [("done", 1), ("failed", 1)]


def test_ctrl_c_during_an_import(installed, long):
    here = Installation.here(installed)
    words = [sys.executable, "-m", "estime", "import", str(long), "-c", "long"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, preexec_fn=usual_signals)
    while here.count() == 0 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    lines = err.splitlines()
    assert len(lines) == 2, err
    assert "[import-interrupted]" in lines[0]
    completed(here, long)


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_a_full_disk_during_an_import(installed, long, tmp_path):
    """A small file system where one may be mounted; otherwise a database that may not grow."""
    connection.close()
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pages_run_out(Installation(installed), long)
        return
    try:
        for file in installed.iterdir():
            (small / file.name).write_bytes(file.read_bytes())
        here = Installation(small)
        done = here.estime("import", long, "-c", "long", "--json", code=3)
        assert "[storage-full]" in done.stderr
        assert len(done.stderr.splitlines()) == 2
        assert json.loads(done.stdout)["status"] == "failed"
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        completed(here, long)
    finally:
        subprocess.run(["umount", str(small)], check=True)


CROWDED = """
import sys
from django.db.backends.signals import connection_created
def crowd(connection, **_):
    connection.cursor().execute("PRAGMA max_page_count = 6000")
connection_created.connect(crowd)
from estime.cli.main import run
run()
"""


def pages_run_out(here: Installation, path: Path) -> None:
    words = [sys.executable, "-c", CROWDED, "import", str(path), "-c", "long"]
    env = {**os.environ, "ESTIME_HOME": str(here.home)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "[storage-full]" in done.stderr
    completed(here, path)


@pytest.mark.slow
@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_the_fallback_for_machines_that_may_not_mount_works_too(installed, long):
    connection.close()
    pages_run_out(Installation(installed), long)
