"""Protects what staff do with questions: each act is one, once, by name, and nobody overwrites another unseen."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from contact.forum import START, asked, brand, came_in, owed, said, staff
from django.db import IntegrityError, connection, transaction

from estime.contact import api as contact
from estime.contact.models import Entry, Question
from estime.kernel import clock
from estime.kernel.debts import Only
from estime.kernel.errors import EstimeError

HISTORY = ("deed", "version", "by__name", "to__name", "reason", "words")


@pytest.fixture
def question(db: None, _home: Path) -> Question:
    brand(_home, "forum")
    came_in(said("b", "team", "A lid.", 0), said("q", "anna", "Is it blue?", 1, in_reply_to="b"))
    return asked("q")


def history() -> list[tuple[object, ...]]:
    return list(Entry.objects.order_by("version").values_list(*HISTORY))


def test_an_answer_is_written_then_said_then_seen(question: Question) -> None:
    lea = staff("lea")
    contact.answer_write(contact.Doing(question.pk, 0, lea), "  Yes, it is.\r\n ")
    assert owed() == {"q"}, "writing is not posting"
    contact.answer_said(contact.Doing(question.pk, 1, lea))
    assert owed() == set()
    assert history() == [
        ("wrote", 1, "Lea", None, "", "Yes, it is."),
        ("said", 2, "Lea", None, "", ""),
    ]
    came_in(said("a", "team", "Yes, it is.", 5, in_reply_to="q"))
    now = asked("q")
    assert (now.state, now.owed, now.answered) == ("said", False, START + timedelta(hours=5))


def test_a_claim_that_the_channel_does_not_bear_out_comes_back(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea = staff("lea")
    claimed = START + timedelta(hours=10)
    monkeypatch.setattr(clock, "now", lambda: claimed)
    contact.answer_said(contact.Doing(question.pk, 0, lea))
    came_in(said("m1", "bob", "Hello.", 10 + 47))
    assert owed() == set(), "two days of grace"
    came_in(said("m2", "bob", "Hello again.", 10 + 49))
    assert owed() == {"q"}
    assert [deed for deed, *_ in history()] == ["said", "came_back"]
    contact.watch(whole=True)
    assert [deed for deed, *_ in history()] == ["said", "came_back"]


def test_it_is_handed_over_and_back(question: Question) -> None:
    lea, sam, ana = staff("lea"), staff("sam", "representative"), staff("ana", "analyst")
    with pytest.raises(contact.CannotBeHandedTo):
        contact.hand_over(contact.Doing(question.pk, 0, lea), ana.pk, "")
    contact.hand_over(contact.Doing(question.pk, 0, lea), sam.pk, "You know lids.")
    now = clock.now()
    mine = contact.question_debts.oldest(now, sam.pk, None, 5, Only(mine=True))
    assert [debt.mine for debt in mine] == [True]
    assert contact.question_debts.oldest(now, lea.pk, None, 5, Only(mine=True)) == []
    assert len(contact.question_debts.oldest(now, lea.pk, None, 5)) == 1, "others see it too"
    contact.hand_back(contact.Doing(question.pk, 1, sam), "")
    with pytest.raises(contact.QuestionNotOpen):
        contact.hand_back(contact.Doing(question.pk, 2, sam), "")
    assert history() == [
        ("handed", 1, "Lea", "Sam", "", "You know lids."),
        ("returned", 2, "Sam", None, "", ""),
    ]


def test_nothing_owed_has_a_reason_and_can_be_taken_back(question: Question) -> None:
    lea = staff("lea")
    for reason, note in (("", ""), ("because", ""), ("other", " ")):
        with pytest.raises(contact.WordsNeeded):
            contact.waive(contact.Doing(question.pk, 0, lea), reason, note)
    contact.waive(contact.Doing(question.pk, 0, lea), "not_us", "For the other brand.")
    assert owed() == set()
    assert contact.settled_count("waived") == 1
    assert [one.text for one in contact.settled_page("waived", None, 5)] == ["Is it blue?"]
    with pytest.raises(contact.QuestionNotOpen):
        contact.answer_write(contact.Doing(question.pk, 1, lea), "Yes.")
    contact.reopen(contact.Doing(question.pk, 1, lea))
    assert owed() == {"q"}
    assert [deed for deed, *_ in history()] == ["waived", "reopened"]


def _deeds(question: Question, version: int) -> list[Callable[[], object]]:
    lea = staff("lea")
    sam = staff("sam")
    doing = contact.Doing(question.pk, version, lea)
    return [
        lambda: contact.answer_write(doing, "Yes."),
        lambda: contact.answer_said(doing),
        lambda: contact.hand_over(doing, sam.pk, ""),
        lambda: contact.waive(doing, "not_us", ""),
    ]


def test_whoever_comes_second_is_told(question: Question) -> None:
    ana = staff("ana")
    contact.answer_write(contact.Doing(question.pk, 0, ana), "It is green.")
    for deed in _deeds(question, 0):
        with pytest.raises(contact.QuestionChanged) as told:
            deed()
        assert told.value.data["by"] == "Ana"
    assert len(history()) == 1
    assert asked("q").words == "It is green."


@pytest.mark.parametrize("which", range(4))
def test_a_double_click_is_one_click(question: Question, which: int) -> None:
    deed = _deeds(question, 0)[which]
    deed()
    deed()
    assert len(history()) == 1


def test_what_goes_wrong_leaves_no_trace(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    lea = staff("lea")
    before = Question.objects.values().get()
    for wrong in (
        lambda: contact.answer_write(contact.Doing(question.pk, 0, lea), " \0 "),
        lambda: contact.answer_write(contact.Doing(question.pk, 0, lea), "x" * 20_001),
        lambda: contact.hand_over(contact.Doing(question.pk, 0, lea), 0, ""),
        lambda: contact.answer_said(contact.Doing(0, 0, lea)),
    ):
        with pytest.raises(EstimeError):
            wrong()

    def dies(**fields: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Entry.objects, "create", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        contact.answer_said(contact.Doing(question.pk, 0, lea))
    assert Question.objects.values().get() == before
    assert history() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"owed": False},
        {"state": "said"},
        {"state": "waived", "owed": False},
        {"reason": "not_us"},
        {"answer": 7},
        {"why": "because"},
        {"state": "gone", "owed": False},
        {"holder": 1},
    ],
    ids=str,
)
def test_the_database_refuses_what_makes_no_sense(question: Question, wrong: dict[str, object]) -> None:
    staff("lea")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(**wrong)


def test_what_people_did_outlives_a_rebuild_and_not_an_erasure(question: Question) -> None:
    lea, sam = staff("lea"), staff("sam")
    contact.hand_over(contact.Doing(question.pk, 0, lea), sam.pk, "Anna asks again.")
    contact.answer_write(contact.Doing(question.pk, 1, sam), "Dear Anna, yes.")
    contact.watch(whole=True)
    now = asked("q")
    assert (now.holder, now.words, now.version, now.owed) == (sam, "Dear Anna, yes.", 2, True)
    contact.forget_accounts([now.account])
    now.refresh_from_db()
    assert (now.words, now.owed, now.why) == ("", False, "")
    assert {words for *_, words in history()} == {""}
    assert len(history()) == 2, "that something was done stays"


def test_two_at_once_one_wins(installed: Path) -> None:
    brand(installed, "forum")
    came_in(said("b", "team", "A lid.", 0), said("q", "anna", "Is it blue?", 1, in_reply_to="b"))
    question, people = asked("q"), [staff("lea"), staff("sam")]
    ready, won, lost = threading.Barrier(2), [], []

    def answer(who: object) -> None:
        ready.wait(10)
        try:
            contact.answer_write(contact.Doing(question.pk, 0, who), f"By {who}.")  # type: ignore[arg-type]
            won.append(str(who))
        except contact.QuestionChanged:
            lost.append(str(who))
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 1)
    assert asked("q").words == f"By {won[0]}."
