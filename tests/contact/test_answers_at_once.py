"""Protects questions from what happens meanwhile: two looks at once, another server, a colleague who left."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from contact.forum import START, asked, brand, came_in, owed, said, staff, took_back
from django.db import connection

from estime.contact import api as contact
from estime.contact.actions import settle as settle_module
from estime.contact.actions import watch as watch_module
from estime.contact.debts import debts_of
from estime.contact.models import Question, Watched
from estime.kernel import clock
from estime.kernel.debts import Only

POSTGRESQL = pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@pytest.fixture
def forum(installed: Path) -> Path:
    brand(installed, "forum")
    came_in(said("b", "team", "A lid.", 0), said("q", "anna", "Is it blue?", 1, in_reply_to="b"))
    return installed


@POSTGRESQL
def test_an_answer_that_comes_in_while_its_question_is_settled(
    forum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look settles the question from what stood before the answer; another one reads the answer meanwhile."""
    Question.objects.update(stale=True)
    came_in(said("a", "team", "Yes.", 2, in_reply_to="q"), look=False)
    real_settle, real_one = watch_module.settle, settle_module._settle
    stepped, settled = threading.Event(), threading.Event()

    def waits(pointless: list[int]) -> int:
        stepped.set()
        settled.wait(30)
        return real_settle(pointless)

    def looks() -> None:
        contact.watch()
        connection.close()

    other = threading.Thread(target=looks)

    def meanwhile(acts: list[int], pointless: list[int]) -> None:
        real_one(acts, pointless)
        monkeypatch.setattr(settle_module, "_settle", real_one)
        monkeypatch.setattr(watch_module, "settle", waits)
        other.start()
        stepped.wait(1)

    monkeypatch.setattr(settle_module, "_settle", meanwhile)
    real_settle([])
    settled.set()
    other.join(30)
    assert not other.is_alive()
    assert owed() == set()


def test_a_ledger_that_came_from_another_server_is_read_from_its_beginning(forum: Path) -> None:
    """Positions are of one server: beyond the end of this ledger nothing would ever be read."""
    contact.waive(contact.Doing(asked("q").pk, 0, staff("lea")), "not_us", "")
    Watched.objects.update(position=10**15)
    assert contact.watch_due()
    came_in(said("q2", "bob", "@team is it big?", 2))
    assert owed() == {"q2"}
    assert asked("q").state == "waived", "what people did stays"
    assert not contact.watch_due()


@SQLITE
def test_a_claim_whose_question_is_taken_back_stays_off_the_list(
    forum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = START + timedelta(hours=10)
    monkeypatch.setattr(clock, "now", lambda: claimed)
    contact.answer_said(contact.Doing(asked("q").pk, 0, staff("lea")))
    Question.objects.update(withdrawn=True)  # by a look that came between the list of claims and this one
    assert settle_module._bring_back(asked("q").pk) == 0
    assert (asked("q").state, owed()) == ("said", set())
    came_in(took_back("u", "anna", "q"), said("m", "bob", "Hello.", 100))
    assert (asked("q").state, owed()) == ("said", set())


@SQLITE
def test_who_was_handed_a_question_and_left(forum: Path) -> None:
    lea, sam = staff("lea"), staff("sam", "representative")
    contact.hand_over(contact.Doing(asked("q").pk, 0, lea), sam.pk, "")
    told = debts_of(contact.questions_oldest(clock.now(), lea.pk, None, 9), lea.pk)
    assert "cannot answer here any more" not in told[0].detail
    for change in ({"is_active": False}, {"is_active": True, "role": "analyst"}):
        type(sam).objects.filter(pk=sam.pk).update(**change)
        told = debts_of(contact.questions_oldest(clock.now(), lea.pk, None, 9), lea.pk)
        assert "Sam cannot answer here any more: hand it to somebody else." in told[0].detail
    contact.hand_over(contact.Doing(asked("q").pk, 1, lea), lea.pk, "")
    assert asked("q").holder == lea


@SQLITE
def test_what_one_person_asked(forum: Path) -> None:
    came_in(
        said("q2", "anna", "@team is it big?", 2),
        said("q3", "anna", "@team is it round?", 3),
        said("remark", "anna", "Does anyone have one?", 4),
        said("q4", "anna", "@team is it flat?", 5),
        said("other", "bob", "@team is it new?", 5),
        said("a", "team", "Yes.", 6, in_reply_to="q3"),
        took_back("u", "anna", "q4"),
    )
    contact.waive(contact.Doing(asked("q2").pk, 0, staff("lea")), "repeated", "")
    found = contact.questions_of(asked("q").account, 3)
    assert (found.asked, found.owed) == (4, 1)
    assert [(each.text, each.standing) for each in found.questions] == [
        ("Is it blue?", "open"),
        ("@team is it flat?", "withdrawn"),
        ("@team is it round?", "answered"),
    ]
    assert contact.questions_of(1, 3) == contact.OfPerson(0, 0, [])


@SQLITE
def test_what_is_counted_is_what_is_listed_page_by_page(forum: Path) -> None:
    """Many asked at the same moment, on two channels, and some were handed over: nothing twice, nothing left out."""
    brand(forum, "forum", "page")
    for channel in ("forum", "page"):
        came_in(
            *(said(f"{channel}{n}", "bob", "@team is it blue?", 2 + n % 3) for n in range(15)),
            channel=channel,
        )
    lea, sam = staff("lea"), staff("sam")
    for question in Question.objects.filter(owed=True).order_by("act")[::4]:
        contact.hand_over(contact.Doing(question.pk, 0, lea), (lea if question.pk % 8 else sam).pk, "")

    def walked(only: Only) -> list[tuple[object, int]]:
        found: list[tuple[object, int]] = []
        after = None
        while page := contact.questions_oldest(clock.now(), lea.pk, after, 4, only):
            found += [(each.published, each.act) for each in page]
            after = (page[-1].due, str(page[-1].act))
        return found

    everything = walked(Only())
    assert everything == sorted(everything)
    assert len(everything) == len(set(everything)) == contact.questions_count(clock.now())[0] == 31
    parts = [walked(Only(mine=mine)) for mine in (True, False)]
    assert sorted(parts[0] + parts[1]) == everything
    assert parts[0]
    assert sorted(walked(Only("forum")) + walked(Only("page"))) == everything
