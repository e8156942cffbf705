"""How a run ends, on both databases, and what is kept of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import ngettext_lazy, override
from jobs import work

from estime.jobs import api
from estime.jobs.actions import finish
from estime.jobs.actions.claim import adopt, claim
from estime.jobs.actions.recover import recover
from estime.jobs.holders import new_holder
from estime.jobs.models import Job, Tally
from estime.jobs.moments import moment
from estime.jobs.runner import run

pytestmark = pytest.mark.usefixtures("bound")


def ready() -> None:
    """Let what waits for another try be due."""
    Job.objects.filter(status="waiting").update(due=moment() - timedelta(seconds=1))


def run_next() -> str:
    holder = str(new_holder())
    return run(claim(holder).pk, holder)


def test_done(installed):
    id = api.enqueue("well", {})
    assert run_next() == "done"
    job = api.find(id)
    assert (job.status, job.told, job.error, job.attempts) == ("done", "done well", "", 1)
    assert job.made <= job.started <= job.finished
    assert Tally.objects.values_list("kind", "outcome", "runs").get() == ("well", "done", 1)


def test_what_is_told_is_told_in_each_language(installed, monkeypatch):
    words = ngettext_lazy("%(count)s new act.", "%(count)s new acts.", "count")
    monkeypatch.setattr(work, "well", lambda data, progress: (words, {"count": 3000}))
    id = api.enqueue("well", {})
    run_next()
    told = {}
    for code in ("en", "fr"):
        with override(code):
            told[code] = api.find(id).told
    assert told == {"en": "3,000 new acts.", "fr": "3\u202f000 nouveaux actes."}


def test_progress_is_told(installed):
    id = api.enqueue("progress", {})
    run_next()
    assert api.find(id)[6:8] == (1000, 1000)


def test_a_refusal_fails_at_once(installed):
    id = api.enqueue("refused", {})
    assert run_next() == "failed"
    job = api.find(id)
    assert (job.error, job.message, job.todo) == ("test-refused", "It cannot be done.", "Do something else.")


@pytest.mark.parametrize(("kind", "code"), [("broken", "job-broke"), ("stopped", "test-stopped")])
def test_what_may_pass_is_tried_again_later_and_later_and_then_failed(installed, kind, code):
    id = api.enqueue(kind, {})
    pauses = []
    for _ in range(finish.ATTEMPTS - 1):
        assert run_next() == "waiting"
        job = Job.objects.get()
        pauses.append(round((job.due - moment()).total_seconds()))
        assert claim("x:1:1:t") is None
        ready()
    assert pauses == pytest.approx([15, 30, 60, 120, 240], abs=2)
    assert run_next() == "failed"
    assert (api.find(id).error, api.find(id).attempts) == (code, finish.ATTEMPTS)
    assert dict(Tally.objects.values_list("outcome", "runs")) == {"retried": 5, "failed": 1}


def test_nothing_of_what_an_error_says_is_kept(installed):
    api.enqueue("broken", {})
    run_next()
    row = Job.objects.values().get()
    assert work.CANARY not in str(row)
    assert "ValueError" in str(row["message"])


def test_an_error_in_an_open_transaction_is_an_error_like_others(installed):
    api.enqueue("leaks", {})
    assert run_next() == "waiting"


def test_an_unknown_kind_fails_and_says_so(installed, settings):
    """A worker of an older version meets a job of a newer one."""
    id = api.enqueue("well", {})
    settings.ESTIME_JOBS = {}
    assert run_next() == "failed"
    assert (api.find(id).error, "“well”" in api.find(id).message) == ("unknown-job-kind", True)


def test_later_is_no_attempt(installed):
    id = api.enqueue("later", {})
    assert run_next() == "waiting"
    job = Job.objects.get()
    assert (job.attempts, job.error) == (0, "")
    assert 25 < (job.due - moment()).total_seconds() <= 30
    assert api.find(id).status == "waiting"


def test_a_run_that_was_taken_over_changes_nothing(installed):
    api.enqueue("well", {})
    first, second = str(new_holder()), str(new_holder())
    job = claim(first)
    Job.objects.update(holder=second)
    assert adopt(job.pk, first, "other:1:1:t") is None
    assert not finish.succeed(job, first, "")
    assert finish.fail(job, first, ValueError()) == ""
    assert not finish.give_back(job, first)
    assert (Job.objects.get().status, Tally.objects.count()) == ("running", 0)


def test_a_lease_that_ran_out_elsewhere_is_taken_over_and_not_before(installed):
    api.enqueue("well", {})
    job = claim("elsewhere:1:1:t")
    assert recover() == 0
    assert claim("x:1:1:t") is None
    Job.objects.update(until=moment() - timedelta(seconds=1))
    assert claim("x:1:1:t").pk == job.pk


def test_a_dead_process_of_this_machine_is_taken_over_at_once(installed):
    api.enqueue("well", {})
    alive = new_holder()
    job = claim(str(alive))
    assert recover() == 0
    assert job.until > moment()
    Job.objects.update(holder=str(alive._replace(began="1")))  # its number was given to another process
    assert recover() == 1
    assert Job.objects.get().status == "waiting"


def test_a_living_process_of_this_machine_keeps_its_job_while_the_database_holds_it_up(installed):
    api.enqueue("well", {})
    claim(str(new_holder()))
    Job.objects.update(until=moment() - timedelta(minutes=5))
    assert recover() == 0
    Job.objects.update(until=moment() - timedelta(minutes=11))
    assert recover() == 1


def test_a_job_that_kills_its_process_each_time_is_failed_in_the_end(installed):
    id = api.enqueue("well", {})
    dead = str(new_holder()._replace(began="1"))
    for _ in range(finish.ATTEMPTS):
        recover()
        ready()
        assert claim(dead) is not None
    recover()
    assert (api.find(id).status, api.find(id).error) == ("failed", "job-lost")


def test_a_job_that_comes_back_while_another_waits_in_its_place(installed):
    """Both are kept: neither is lost, and no two hold one slot."""
    first = api.enqueue("stopped", {}, key="a")
    holder = str(new_holder())
    claim(holder)
    second = api.enqueue("stopped", {}, key="a")
    assert run(first, holder) == "waiting"
    assert set(Job.objects.values_list("pk", "slot")) == {(first, None), (second, "a")}


def test_success_settles_earlier_failures_of_the_same_cause(installed):
    failed = api.enqueue("refused", {}, key="a")
    other = api.enqueue("refused", {}, key="b")
    run_next()
    run_next()
    Job.objects.filter(pk__in=[failed, other]).update(kind="well")
    api.enqueue("well", {}, key="a")
    run_next()
    assert (api.find(failed).set_aside, api.find(other).set_aside) == (True, False)


MAY_NOT_BE = [
    {"status": "lost"},
    {"status": "running"},
    {"status": "running", "holder": "x"},
    {"holder": "x"},
    {"until": datetime(2026, 1, 1, tzinfo=UTC)},
    {"status": "done"},
    {"finished": datetime(2026, 1, 1, tzinfo=UTC)},
    {"status": "failed", "finished": datetime(2026, 1, 1, tzinfo=UTC), "slot": None},
    {"slot": "b"},
    {"slot": ""},
    {"attempts": -1},
]


def test_the_database_itself_refuses_what_may_not_be(installed):
    api.enqueue("well", {}, key="a")
    for change in MAY_NOT_BE:
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(**change)


def test_the_database_refuses_two_in_one_slot(installed):
    api.enqueue("well", {}, key="a")
    api.enqueue("well", {}, key="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(key="a", slot=F("key"))
        Job.objects.update(slot="a")


def test_leases_on_postgresql_go_by_the_clock_of_the_database(installed, monkeypatch):
    from estime.kernel import clock

    wrong = moment() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: wrong)
    behind = abs(moment() - wrong) > timedelta(days=2)
    assert behind == (connection.vendor == "postgresql")
