"""Failed jobs: on the desk until somebody runs them again or sets them aside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override
from jobs.work import Refused

from estime.jobs import api
from estime.jobs.actions import finish
from estime.jobs.actions.claim import claim
from estime.jobs.actions.sweep import sweep
from estime.jobs.models import Job
from estime.kernel.debts import ALL, Debts, Only
from estime.people.roles import PERMISSIONS

pytestmark = pytest.mark.usefixtures("bound")


def failed(key: str = "") -> object:
    id = api.enqueue("well", {}, key=key)
    job = claim("h:1:1:t")
    assert job.pk == id
    finish.fail(job, "h:1:1:t", Refused("It cannot be done.", todo="Do something else."))
    return id


def test_a_failed_job_is_run_again_as_if_new(db, time_):
    id = failed(key="a")
    api.retry(id)
    job = api.find(id)
    assert (job.status, job.error, job.message, job.todo, job.attempts) == ("waiting", "", "", "", 0)
    assert api.enqueue("well", {}, key="a") == id
    assert claim("h:1:1:t").pk == id


def test_pressed_twice_is_pressed_once(db, time_):
    id = failed()
    api.retry(id)
    with pytest.raises(api.JobNotFailed):
        api.retry(id)
    assert Job.objects.get().status == "waiting"


@pytest.mark.parametrize("act", [api.retry, api.set_aside])
def test_only_what_is_there_and_failed(db, time_, act):
    with pytest.raises(api.UnknownJob):
        act(uuid4())
    id = api.enqueue("well", {})
    with pytest.raises(api.JobNotFailed):
        act(id)


def test_set_aside_is_kept_and_not_owed(db, time_):
    id = failed()
    api.set_aside(id)
    api.set_aside(id)
    assert (api.find(id).status, api.find(id).set_aside) == ("failed", True)
    assert api.failed_debts.count(time_()) == (0, 0)
    api.retry(id)
    assert api.find(id).set_aside is False


def test_debts_page_by_page_oldest_first(db, time_):
    ids = []
    for _ in range(5):
        ids.append(str(failed()))
        time_.pass_(minutes=len(ids) % 2)  # some fail in the same moment
    debts: Debts = api.failed_debts
    assert (debts.kind, debts.permission in PERMISSIONS) == ("job", True)
    assert debts.count(time_()) == (5, 0)
    told, after = [], None
    while page := debts.oldest(time_(), 1, after, 2):
        told += [debt.id for debt in page]
        after = (page[-1].since, page[-1].id)
    assert told == ids
    first = debts.oldest(time_(), 1, None, 9)[0]
    assert [debt.id for debt in debts.oldest(time_(), 1, (first.since, ""), 9)] == ids
    assert debts.oldest(time_(), 1, None, 9, Only(channel="forum")) == []
    assert debts.oldest(time_(), 1, None, 9, Only(mine=True)) == []
    assert len(debts.oldest(time_(), 1, None, 9, ALL)) == 5


def test_a_debt_in_words(db, time_, monkeypatch):
    failed()
    for code, title in (("en", "A job failed: well"), ("fr", "Une tâche a échoué\u00a0: well")):
        with override(code):
            debt = api.failed_debts.oldest(time_(), 1, None, 1)[0]
            assert (debt.title, debt.detail) == (title, "It cannot be done. Do something else.")


def test_what_ended_is_swept_after_a_month_and_what_is_owed_is_not(db, time_):
    done = api.enqueue("well", {})
    finish.succeed(claim("h:1:1:t"), "h:1:1:t", "")
    aside, owed = failed(), failed()
    api.set_aside(aside)
    waiting = api.enqueue("well", {}, after=time_() + timedelta(days=99))
    time_.pass_(days=29)
    assert sweep() == 0
    time_.pass_(days=2)
    assert sweep() == 2
    assert {job.id for job in api.recent(9)} == {owed, waiting}
    assert done not in {job.id for job in api.recent(9)}
