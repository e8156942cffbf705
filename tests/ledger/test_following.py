"""Protects acts for programs, on both databases: each act once in either order, none missed that is committed late."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from ledger.acts import START, act, rows
from ledger.search_cases import caught_up

from estime.ledger import api, following

EVERYTHING = api.Passing()


def follow(after: tuple[int, int] = (0, 0), limit: int = 3, wanted: api.Passing = EVERYTHING):
    """Every act from a place on, and the place where it ends."""
    found: list[str] = []
    while True:
        page = api.acts_following(wanted, limit, after)
        found += [row.source_id for row in page.acts]
        if page.next == after:
            return found, after
        after = page.next


def backwards(limit: int = 3, **wanted: object) -> list[str]:
    found: list[str] = []
    before = None
    while True:
        page = api.acts_newest(api.ActFilter(**wanted), limit, before)
        found += [row.source_id for row in page.acts]
        if page.older is None:
            return found
        before = page.older


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("window", [4, 20_000])
def test_each_act_once_in_every_order(monkeypatch, window):
    monkeypatch.setattr(following, "WINDOW", window)
    for part in range(4):
        api.append("forum", rows(*(act(n) for n in range(part * 5, part * 5 + 5))))
    api.append("chat", rows(act(1, type="Like"), act(30, object_type="Vote")))
    caught_up()
    names = [f"a{n}" for n in range(20)]
    assert follow()[0] == [*names, "a1", "a30"]
    assert backwards() == ["a30", *names[:1:-1], "a1", "a1", "a0"]
    assert follow(wanted=api.Passing("chat"))[0] == backwards(channel="chat")[::-1] == ["a1", "a30"]
    some = {
        "channel": "forum", "types": ("Create",),
        "since": START + timedelta(minutes=3), "until": START + timedelta(minutes=6),
    }  # fmt: skip
    assert backwards(**some) == follow(wanted=api.Passing(**some))[0][::-1] == ["a5", "a4", "a3"]
    assert len(follow(wanted=api.Passing(types=("Create",)))[0]) == len(backwards(types=("Create",))) == 21
    account = api.account_key("forum", "person-2")
    assert backwards(2, account=account) == ["a17", "a12", "a7", "a2"]
    assert backwards(words="words -17", account=account) == ["a12", "a7", "a2"]


@pytest.mark.usefixtures("installed")
def test_pages_stand_still_while_acts_come_in():
    """What comes in between two pages, older or newer, moves nothing that was shown and doubles nothing."""
    api.append("forum", rows(*(act(n) for n in range(10))))
    caught_up()
    first = api.acts_newest(api.ActFilter(), 4)
    api.append("forum", rows(act(20), act(-5)))
    caught_up()
    second = api.acts_newest(api.ActFilter(), 10, first.older)
    names = [row.source_id for row in (*first.acts, *second.acts)]
    assert names == [*(f"a{n}" for n in range(9, -1, -1)), "a-5"]


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
    (row, _other) = api.acts_following(EVERYTHING, 9).acts[::-1]
    assert api.act_find(UUID(row.id)) == row
    assert api.act_find(uuid4()) is None
    assert row.published == START + timedelta(minutes=6)
    assert row.recorded.tzinfo is UTC
    assert row.recorded <= datetime.now(UTC)
    caught_up()
    assert api.OfAccount(row.account).types() == {"Create": 1, "Like": 1}
    assert api.OfAccount(1).types() == {}
