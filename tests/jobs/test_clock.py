"""A clock that jumps: nothing waits for it to come round again, and nobody's work is taken from them."""

from datetime import timedelta

import pytest

from estime.jobs import api
from estime.jobs.actions.claim import claim
from estime.jobs.actions.recover import recover
from estime.jobs.actions.schedule import schedule
from estime.jobs.actions.sweep import KEPT, sweep
from estime.jobs.holders import new_holder
from estime.jobs.models import Job
from estime.jobs.queries import anything_to_do
from estime.jobs.runner import run

pytestmark = pytest.mark.usefixtures("bound")
ELSEWHERE = "elsewhere:1:1:t"
MINUTE = timedelta(minutes=1)


def test_what_was_asked_for_before_the_clock_went_back_is_done_now(db, time_):
    id = api.enqueue("well", {})
    time_.jump(hours=-5)
    assert anything_to_do()
    assert api.queue().due == 1
    assert claim(str(new_holder())).pk == id


def test_another_try_does_not_wait_for_the_clock_to_come_round(db, time_):
    api.enqueue("broken", {})
    holder = str(new_holder())
    assert run(claim(holder).pk, holder) == "waiting"
    time_.jump(hours=-5)
    assert claim(str(new_holder())) is not None


def test_a_few_seconds_back_and_another_try_still_waits(db, time_):
    api.enqueue("broken", {})
    holder = str(new_holder())
    run(claim(holder).pk, holder)
    time_.jump(seconds=-3)
    assert not anything_to_do()
    assert claim(str(new_holder())) is None


def test_a_lease_has_never_longer_to_go_than_its_term(db, time_):
    id = api.enqueue("well", {})
    claim(ELSEWHERE)
    time_.jump(hours=-5)
    assert anything_to_do()
    assert recover() == 0
    assert not anything_to_do()
    time_.pass_(minutes=2, seconds=1)
    assert claim(str(new_holder())).pk == id


def test_when_the_clock_goes_on_holders_have_time_to_say_that_they_live(db, time_):
    """As after a night of a laptop: every lease looks as if it had run out long ago."""
    api.enqueue("well", {})
    claim(ELSEWHERE)
    assert recover() == 0
    time_.jump(hours=8)
    assert recover() == 0
    assert not anything_to_do()
    time_.pass_(seconds=41)
    assert recover() == 1


def test_one_that_is_known_to_be_dead_is_taken_over_all_the_same(db, time_):
    api.enqueue("well", {})
    claim(str(new_holder()._replace(began="1")))
    Job.objects.update(until=time_() + MINUTE)
    time_.jump(hours=8)
    assert recover() == 1


def test_a_scheduled_failure_does_not_rest_until_the_clock_comes_round(db, time_, settings):
    settings.ESTIME_SCHEDULE = {"refused": 60}
    assert schedule(MINUTE) == ["refused"]
    holder = str(new_holder())
    assert run(claim(holder).pk, holder) == "failed"
    time_.jump(hours=-5)
    assert schedule(MINUTE) == ["refused"]


def test_a_busy_day_is_swept_in_one_day(db, time_):
    """Five kinds a minute are more than a thousand a day: what a sweep leaves would only grow."""
    old = {"kind": "well", "data": {}, "status": "done", "made": time_(), "due": time_(), "finished": time_()}
    Job.objects.bulk_create([Job(**old) for _ in range(2500)])
    time_.pass_(days=KEPT.days, hours=1)
    assert sweep() == 2500


def test_a_job_whose_process_is_gone_is_not_told_as_running(db, time_):
    id = api.enqueue("well", {})
    claim(str(new_holder()._replace(began="1")))
    assert api.find(id).status == "waiting"
    assert (api.counts()["running"], api.counts()["waiting"]) == (0, 1)
    Job.objects.update(holder=str(new_holder()))
    assert api.find(id).status == "running"
    assert (api.counts()["running"], api.counts()["waiting"]) == (1, 0)
