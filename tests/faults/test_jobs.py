"""Protects jobs against kills: SIGKILL of worker or subprocess anywhere, and every job still ends, with one effect.

Lives are forked, as in driver.py, and die at each boundary of one job: its claim, its adoption, its effect, its end.
"""

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from django.db import connection
from driver import Boundaries
from jobs.kinds import JOBS
from jobs.working import wait_for, worker

from estime.jobs import api
from estime.jobs.actions.claim import claim
from estime.jobs.holders import new_holder
from estime.jobs.models import Job, Tally
from estime.jobs.runner import run

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def bound(settings):
    settings.ESTIME_JOBS = JOBS
    settings.ESTIME_SCHEDULE = {}


def one_job() -> None:
    """What a worker and its subprocess do with a job, in one process."""
    holder = str(new_holder())
    job = claim(holder)
    if job is not None:
        run(job.pk, holder)


def life(boundaries: Boundaries, out: Path | None = None) -> int:
    """A forked process that does one job; it may end by its own hand. Returns how it ended."""
    connection.close()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        boundaries.wrap_database()
        boundaries.wrap(Path, "write_text", "effect", lambda path, *_: path.name.startswith("effect"))
        boundaries.active = True
        one_job()
        if out is not None:
            out.write_text(json.dumps(boundaries.names))
        os._exit(0)
    except BaseException as error:
        print(error, file=sys.stderr)
        os._exit(1)


def test_a_kill_at_any_boundary_loses_and_doubles_nothing(installed, tmp_path):
    """The first life tells which boundaries there are; each further job is killed once at one of them."""
    api.enqueue("kept", {"at": str(tmp_path), "name": "effect-0"})
    assert life(Boundaries(), tmp_path / "names") == 0
    names = json.loads((tmp_path / "names").read_text())
    assert [names.count("effect"), names[0], names[-1]] == [1, "COMMIT", "COMMIT"]
    kills = [(number, "before") for number in range(len(names))] + [(len(names) - 1, "after")]
    for n, kill in enumerate(kills, start=1):
        id = api.enqueue("kept", {"at": str(tmp_path), "name": f"effect-{n}"})
        boundaries = Boundaries()
        boundaries.kill = kill
        status = life(boundaries)
        assert os.WIFSIGNALED(status), (kill, names)
        assert api.find(id).status == ("done" if kill[1] == "after" else api.find(id).status)
        one_job()  # at once: a dead process of this machine keeps nothing
        assert api.find(id).status == "done", (kill, names)
        assert (tmp_path / f"effect-{n}").read_text() == "kept"
    assert api.counts() == {"waiting": 0, "running": 0, "done": len(kills) + 1, "failed": 0}
    runs = (tmp_path / "runs").read_text().split()
    assert {runs.count(f"effect-{n}") for n in range(len(kills) + 1)} <= {1, 2}
    assert sum(Tally.objects.filter(outcome="done").values_list("runs", flat=True)) == len(kills) + 1


@only_sqlite
def test_a_worker_that_is_killed_leaves_its_job_to_the_next(installed, tmp_path):
    """The subprocess notices, stops, and gives the job back; nobody waits for a lease."""
    id = api.enqueue("slow", {"at": str(tmp_path), "seconds": 60})
    with worker() as first:
        began = tmp_path / "began"
        pid = int(wait_for(lambda: began.exists() and began.read_text()))
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        wait_for(lambda: not Path(f"/proc/{pid}").exists() and api.find(id).status == "waiting")
    assert api.find(id).attempts == 0
    Job.objects.update(data={"at": str(tmp_path), "seconds": 0})
    with worker():
        wait_for(lambda: api.find(id).status == "done")


@only_sqlite
def test_two_workers_a_killed_subprocess_and_a_stop(installed, tmp_path):
    """Two workers share the queue, each job is done by one; a subprocess that is killed is replaced at once; a worker
    that is told to stop gives its job back and ends in time.
    """
    ids = [api.enqueue("kept", {"at": str(tmp_path), "name": f"n{n}"}) for n in range(4)]
    with worker() as one, worker() as two:
        wait_for(lambda: all(api.find(id).status == "done" for id in ids))
        assert sorted((tmp_path / "runs").read_text().split()) == ["n0", "n1", "n2", "n3"]
        slow = api.enqueue("slow", {"at": str(tmp_path), "seconds": 60})
        began = tmp_path / "began"
        pid = int(wait_for(lambda: began.exists() and began.read_text()))
        began.unlink()
        os.kill(pid, signal.SIGKILL)
        again = int(wait_for(lambda: began.exists() and began.read_text()))
        assert (again != pid, api.find(slow).attempts) == (True, 2)
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(timeout=20) for process in (one, two)] == [0, 0]
        assert (api.find(slow).status, api.find(slow).attempts) == ("waiting", 1)
        assert not Path(f"/proc/{again}").exists()
