"""Questions to the brand: one click to join and leave, one moment when an answer is owed, a name under each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place, person
from django.db import connection

from estime.cocreation.actions import interpellations as actions
from estime.cocreation.actions.considered import considered_answer
from estime.cocreation.actions.interpellations import (
    QuestionWords,
    question_answer,
    question_ask,
    question_join,
    question_leave,
    question_withdraw,
)
from estime.cocreation.errors import NotAllowed, NotFound, NotNow, WordsMissing
from estime.cocreation.models import Answer, Considered, Event, Interpellation, Joining, Notice, Space
from estime.engagement import api as engagement
from estime.engagement.models import StoredFigure
from estime.kernel import clock
from estime.ledger.models import Act
from estime.people.models import User

ASKED = QuestionWords("Why is the zip glued?", "It cannot be repaired.")


@pytest.fixture
def asked(db: None, _home: Path, place: Callable[..., Place]) -> tuple[Place, Interpellation]:
    made = place(at=clock.now() - timedelta(days=9))
    Space.objects.filter(pk=made.space.pk).update(threshold=3)
    made.space.threshold = 3
    return made, question_ask(made.anna, made.space, ASKED, when=made.at)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_it_is_owed_an_answer_from_the_moment_that_enough_ask_it(asked: tuple[Place, Interpellation]) -> None:
    here, question = asked
    question_join(here.ben, question.pk, when=here.at)
    assert question_join(here.ben, question.pk, when=here.at).joined == 2, "twice is once"
    later = here.at + timedelta(days=1)
    reached = question_join(here.chloe, question.pk, when=later)
    assert (reached.joined, reached.reached, reached.due) == (3, later, later + timedelta(days=14))
    left = question_leave(here.chloe, question.pk, when=later)
    assert (left.joined, left.reached) == (2, later), "the number goes down, the debt stays"
    again = question_join(here.dani, question.pk, when=later + timedelta(days=1))
    assert again.reached == later
    assert kinds().count("reached") == 1
    told = set(Notice.objects.filter(event__kind="reached").values_list("member__name", flat=True))
    assert told == {"Anna Weber", "Ben Okafor"}
    acts = [
        (act.type, act.object_type) for act in Act.objects.filter(object_id=question.source).order_by("seq")
    ]
    assert acts == [("Create", "Question"), *[("Create", "Vote")] * 3]
    undone = Act.objects.get(type="Undo")
    assert (
        undone.object_id
        == Act.objects.filter(object_id=question.source, object_type="Vote").order_by("seq")[1].source_id
    )


def test_it_can_be_taken_back_until_it_is_everybodys(asked: tuple[Place, Interpellation]) -> None:
    here, question = asked
    with pytest.raises(NotFound):
        question_withdraw(here.ben, question.pk)
    with pytest.raises(NotNow):
        question_leave(here.anna, question.pk)
    for member in (here.ben, here.chloe):
        question_join(member, question.pk)
    with pytest.raises(NotNow):
        question_withdraw(here.anna, question.pk)
    assert question_leave(here.anna, question.pk).joined == 2
    other = question_ask(here.ben, here.space, QuestionWords("And the handle?"))
    assert question_withdraw(here.ben, other.pk).withdrawn is not None
    with pytest.raises(NotNow):
        question_join(here.anna, other.pk)


def test_answers_stand_under_a_name_and_add_to_each_other(asked: tuple[Place, Interpellation]) -> None:
    here, question = asked
    for nobody in (here.anna, here.mo):
        with pytest.raises(NotAllowed):
            question_answer(nobody, question.pk, "Because.")
    with pytest.raises(WordsMissing):
        question_answer(here.remi, question.pk, "  ")
    first = question_answer(here.remi, question.pk, "Glue holds 5,000 openings.", when=here.at)
    assert question_answer(here.remi, question.pk, "Glue holds 5,000 openings.").pk == first.pk, (
        "a double click"
    )
    second = question_answer(here.lea, question.pk, "From March on it is sewn.")
    assert [(a.number, a.name) for a in (first, second)] == [(1, "Rémi Faure"), (2, "Léa Martin")]
    question.refresh_from_db()
    assert (question.answered, question.reached) == (here.at, None), "before enough people asked, too"
    assert kinds().count("answered") == 2


def test_a_login_without_a_name_cannot_answer_and_no_address_is_shown(
    asked: tuple[Place, Interpellation],
) -> None:
    here, question = asked
    User.objects.filter(pk=here.remi.user_id).update(name="")
    here.remi.user.name = here.remi.name = ""  # type: ignore[union-attr]
    with pytest.raises(WordsMissing) as refused:
        question_answer(here.remi, question.pk, "Because.")
    assert refused.value.data["field"] == "name"
    assert not Answer.objects.exists()


def test_the_brands_people_neither_ask_nor_join(asked: tuple[Place, Interpellation]) -> None:
    here, question = asked
    with pytest.raises(NotAllowed):
        question_ask(here.lea, here.space, ASKED)
    with pytest.raises(NotAllowed):
        question_join(here.remi, question.pk)


def test_the_same_form_twice_asks_once(asked: tuple[Place, Interpellation]) -> None:
    here, _question = asked
    once = QuestionWords("And the handle?", once="a1b2")
    assert question_ask(here.ben, here.space, once).pk == question_ask(here.ben, here.space, once).pk
    assert question_ask(here.dani, here.space, once).author_id == here.dani.pk, (
        "somebody else’s form is their own"
    )


def test_whoever_asked_says_whether_the_answer_takes_it_up(asked: tuple[Place, Interpellation]) -> None:
    here, question = asked
    with pytest.raises(NotNow):
        considered_answer(here.anna, question.pk, "yes")
    question_answer(here.remi, question.pk, "Glue holds.")
    considered_answer(here.anna, question.pk, "yes")
    considered_answer(here.anna, question.pk, "no")
    assert list(Considered.objects.values_list("says", flat=True)) == ["no"], "one answer each, changeable"
    with pytest.raises(NotAllowed):
        considered_answer(here.dani, question.pk, "yes")


def test_a_deed_that_fails_leaves_no_trace(
    asked: tuple[Place, Interpellation], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, question = asked

    def falls(*_: Any, **__: Any) -> None:
        raise RuntimeError

    before = (Act.objects.count(), Event.objects.count())
    monkeypatch.setattr(actions, "event_tell", falls)
    monkeypatch.setattr(actions, "act_write", falls)
    for deed in (
        lambda: question_ask(here.ben, here.space, ASKED),
        lambda: question_join(here.ben, question.pk),
        lambda: question_answer(here.remi, question.pk, "Because."),
        lambda: question_withdraw(here.anna, question.pk),
    ):
        with pytest.raises(RuntimeError):
            deed()
    held = Interpellation.objects.get()
    assert (held.joined, held.withdrawn, held.answered) == (1, None, None)
    assert Joining.objects.count() == 1
    assert (Act.objects.count(), Event.objects.count()) == before
    assert not Answer.objects.exists()


def test_thirty_join_at_once_and_it_is_reached_once(on_both: Path, place: Callable[..., Place]) -> None:
    here = place()
    people = [person(f"Member{number} Example") for number in range(30)]
    question = question_ask(here.anna, here.space, ASKED)
    Interpellation.objects.filter(pk=question.pk).update(threshold=25)

    def joins(number: int) -> None:
        try:
            question_join(people[number], question.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(joins, [*range(30), *range(10)]))
    held = Interpellation.objects.get()
    assert (held.joined, Joining.objects.count()) == (31, 31)
    assert held.reached is not None
    (event,) = Event.objects.filter(kind="reached")
    assert (event.at, event.data) == (held.reached, {"people": 25})
    assert Act.objects.filter(object_id=question.source, object_type="Vote").count() == 30


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_leaving_a_question_is_no_leaving_of_the_community(
    installed: Path, place: Callable[..., Place]
) -> None:
    """Engagement reads Join and Leave as membership of a channel: a question is no room, and asking it is a deed."""
    here = place()
    question = question_ask(here.anna, here.space, ASKED, when=here.at - timedelta(days=21))
    for member in (here.ben, here.chloe):
        question_join(member, question.pk, when=here.at - timedelta(days=20))
    question_leave(here.chloe, question.pk, when=here.at - timedelta(days=9))
    engagement.refresh()
    told = StoredFigure.objects.filter(scope="estime")
    assert told.exists()
    assert not told.filter(measure="reach", label="known").exists(), "nobody became a member of anything"
    votes = told.filter(measure="acts", label="Vote")
    assert sum(one.value or 0 for one in votes) == 1, "Ben’s; what Chloé took back does not count"
