"""Protects results: counted from the ballots by the locked rules, and telling nothing of few."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, idea, voting
from django.db import IntegrityError, transaction

from estime.cocreation import api
from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import ballots_digest
from estime.cocreation.actions.counting import poll_count, poll_count_interim
from estime.cocreation.actions.opening import poll_open
from estime.cocreation.actions.options import (
    options_from_contributions,
)
from estime.cocreation.lots import drawn
from estime.cocreation.models import Result
from estime.cocreation.parameters import LEAST_TOLD
from estime.cocreation.queries.power import votes_counted
from estime.kernel import clock
from estime.web.result_words import finding

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_the_result_tells_how_it_came_about_and_stays(place: Factory):
    made, poll = voting(place)
    members = crowd(25)
    choices = [[1]] * 15 + [[2]] * 8 + [[1, 2]] * 2
    cast_all(poll, members, choices, start=made.at, step=timedelta(hours=1))
    result = counted(poll)
    body = result.body
    assert (body["voters"], body["winners"], body["decided"], body["told"]) == (25, [1], True, "all")
    assert body["scores"]["1"]["score"] == 17 / 25
    assert body["scores"]["1"]["low"] < 17 / 25 < body["scores"]["1"]["high"]
    assert body["fragility"]["any_single_voter"]["computed"]
    assert body["fragility"]["bootstrap"]["winners"]["1"] > 0.9
    assert body["rules"]["seed"] == poll.seed
    assert body["rules"]["digest"] == ballots_digest(poll)
    assert poll_count(poll).pk == result.pk, "counted twice is the same count"
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(body={})


def test_young_and_look_alike_accounts_are_told_as_totals_only(place: Factory):
    made, poll = voting(place)
    old, young = crowd(20), crowd(6, before=timedelta(days=1))
    cast_all(poll, old, [[1]] * 11 + [[2]] * 9, start=made.at, step=timedelta(hours=2))
    cast_all(poll, young, [[2]] * 6, start=made.at + timedelta(minutes=31), step=timedelta(seconds=20))
    told = counted(poll).body
    frail = told["fragility"]
    assert told["winners"] == [2]
    assert (frail["without_new_accounts"]["left_out"], frail["without_new_accounts"]["winners"]) == (6, ["1"])
    assert frail["without_look_alikes"]["changes"] is True
    assert frail["without_look_alikes"]["left_out"] == 6
    assert frail["without_look_alikes"]["false_positive_rate"] is not None
    words = orjson.dumps(told).decode()
    assert not any(
        member.handle in words or f'"{member.pk}"' in words for member in (*old, *young) if member.pk > 9
    )


def test_fewer_than_five_accounts_left_out_tell_nothing(place: Factory):
    made, poll = voting(place)
    cast_all(poll, crowd(20), [[1]] * 10 + [[2]] * 10, start=made.at, step=timedelta(hours=1))
    ballot_cast(poll, crowd(1, before=timedelta(days=1))[0], [2], when=made.at + MINUTE)
    frail = counted(poll).body["fragility"]["without_new_accounts"]
    assert frail == {"computed": False, "changes": None, "why": "few", "fewer_than": 5, "days": 7}


@pytest.mark.parametrize(
    ("voters", "told"), [(0, "nothing"), (2, "nothing"), (3, "winners"), (4, "winners"), (5, "all")]
)
def test_few_ballots_tell_no_figures(place: Factory, voters: int, told: str):
    made, poll = voting(place)
    cast_all(poll, crowd(voters), [[1]] * voters, start=made.at, step=MINUTE)
    body = counted(poll).body
    assert body["told"] == told
    assert bool(body["winners"]) == (told != "nothing")
    assert ("scores" in body) == ("fragility" in body) == (told == "all")


def test_too_few_voters_decide_nothing(place: Factory):
    made, poll = voting(place, rules={"threshold": 10})
    cast_all(poll, crowd(9), [[1]] * 9, start=made.at, step=MINUTE)
    body = counted(poll).body
    assert body["winners"] == [1]
    assert body["decided"] is False


def test_a_vote_of_two_says_that_it_decides_nothing_and_is_owed_nothing(place: Factory):
    """Also where it names no threshold: three is the least that can bind."""
    made, poll = voting(place)
    assert poll.threshold == LEAST_TOLD
    cast_all(poll, crowd(2), [[1]] * 2, start=made.at, step=MINUTE)
    result = counted(poll)
    poll.refresh_from_db()
    assert finding(poll, result, {}) == "Too few people voted: this decides nothing."
    late = clock.now() + timedelta(days=400)
    assert api.vote_debts.count(late) == (0, 0)
    assert votes_counted(made.space, late) == []


@pytest.mark.parametrize("ties", ["shared", "older", "drawn"])
def test_ties_go_by_the_rule_that_was_locked(place: Factory, ties: str):
    made, poll = voting(place, rules={"ties": ties})
    cast_all(poll, crowd(6), [[2, 3, 4]] * 6, start=made.at, step=MINUTE)
    body = counted(poll).body
    expected = {"shared": [2, 3, 4], "older": [2], "drawn": drawn(poll.seed, [2, 3, 4])[:1]}[ties]
    assert body["winners"] == expected
    assert body["ties"] == [["2", "3", "4"]]


def test_a_budget_is_never_exceeded_and_ties_are_drawn_by_the_seed(place: Factory):
    made, poll = voting(place, "budget", 4, rules={"ties": "drawn"}, budget="20")
    cast_all(poll, crowd(8), [[1, 2, 3, 4]] * 8, start=made.at, step=MINUTE)
    body = counted(poll).body
    assert set(body["winners"]) == set(drawn(poll.seed, [1, 2, 3, 4])[:2])
    assert body["detail"]["spent"] == 20


@pytest.mark.parametrize(
    ("method", "choice"),
    [("score", {"2": 5}), ("ranked", [[2], [1]]), ("pairwise", [1, 2, 1]), ("budget", [2])],
)
def test_every_method_counts_from_the_ballots(place: Factory, method: str, choice: Any):
    made, poll = voting(place, method)
    cast_all(poll, crowd(6), [choice] * 6, start=made.at, step=MINUTE)
    assert counted(poll).body["winners"] == [2]


def test_options_brought_together_are_told_with_each_voter_once(place: Factory):
    made, poll = voting(place, options=2, run=False)
    first, second = idea(made, "A clip"), idea(made, "A clasp")
    options_from_contributions(made.lea, poll, [first, second])
    poll.refresh_from_db()
    poll = poll_open(poll, when=made.at - MINUTE)
    cast_all(poll, crowd(7), [[3], [4], [3, 4], [3, 4], [1], [1], [1]], start=made.at, step=MINUTE)
    type(first).objects.filter(pk=second.pk).update(together=first)
    body = counted(poll).body
    assert body["together"] == [{"options": [3, 4], "people": 4}]
    assert body["winners"] == [1, 3, 4] or body["winners"] == [1], "separate options keep their own counts"
    assert body["detail"]["approvals"]["3"] == 3


def test_interim_results_are_ten_ballots_apart(place: Factory):
    made, poll = voting(place, "groups", 6)
    members = crowd(25)
    for member in members[:9]:
        ballot_cast(poll, member, {"1": 1, "2": -1}, when=made.at)
    assert poll_count_interim(poll) is None
    ballot_cast(poll, members[9], {"1": 1}, when=made.at)
    first = poll_count_interim(poll)
    assert first is not None
    assert (first.ballots, first.final) == (10, False)
    for member in members[10:19]:
        ballot_cast(poll, member, {"1": 1}, when=made.at)
    assert poll_count_interim(poll) is None, "the difference of two results would be nine ballots"
    assert "groups" in first.body
    assert first.body["winners"] == []


def test_opinion_groups_leave_as_counts_and_cells(place: Factory):
    made, poll = voting(place, "groups", 8)
    members = crowd(60)
    for place_, member in enumerate(members):
        side = 1 if place_ % 2 else -1
        votes = {str(n): side if n % 2 else -side for n in range(1, 8)} | {"8": 1}
        ballot_cast(poll, member, votes, when=made.at)
    told = counted(poll).body["groups"]
    assert told["stable"]
    assert sorted(told["sizes"].values()) == [30, 30]
    assert sum(cell[3] for cell in told["picture"]) == 60
    assert min(cell[3] for cell in told["picture"]) >= 3
    assert {s["id"] for s in told["statements"] if s["kind"] == "divides"} == {str(n) for n in range(1, 8)}
    assert "participants" in told
    assert "positions" not in told
