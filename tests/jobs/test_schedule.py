"""What comes round by itself is asked for once, by whichever worker looks first."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from jobs.work import Refused

from estime.jobs import api
from estime.jobs.actions import finish
from estime.jobs.actions.claim import claim
from estime.jobs.actions.schedule import AFTER_A_FAILURE, schedule
from estime.jobs.models import Job, Look

MINUTE = timedelta(minutes=1)
DUE = True


def due() -> bool:
    return DUE


@pytest.fixture(autouse=True)
def scheduled(bound, settings):
    settings.ESTIME_SCHEDULE = {"well": f"{__name__}.due"}


@pytest.fixture(autouse=True)
def is_due(monkeypatch):
    def say(told):
        monkeypatch.setattr(f"{__name__}.DUE", told)

    return say


def end(error=None):
    job = claim("h:1:1:t")
    if error is None:
        finish.succeed(job, "h:1:1:t", "")
    else:
        finish.fail(job, "h:1:1:t", error)


def test_many_workers_ask_once(installed):
    told = []

    def look():
        try:
            told.append(schedule(MINUTE))
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [[], [], [], [], [], ["well"]]
    assert Job.objects.count() == 1


def test_a_worker_that_comes_late_asks_nothing(db, time_, monkeypatch):
    """It saw the look before, and by the time it acts another has asked, and the work is done."""
    schedule(MINUTE)
    end()
    time_.pass_(minutes=2)
    seen = Look.objects.get(pk="well").looked
    assert schedule(MINUTE) == ["well"]
    end()
    monkeypatch.setattr("estime.jobs.actions.schedule._last", lambda kind: seen)
    assert schedule(MINUTE) == []


def test_it_looks_so_often_and_no_more(db, time_):
    assert schedule(MINUTE) == ["well"]
    end()
    time_.pass_(seconds=59)
    assert schedule(MINUTE) == []
    time_.pass_(seconds=1)
    assert schedule(MINUTE) == ["well"]


def test_a_clock_that_was_put_back_does_not_stop_it(db, time_):
    schedule(MINUTE)
    end()
    time_.pass_(hours=-5)
    assert schedule(MINUTE) == ["well"]


def test_nothing_due_is_nothing_asked(db, time_, is_due):
    is_due(False)
    assert schedule(MINUTE) == []
    assert Job.objects.count() == 0


def test_seconds_between(db, time_, settings):
    settings.ESTIME_SCHEDULE = {"well": 3600}
    for _ in range(10):
        schedule(MINUTE)
        if Job.objects.filter(status="waiting").exists():
            end()
        time_.pass_(minutes=10)
    assert Job.objects.count() == 2


def test_one_that_waits_or_runs_is_enough(db, time_):
    for _ in range(3):
        schedule(MINUTE)
        time_.pass_(minutes=2)
    claim("here:1:1:t")
    schedule(MINUTE)
    assert Job.objects.count() == 1


def test_a_failure_is_tried_again_after_a_rest_as_the_same_job(db, time_):
    """Else a broken configuration would fill the desk with failures."""
    schedule(MINUTE)
    end(Refused("no"))
    time_.pass_(minutes=2)
    assert schedule(MINUTE) == []
    time_.pass_(seconds=AFTER_A_FAILURE.total_seconds())
    assert schedule(MINUTE) == ["well"]
    assert Job.objects.get().status == "waiting"


def test_asked_by_hand_it_does_not_rest(db, time_):
    schedule(MINUTE)
    end(Refused("no"))
    assert schedule(MINUTE, now=True) == ["well"]


def test_a_failure_of_what_needs_no_doing_any_more_is_settled(db, time_, is_due):
    schedule(MINUTE)
    end(Refused("no"))
    is_due(False)
    time_.pass_(minutes=2)
    schedule(MINUTE)
    assert api.failed_debts.count(time_()) == (0, 0)


def test_a_kind_that_cannot_be_asked_does_not_keep_the_others_back(db, time_, settings, caplog):
    settings.ESTIME_SCHEDULE = {"broken": "jobs.work.broken", "well": f"{__name__}.due"}
    assert schedule(MINUTE) == ["well"]
    assert "could not be looked at" in caplog.text


def test_old_jobs_are_swept_once_a_day(db, time_):
    schedule(MINUTE)
    end()
    time_.pass_(days=31)
    schedule(timedelta(days=99))
    assert Job.objects.count() == 0
    assert Look.objects.count() == 2
