"""Protects what stands on the desk: everything owed in co-creation, oldest first, page by page, and no 3,000 lines."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.answering import NOW, TAKEN, idea
from cocreation.places import Place
from django.db import connection

from estime.cocreation import api as cocreation
from estime.cocreation.actions.decisions import decision_write
from estime.cocreation.actions.interpellations import QuestionWords, question_answer, question_ask
from estime.cocreation.actions.outcomes import OutcomeWords, outcome_make
from estime.cocreation.actions.pledges import PledgeWords, pledge_keep, pledge_make, pledge_replace
from estime.cocreation.models import (
    Challenge,
    Contribution,
    Decision,
    Interpellation,
    Member,
    Phase,
    Poll,
    Result,
)
from estime.kernel.debts import Debt, Debts, Only, debt_moment

PROVIDERS: tuple[Debts, ...] = (
    cocreation.interpellation_debts,
    cocreation.answers_debts,
    cocreation.pledge_debts,
    cocreation.again_debts,
    cocreation.vote_debts,
    cocreation.outcome_debts,
    cocreation.report_debts,
    cocreation.objection_debts,
    cocreation.appeal_debts,
    cocreation.merge_debts,
    cocreation.contest_debts,
)


@pytest.fixture
def here(installed: Path, place: Callable[..., Place]) -> Place:
    return place("made", "answer", at=NOW - timedelta(days=3))


def told(provider: Debts) -> list[Debt]:
    return provider.oldest(NOW, 0, None, 50)


def paged(provider: Debts, limit: int = 2) -> Iterator[str]:
    """All of a provider, page by page, as the desk asks for them."""
    cursor = None
    while page := provider.oldest(NOW, 0, cursor, limit):
        yield from (debt.id for debt in page)
        cursor = (debt_moment(page[-1]), page[-1].id)


def test_a_question_is_owed_from_its_number_on_until_it_is_answered(here: Place) -> None:
    asked = question_ask(here.anna, here.space, QuestionWords("Why is the zip glued?"), when=here.at)
    assert cocreation.interpellation_debts.count(NOW) == (0, 0)
    Interpellation.objects.filter(pk=asked.pk).update(reached=here.at, due=NOW - timedelta(hours=1))
    assert cocreation.interpellation_debts.count(NOW) == (1, 1)
    (debt,) = told(cocreation.interpellation_debts)
    assert (debt.id, debt.quote, debt.detail) == (str(asked.pk), "Why is the zip glued?", "1 person asks it.")
    question_answer(here.remi, asked.pk, "Because.")
    assert told(cocreation.interpellation_debts) == []


def test_all_contributions_of_a_challenge_are_one_line(here: Place) -> None:
    first = [idea(here, here.anna, f"Idea {number}") for number in range(5)]
    Contribution.objects.filter(pk=first[4].pk).update(together=first[0])
    (debt,) = told(cocreation.answers_debts)
    decides = Phase.objects.get(challenge=here.challenge, kind="decide").ends
    assert (debt.id, debt.due) == (str(here.challenge.pk), decides)
    assert debt.detail == "4 contributions have no answer yet."
    assert cocreation.answers_debts.count(NOW) == (1, 1)
    for one in first[:4]:
        decision_write(here.lea, one.pk, TAKEN)
    assert told(cocreation.answers_debts) == []


def test_a_challenge_that_only_listens_owes_no_answers(here: Place, place: Callable[..., Place]) -> None:
    idea(here, here.anna)
    with connection.cursor() as cursor:
        suffix = " ON cocreation_challenge" if connection.vendor == "postgresql" else ""
        cursor.execute("DROP TRIGGER cocreation_challenge_only_update" + suffix)
    Challenge.objects.update(power="listen")
    assert told(cocreation.answers_debts) == []


def test_promises_until_they_are_settled(here: Place) -> None:
    made = idea(here, here.anna)
    late = pledge_make(here.lea, made, PledgeWords("A bag.", here.at + timedelta(days=1)), when=here.at)
    pledge_make(here.lea, here.challenge, PledgeWords("Shops.", NOW + timedelta(days=9)))
    assert cocreation.pledge_debts.count(NOW) == (2, 1)
    asked = question_ask(here.anna, here.space, QuestionWords("Why is the zip glued?"), when=here.at)
    third = pledge_make(here.lea, asked, PledgeWords("A zip.", NOW + timedelta(days=10)))
    assert [(debt.quote, debt.place) for debt in told(cocreation.pledge_debts)] == [
        (what, here.space.title) for what in ("A bag.", "Shops.", "A zip.")
    ], "wherever it was promised, the place is the space"
    pledge_keep(here.lea, third.pk, "Done.")
    moved = pledge_replace(here.lea, late.pk, PledgeWords("A bag.", NOW + timedelta(days=20)))
    assert [debt.id for debt in told(cocreation.pledge_debts)][1] == str(moved.pk)
    pledge_keep(here.lea, moved.pk, "Done.")
    assert cocreation.pledge_debts.count(NOW) == (1, 0)


def test_a_day_to_look_again_comes_back(here: Place) -> None:
    made, other = idea(here, here.anna), idea(here, here.ben, "A clip")
    soon = (here.at + timedelta(days=1)).date()
    decision_write(here.lea, made.pk, TAKEN._replace(outcome="later", again=soon), when=here.at)
    decision_write(
        here.lea,
        other.pk,
        TAKEN._replace(outcome="later", again=(NOW + timedelta(days=9)).date()),
        when=here.at,
    )
    (debt,) = told(cocreation.again_debts)
    assert (debt.quote, debt.place, debt.id) == (
        "A buckle",
        here.space.title,
        str(Decision.objects.get(contribution=made).pk),
    )
    assert debt.due is not None
    assert debt.due <= NOW
    decision_write(here.lea, made.pk, TAKEN)
    assert told(cocreation.again_debts) == []


def test_a_challenge_past_its_day_says_what_was_made(here: Place) -> None:
    assert told(cocreation.outcome_debts) == []
    late = NOW + timedelta(days=30)
    assert [debt.id for debt in cocreation.outcome_debts.oldest(late, 0, None, 9)] == [str(here.challenge.pk)]
    outcome_make(here.lea, here.challenge.pk, OutcomeWords("A bag", "", here.at.date()), [])
    assert cocreation.outcome_debts.oldest(late, 0, None, 9) == []


def test_a_vote_waits_to_be_honoured(installed: Path, place: Callable[..., Place]) -> None:
    here = place("made", "decide", at=NOW - timedelta(days=3))
    Poll.objects.update(opened=here.at - timedelta(days=25), closed=here.at - timedelta(days=15))
    assert told(cocreation.vote_debts) == []
    Poll.objects.update(counted=here.at - timedelta(days=15))
    poll = Poll.objects.get()
    for number, decided in enumerate((True, False), 1):  # counted again: the newest one says
        body = {"decided": decided, "winners": [1] if decided else []}
        Result.objects.create(poll=poll, number=number, ballots=2, final=True, body=body, at=here.at)
        assert len(told(cocreation.vote_debts)) == int(decided), "what decided nothing is owed nothing"
    at_last = {"decided": True, "winners": [1]}
    Result.objects.create(poll=poll, number=3, ballots=9, final=True, body=at_last, at=here.at)
    assert cocreation.vote_debts.count(NOW)[0] == 1
    late = NOW + timedelta(days=30)
    assert cocreation.outcome_debts.oldest(late, 0, None, 9) == [], "one line, not two"
    outcome_make(here.lea, here.challenge.pk, OutcomeWords("A bag", "", here.at.date()), [])
    assert told(cocreation.vote_debts) == []


def test_one_space_tells_its_own_and_nothing_else(here: Place) -> None:
    """Whatever way a debt leads to its space: of all providers, the spaces together are everything."""
    other = cocreation.space_make(here.lea, cocreation.SpaceWords("Bags"), slug="bags", when=here.at)
    for number, space in enumerate((here.space, other, other)):
        asked = question_ask(here.anna, space, QuestionWords(f"Why is it glued, {number}?"), when=here.at)
        Interpellation.objects.filter(pk=asked.pk).update(reached=here.at, due=NOW - timedelta(hours=1))
        pledge_make(here.lea, asked, PledgeWords(f"A zip, {number}.", NOW + timedelta(days=10)))
    made = idea(here, here.anna)
    for where in (made, here.challenge):
        pledge_make(here.lea, where, PledgeWords("Shops.", NOW + timedelta(days=9)))
    soon = (here.at + timedelta(days=1)).date()
    decision_write(here.lea, made.pk, TAKEN._replace(outcome="later", again=soon), when=here.at)
    numbers = {}
    for provider in PROVIDERS:
        ours, theirs = (
            provider.oldest(NOW, 0, None, 50, Only(cocreation.CHANNEL, place=slug))
            for slug in (here.space.slug, "bags")
        )
        both = sorted(ours + theirs, key=lambda debt: (debt_moment(debt), int(debt.id)))
        assert both == told(provider), provider.kind
        assert {debt.place for debt in theirs} <= {"Bags"}, provider.kind
        numbers[provider.kind] = (len(ours), len(theirs))
        after = (NOW - timedelta(days=400), "")
        assert provider.oldest(NOW, 0, after, 50, Only(cocreation.CHANNEL, place="bags")) == theirs
        assert provider.oldest(NOW, 0, None, 50, Only(cocreation.CHANNEL, place="none")) == []
    assert (numbers["interpellation"], numbers["pledge"], numbers["again"]) == ((1, 2), (3, 2), (1, 0))


def test_pages_show_everything_once_and_in_order(here: Place) -> None:
    made = idea(here, here.anna)
    days = (5, 3, 3, 3, 1, 8, 8)
    for number, day in enumerate(days):
        pledge_make(here.lea, made, PledgeWords(f"Bag {number}.", NOW + timedelta(days=day)))
        asked = question_ask(here.anna, here.space, QuestionWords(f"Why {number}?"))
        Interpellation.objects.filter(pk=asked.pk).update(reached=NOW, due=NOW + timedelta(days=day))
        other = idea(here, here.ben, f"Clip {number}")
        again = (here.at + timedelta(days=1 + number // 4)).date()
        decision_write(here.lea, other.pk, TAKEN._replace(outcome="later", again=again), when=here.at)
    for provider in (cocreation.pledge_debts, cocreation.interpellation_debts, cocreation.again_debts):
        whole = [debt.id for debt in provider.oldest(NOW, 0, None, 50)]
        assert len(whole) == len(days)
        assert list(paged(provider)) == whole, provider.kind
        moments = [debt_moment(debt) for debt in provider.oldest(NOW, 0, None, 50)]
        assert moments == sorted(moments)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.kind)
def test_a_cursor_that_makes_no_sense_is_refused_and_nothing_is_handed_to_anybody(
    db: None, provider: Debts
) -> None:
    assert provider.oldest(NOW, 0, (NOW, ""), 5) == []
    with pytest.raises(ValueError, match="invalid literal"):
        provider.oldest(
            NOW.replace(hour=0, minute=0, second=0), 0, (NOW.replace(hour=0, minute=0, second=0), "x"), 5
        )
    assert provider.oldest(NOW, 0, None, 5, Only(mine=True)) == []
    assert provider.oldest(NOW, 0, None, 5, Only(channel="forum")) == []


def test_members_see_none_of_it(here: Place) -> None:
    assert {provider.permission for provider in PROVIDERS} == {"desk.see"}
    assert isinstance(here.anna, Member)
    assert here.anna.user is not None
    assert not here.anna.user.may("desk.see")
