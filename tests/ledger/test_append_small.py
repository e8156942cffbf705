"""Protects small batches that share a commit: each caller is told its own, in its order, after its commit."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.acts import START, act

from estime.kernel.home import make_home
from estime.ledger import api
from estime.ledger.actions import append_together as module
from estime.ledger.drafts import ActDraft
from estime.ledger.errors import BadChannelName
from estime.ledger.models import Act


def small(channel: str, *drafts: ActDraft) -> list[api.Outcome]:
    return api.append_together(channel, list(enumerate(drafts)))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gives or raises, all run at the same time, each on a connection of its own."""
    results: list[object] = [None] * len(calls)
    begin = threading.Barrier(len(calls))

    def run(place: int) -> None:
        begin.wait()
        try:
            results[place] = calls[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return results


@pytest.mark.usefixtures("installed")
def test_each_row_is_told_its_own():
    first = small("forum", act(1), act(2), act(1), act(3, type="Wiggle"))
    assert [told.status for told in first] == ["created", "created", "known", "refused"]
    assert first[0].id == first[2].id != first[1].id
    assert {first[0].id, first[1].id} == {str(pk) for pk in Act.objects.values_list("id", flat=True)}
    again = small("forum", act(4), act(2), act(1, content="otherwise"), act(5, content="\ud83d"))
    assert [(told.status, told.code) for told in again] == [
        ("created", None), ("known", None), ("refused", "act-differs"), ("refused", "bad-encoding"),
    ]  # fmt: skip
    assert again[1].id == first[1].id
    assert small("forum") == []


@pytest.mark.usefixtures("installed")
def test_many_at_once_each_exactly_once():
    """Eight callers whose batches overlap, on two channels: every act once, and each caller knows which it made."""
    calls = []
    for number in range(8):
        drafts = [act(n, actor=f"u{(n * 7) % 13}") for n in range(number * 5, number * 5 + 15)]
        drafts = drafts[::-1] if number % 2 else drafts
        channel = "forum" if number % 3 else "chat"
        calls.append(
            lambda channel=channel, drafts=drafts: [
                (channel, *pair) for pair in zip(drafts, small(channel, *drafts), strict=True)
            ]
        )
    told = [each for result in at_once(*calls) for each in result]  # type: ignore[union-attr]
    wanted = {(channel, draft.source_id) for channel, draft, _ in told}
    stored = list(Act.objects.values_list("channel__name", "source_id", "id"))
    assert {(channel, name) for channel, name, _ in stored} == wanted
    assert len(stored) == len(wanted)
    made = [(channel, draft.source_id) for channel, draft, outcome in told if outcome.status == "created"]
    assert sorted(made) == sorted(wanted)
    ids = {(channel, name): str(pk) for channel, name, pk in stored}
    assert all(outcome.id == ids[channel, draft.source_id] for channel, draft, outcome in told)


@pytest.mark.usefixtures("installed")
def test_those_that_wait_share_a_commit(monkeypatch):
    groups: list[int] = []
    write = module._write

    def slow(batches):
        groups.append(len(batches))
        time.sleep(0.05)
        write(batches)

    monkeypatch.setattr(module, "_write", slow)
    results = at_once(*(lambda n=n: small("forum", act(n)) for n in range(8)))
    assert [result[0].status for result in results] == ["created"] * 8
    assert sum(groups) == 8
    assert len(groups) < 8


@pytest.mark.usefixtures("installed")
def test_one_that_fails_does_not_fail_the_others(monkeypatch):
    """A group that cannot be written is written one by one; only the batch that is at fault is told so."""
    told = module.append_told

    def touchy(channel, rows):
        if any(draft.source_id == "a3" for _, draft in rows):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM ledger_nowhere")
        return told(channel, rows)

    monkeypatch.setattr(module, "append_told", touchy)
    batches = [module._Batch("forum", [(0, act(n))]) for n in range(6)]
    module._write(batches)
    assert [batch.error is not None for batch in batches] == [n == 3 for n in range(6)]
    assert Act.objects.count() == 5
    with pytest.raises(type(batches[3].error)):
        small("forum", act(3))
    assert small("forum", act(9))[0].status == "created", "the queue goes on"


@pytest.mark.usefixtures("installed")
def test_a_name_that_is_none_reaches_no_queue():
    with pytest.raises(BadChannelName):
        small("no name", act(1))
    assert Act.objects.count() == 0


@pytest.mark.usefixtures("installed")
def test_nobody_is_answered_before_the_commit(monkeypatch):
    """While the commit hangs, no caller has an answer; once it fails, none is told that anything is in."""
    kind = type(connections["default"])
    commit = kind._commit
    answered: list[object] = []
    hang = threading.Event()

    def slow(self):
        hang.set()
        time.sleep(0.2)
        assert not answered
        raise OperationalError("disk I/O error")

    def call():
        with suppress(OperationalError):
            answered.append(small("forum", act(1)))

    small("forum", act(0))
    monkeypatch.setattr(kind, "_commit", slow)
    at_once(call, call)
    assert hang.is_set()
    assert answered == []
    monkeypatch.setattr(kind, "_commit", commit)
    connection.close()
    assert small("forum", act(1))[0].status == "created"


DRAFTS = st.builds(
    act,
    st.integers(0, 6),
    type=st.sampled_from(["Create", "Like", "Wiggle"]),
    actor=st.sampled_from(["a", "b", ""]),
    content=st.sampled_from([None, "words", "\0"]),
    published=st.sampled_from([START, START + timedelta(days=20_000)]),
)


@pytest.fixture
def folder(_home: Path) -> Path:
    return make_home()


@pytest.mark.usefixtures("folder")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(DRAFTS, max_size=6), max_size=4))
@pytest.mark.django_db
def test_it_says_and_does_what_append_does(batches):
    """The same batches by `append` on another channel: the same acts, and the same numbers of each outcome."""
    with transaction.atomic():
        for drafts in batches:
            outcomes = small("small", *drafts)
            whole = api.append("whole", list(enumerate(drafts)))
            statuses = [outcome.status for outcome in outcomes]
            assert len(statuses) == len(drafts)
            assert (statuses.count("created"), statuses.count("known")) == (whole.new, whole.known)
            refused = [(n, o.code) for n, o in enumerate(outcomes) if o.status == "refused"]
            assert refused == [(reject.line, reject.code) for reject in whole.rejects]
        small_acts, whole_acts = (
            list(
                Act.objects.filter(channel__name=name)
                .order_by("seq")
                .values_list("source_id", "type", "content")
            )
            for name in ("small", "whole")
        )
        assert small_acts == whole_acts
        transaction.set_rollback(True)


@pytest.mark.usefixtures("installed")
def test_nobody_waits_for_a_writer_that_was_stopped(monkeypatch):
    """Stopped in the middle of a group that is written one by one: those behind it are told, and the queue goes on."""
    told = module.append_told

    def stopped(channel, rows):
        if len(rows) > 1:
            raise RuntimeError("not together")
        if rows[0][1].source_id == "a1":
            raise KeyboardInterrupt
        return told(channel, rows)

    behind = [module._Batch("forum", [(0, act(n))]) for n in (0, 1, 2)]
    monkeypatch.setattr(module, "append_told", stopped)
    monkeypatch.setattr(module._QUEUE, "_waiting", list(behind))
    with pytest.raises(KeyboardInterrupt):
        small("forum", act(3))
    assert [type(batch.error) for batch in behind] == [type(None), module.Stopped, module.Stopped]
    assert Act.objects.count() == 1
    assert small("forum", act(9))[0].status == "created"


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_a_lock_that_cannot_be_had_fails_its_caller_alone(installed):
    (installed / "append.lock").mkdir()
    with pytest.raises(OSError, match=r"append\.lock"):
        small("forum", act(1))
    assert Act.objects.count() == 0
    (installed / "append.lock").rmdir()
    assert small("forum", act(1))[0].status == "created"
