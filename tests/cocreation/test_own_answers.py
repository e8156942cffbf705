"""Protects that one answer of a vote is changed or taken back by itself, until the closing; nothing else moves.

In votes between two and on statements; the other methods have one ballot that is changed as a whole.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from cocreation.voting import Factory, crowd, voting
from django.db import connection

from estime.cocreation import api
from estime.cocreation.errors import BallotInvalid, VoteOver
from estime.cocreation.models import Ballot, Link, Option, Voter
from estime.ledger.models import Act

ANSWERS = {"groups": [{"1": 1}, {"2": -1}, {"3": 0}], "pairwise": [[1, 2, -1], [2, 3, 1], [1, 3, 0]]}


def answered(place: Factory, method: str) -> tuple[Any, Any]:
    made, poll = voting(place, method, 3)
    for answer in ANSWERS[method]:
        api.ballot_cast(poll, made.anna, answer, when=made.at)
        api.ballot_cast(poll, made.ben, answer, when=made.at)
    return made, poll


def told(poll: Any, member: Any) -> list[tuple[list[int], int]]:
    return [([one.number for one in own.options], own.said) for own in api.answers_own(poll, member)]


@pytest.mark.usefixtures("on_both")
@pytest.mark.parametrize(("method", "about"), [("groups", [2]), ("pairwise", [3, 2])])
def test_one_answer_goes_and_the_others_stay(place: Factory, method: str, about: list[int]):
    made, poll = answered(place, method)
    before = told(poll, made.anna)
    left = [each for each in before if sorted(each[0]) != sorted(about)]
    for _again in range(2):  # a double click
        api.answer_withdraw(poll, made.anna, about, when=made.at)
        assert told(poll, made.anna) == left
    assert len(left) == 2
    assert told(poll, made.ben) == before, "nobody else's"
    for numbers, _said in left:
        last = api.answer_withdraw(poll, made.anna, numbers, when=made.at)
    assert last is None
    assert not Link.objects.filter(poll=poll, member=made.anna).exists()
    assert Ballot.objects.filter(poll=poll).count() == 1, "an empty ballot is none"
    assert Voter.objects.filter(poll=poll).count() == 2
    acts = Act.objects.filter(object_type="Vote", object_id=f"poll/{poll.pk}").order_by("seq")
    assert list(acts.values_list("type", flat=True)) == ["Create", "Create", "Delete"]
    assert api.answer_withdraw(poll, made.anna, about, when=made.at) is None
    api.ballot_cast(poll, made.anna, ANSWERS[method][0], when=made.at)
    assert len(told(poll, made.anna)) == 1


@pytest.mark.django_db
def test_what_is_no_answer_is_refused_and_nothing_moves_after_the_closing(place: Factory):
    made, poll = answered(place, "pairwise")
    before = [each.content for each in Ballot.objects.filter(poll=poll)]
    for numbers in ([1], [1, 1], [1, 2, 3], []):
        with pytest.raises(BallotInvalid):
            api.answer_withdraw(poll, made.anna, numbers, when=made.at)
    with pytest.raises(VoteOver):
        api.answer_withdraw(poll, made.anna, [1, 2], when=poll.closes)
    assert [each.content for each in Ballot.objects.filter(poll=poll)] == before


@pytest.mark.django_db
def test_a_ballot_that_is_one_whole_has_no_answers(place: Factory):
    made, poll = voting(place)
    api.ballot_cast(poll, made.anna, [1], when=made.at)
    with pytest.raises(BallotInvalid):
        api.answer_withdraw(poll, made.anna, [1], when=made.at)
    assert (api.ballot_own(poll, made.anna), api.answers_own(poll, made.anna)) == ([1], [])


@pytest.mark.django_db
def test_an_answer_about_what_was_taken_out_can_only_be_taken_back(place: Factory):
    made, poll = answered(place, "groups")
    api.option_hide(made.lea, Option.objects.get(poll=poll, number=2), "elsewhere", when=made.at)
    assert [own.asked for own in api.answers_own(poll, made.anna)] == [True, False, True]
    with pytest.raises(BallotInvalid):
        api.ballot_cast(poll, made.anna, {"2": 1}, when=made.at)
    assert api.answer_withdraw(poll, made.anna, [2], when=made.at) == {"1": 1, "3": 0}


@pytest.mark.usefixtures("on_both")
def test_answering_and_taking_back_at_once_loses_no_answer(place: Factory):
    """Each window of one member does its own answers: none is written over by another one’s."""
    made, poll = voting(place, "groups", 8)
    (member,) = crowd(1)
    start = threading.Barrier(8)

    def window(number: int) -> None:
        start.wait(30)
        try:
            api.ballot_cast(poll, member, {str(number): 1}, when=made.at)
            if number % 2:
                api.answer_withdraw(poll, member, [number], when=made.at + timedelta(seconds=1))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(window, range(1, 9))) == [None] * 8
    assert api.ballot_own(poll, member) == {"2": 1, "4": 1, "6": 1, "8": 1}
    assert Ballot.objects.filter(poll=poll).count() == Link.objects.filter(poll=poll).count() == 1
