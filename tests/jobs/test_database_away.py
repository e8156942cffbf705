"""A database that is away for a while: no end of a job goes unheard, and the worker goes on when it is back."""

import logging

import pytest
from django.db import InterfaceError, OperationalError, connection
from jobs.working import wait_for, worker

from estime.jobs import api, runner
from estime.jobs.actions import finish
from estime.jobs.actions.claim import claim
from estime.jobs.holders import new_holder
from estime.jobs.models import Job
from estime.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("bound")
only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def run_next() -> str:
    holder = str(new_holder())
    return runner.run(claim(holder).pk, holder)


def away(monkeypatch, times: int, kind=OperationalError) -> None:
    """Writing the end of a job fails so often."""
    left = [times]
    succeed = finish.succeed

    def stubborn(*words):
        if left[0]:
            left[0] -= 1
            raise kind("the connection is closed: canary")
        return succeed(*words)

    monkeypatch.setattr(finish, "succeed", stubborn)
    monkeypatch.setattr(runner, "PAUSES", (0.0,) * 3)


@only_sqlite
@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_the_end_is_written_when_it_is_back(installed, monkeypatch, kind):
    id = api.enqueue("well", {})
    away(monkeypatch, 3, kind)
    assert run_next() == "done"
    assert (api.find(id).status, api.find(id).told) == ("done", "done well")


@only_sqlite
def test_one_that_stays_away_leaves_the_job_to_the_next(installed, monkeypatch, caplog):
    api.enqueue("well", {})
    away(monkeypatch, 99)
    with caplog.at_level(logging.INFO, "estime.jobs"):
        assert run_next() == "lost"
    assert Job.objects.get().status == "running"
    assert "the end of a job could not be written" in caplog.text
    assert not any("canary" in record.getMessage() for record in caplog.records)


@only_sqlite
def test_what_the_database_refuses_is_not_told_as_a_mistake_of_ours(installed, monkeypatch):
    told = finish.explained(OperationalError("server closed the connection: canary"))
    assert (told.code, told.exit_code) == ("job-database-away", 3)
    assert "canary" not in f"{told.message}{told.todo}"


@only_sqlite
def test_a_machine_that_begins_no_process_gives_the_job_back(installed, monkeypatch):
    def refused(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refused)
    id = api.enqueue("well", {})
    import threading

    holder = str(new_holder())
    Worker(60, threading.Event())._do(claim(holder), holder)
    job = Job.objects.get()
    assert (job.pk, job.status, job.attempts) == (id, "waiting", 0)
    assert job.due > job.started


@only_postgresql
def test_connections_cut_in_the_middle_of_a_job_lose_nothing(installed, tmp_path):
    """As when PostgreSQL is restarted: the worker's, the job's and its keeper's."""
    id = api.enqueue("slow", {"at": str(tmp_path), "seconds": 1.5})
    with worker(err=tmp_path / "err") as process:
        wait_for((tmp_path / "began").exists)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 2
        wait_for(lambda: api.find(id).status == "done", 20)
        assert process.poll() is None
        assert api.find(id).attempts == 1
    assert "Traceback" not in (tmp_path / "err").read_text()
