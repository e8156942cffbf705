"""Protects the pages of acts for programs, on both databases: each act once, none missed that is committed late."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from ledger.acts import START, act, rows

from estime.ledger import api, feed

EVERYTHING = api.Wanted()


def follow(after: tuple[int, int] = (0, 0), limit: int = 3, wanted: api.Wanted = EVERYTHING):
    """Every act from a place on, and the place where it ends."""
    found: list[str] = []
    while True:
        page = api.acts_following(wanted, limit, after)
        found += [row.source_id for row in page.acts]
        if page.next == after:
            return found, after
        after = page.next


def backwards(wanted: api.Wanted = EVERYTHING, limit: int = 3) -> list[str]:
    found: list[str] = []
    before = None
    while True:
        page = api.acts_newest(wanted, limit, before)
        found += [row.source_id for row in page.acts]
        if page.next is None:
            return found
        (before,) = page.next


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("window", [4, 20_000])
def test_each_act_once_in_every_order(monkeypatch, window):
    monkeypatch.setattr(feed, "WINDOW", window)
    for part in range(4):
        api.append("forum", rows(*(act(n) for n in range(part * 5, part * 5 + 5))))
    api.append("chat", rows(act(1, type="Like")))
    names = [f"a{n}" for n in range(20)]
    assert follow()[0] == [*names, "a1"]
    assert backwards() == ["a1", *names[::-1]]
    assert follow(wanted=api.Wanted("chat"))[0] == ["a1"]
    some = api.Wanted("forum", ("Create",), None, START + timedelta(minutes=3), START + timedelta(minutes=6))
    assert backwards(some) == ["a5", "a4", "a3"]
    account = api.account_key("forum", "person-2")
    mine: list[str] = []
    before = None
    while True:
        page = api.acts_of_account(api.Wanted(account=account), 2, before)
        mine += [row.source_id for row in page.acts]
        if page.next is None:
            break
        before = page.next
    assert mine == ["a17", "a12", "a7", "a2"]


@pytest.mark.usefixtures("installed")
def test_who_follows_misses_no_late_commit():
    api.append("forum", rows(act(0)))
    seen, place = follow()
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            api.append("forum", rows(act(1)))
            opened.set()
            finish.wait(20)
        connections["default"].close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert opened.wait(20)
    if connection.vendor == "postgresql":  # SQLite has one writer: nobody can commit meanwhile
        api.append("forum", rows(act(2, actor="somebody else")))
    more, place = follow(place)
    finish.set()
    writer.join()
    if connection.vendor == "sqlite":
        api.append("forum", rows(act(2)))
    last, place = follow(place)
    assert sorted([*seen, *more, *last]) == ["a0", "a1", "a2"]
    assert follow(place)[0] == []


@pytest.mark.usefixtures("installed")
def test_one_act_and_one_account():
    api.append("forum", rows(act(1, value=2.5, extra={"b": 1}), act(6, type="Like")))
    row = api.acts_newest(EVERYTHING, 1).acts[0]
    assert api.act_find(UUID(row.id)) == row
    assert api.act_find(uuid4()) is None
    assert row.published == START + timedelta(minutes=6)
    assert row.recorded.tzinfo is UTC
    found = api.account_find(row.account)
    assert found is not None
    assert (found.channel, found.handle, found.acts) == ("forum", "person-1", {"Create": 1, "Like": 1})
    assert (found.first, found.last) == (START + timedelta(minutes=1), START + timedelta(minutes=6))
    assert found.recorded <= datetime.now(UTC)
    assert api.account_find(1) is None
