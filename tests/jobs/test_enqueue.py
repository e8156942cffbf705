"""Asking for jobs: in the caller's transaction, and once for one cause."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from estime.jobs import api
from estime.jobs.actions.claim import claim
from estime.jobs.models import Job
from estime.jobs.moments import moment

pytestmark = pytest.mark.usefixtures("bound")


def in_a_thread(act):
    """Run on another connection; returns the thread and a list that the result comes into."""
    told = []

    def run():
        try:
            told.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def test_a_job_is_found_as_it_was_asked_for(installed):
    id = api.enqueue("well", {"n": 1, "of": ["é", None]}, key="k", by=7)
    job = api.find(id)
    assert (job.id, job.kind, job.status, job.by, job.attempts) == (id, "well", "waiting", 7, 0)
    assert (job.started, job.finished, job.told, job.error, job.set_aside) == (None, None, "", "", False)
    assert Job.objects.get().data == {"n": 1, "of": ["é", None]}
    assert api.counts() == {"waiting": 1, "running": 0, "done": 0, "failed": 0}


def test_a_transaction_that_fails_leaves_no_job(installed):
    with pytest.raises(RuntimeError), transaction.atomic():
        api.enqueue("well", {})
        raise RuntimeError
    assert api.recent(9) == []


def test_one_key_is_one_waiting_job(installed):
    first = api.enqueue("well", {"n": 1}, key="a")
    assert api.enqueue("well", {"n": 2}, key="a") == first
    others = {api.enqueue("well", {}, key="b"), api.enqueue("kept", {}, key="a"), api.enqueue("well", {})}
    assert len(others | {first, api.enqueue("well", {})}) == 5


def test_a_job_that_runs_does_not_keep_the_next_one_out(installed):
    """What is asked for now may have come after the running job looked."""
    first = api.enqueue("well", {}, key="a")
    assert claim("x:1:1:t").pk == first
    assert api.enqueue("well", {}, key="a") != first


def test_after_a_time_and_not_before(installed):
    api.enqueue("well", {}, after=moment() + timedelta(hours=1))
    assert claim("x:1:1:t") is None
    soon = api.enqueue("well", {}, after=moment() - timedelta(seconds=1))
    assert claim("x:1:1:t").pk == soon


def test_an_unknown_kind_is_refused_at_once(installed):
    with pytest.raises(api.UnknownJobKind):
        api.enqueue("brew", {})


def test_the_newest_come_first_page_by_page(installed):
    ids = [api.enqueue("well", {"n": n}) for n in range(5)]
    first = [job.id for job in api.recent(2)]
    rest = [job.id for job in api.recent(9, before=first[-1])]
    # Ids say the millisecond; two of the same one come in either order, the same on every page.
    assert first + rest == sorted(ids, reverse=True)


def test_two_who_ask_at_once_get_one_job(installed):
    told = [in_a_thread(lambda: api.enqueue("well", {}, key="a")) for _ in range(6)]
    for thread, _ in told:
        thread.join(30)
    ids = [id for _, found in told for id in found]
    assert len(ids) == 6
    assert set(ids) == {Job.objects.get().pk}


@pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_a_waiting_job_that_is_asked_for_again_waits_for_the_transaction(installed):
    """Else it would run without seeing what the second caller wrote. (SQLite writes one transaction at a time.)"""
    id = api.enqueue("well", {}, key="a")
    with transaction.atomic():
        assert api.enqueue("well", {}, key="a") == id
        thread, told = in_a_thread(lambda: claim("x:1:1:t"))
        thread.join(30)
        assert told == [None]
    assert claim("x:1:1:t").pk == id
