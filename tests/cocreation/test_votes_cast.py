"""Protects ballots: what is one, who may cast it, that it can be changed and taken back while the vote runs."""

from datetime import timedelta
from typing import Any

import pytest
from cocreation.voting import Factory, crowd, idea, the_content, voting

from estime.cocreation import api
from estime.cocreation.actions.ballots import ballot_cast, ballot_withdraw
from estime.cocreation.actions.options import (
    option_hide,
    option_propose,
)
from estime.cocreation.errors import (
    BallotInvalid,
    NotAllowed,
    NotEligible,
    PollInvalid,
    SlowDown,
    VoteNotOpen,
    VoteOver,
)
from estime.cocreation.models import Ballot, Link, Voter
from estime.ledger.models import Act

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_first_vote_is_told_to_the_ledger_a_changed_one_is_not(place: Factory):
    made, poll = voting(place)
    assert ballot_cast(poll, made.anna, [2, 1], when=made.at).first
    assert not ballot_cast(poll, made.anna, [3], when=made.at).first
    assert the_content(poll) == [3]
    act = Act.objects.get(object_type="Vote")
    assert (act.type, act.object_id, act.context) == (
        "Create",
        f"poll/{poll.pk}",
        f"challenge/{made.challenge.pk}",
    )
    assert act.value is act.content is act.extra is None


def test_taking_back_leaves_no_ballot_and_voting_again_is_possible(place: Factory):
    made, poll = voting(place)
    assert not ballot_withdraw(poll, made.anna, when=made.at)
    ballot_cast(poll, made.anna, [1], when=made.at)
    assert ballot_withdraw(poll, made.anna, when=made.at)
    assert not ballot_withdraw(poll, made.anna, when=made.at)
    assert not Ballot.objects.exists()
    assert not Link.objects.exists()
    assert Voter.objects.count() == 1
    assert not ballot_cast(poll, made.anna, [2], when=made.at).first
    assert the_content(poll) == [2]
    assert list(Act.objects.filter(object_type="Vote").order_by("seq").values_list("type", flat=True)) == [
        "Create",
        "Delete",
        "Create",
    ]


def test_time_refuses_a_ballot_though_no_job_has_closed_the_vote(place: Factory):
    made, poll = voting(place)
    with pytest.raises(VoteOver):
        ballot_cast(poll, made.anna, [1], when=poll.closes)
    with pytest.raises(VoteNotOpen):
        ballot_cast(poll, made.anna, [1], when=poll.opens - MINUTE)
    assert not Voter.objects.exists()
    assert not Act.objects.filter(object_type="Vote").exists()


@pytest.mark.parametrize(
    ("method", "choice", "kept"),
    [
        ("approval", [3, 1], [1, 3]),
        ("approval", [], []),
        ("score", {"2": 5, 1: 0}, {"2": 5}),
        ("ranked", [[3], [2, 1]], [[3], [1, 2]]),
        ("budget", [4], [4]),
        ("pairwise", [3, 1, -1], [[1, 3, 1]]),
        ("groups", {"2": -1}, {"2": -1}),
    ],
)
def test_a_choice_is_kept_in_one_form(place: Factory, method: str, choice: Any, kept: Any):
    made, poll = voting(place, method)
    assert ballot_cast(poll, made.anna, choice, when=made.at).choice == kept
    assert the_content(poll) == kept


@pytest.mark.parametrize(
    ("method", "choice"),
    [
        ("approval", [5]), ("approval", [1, 1]), ("approval", [True]), ("approval", "1"), ("approval", [1, 2, 3]),
        ("score", {"1": 6}), ("score", {"1": -1}), ("score", {"1": 2.5}), ("score", {"x": 1}), ("score", [1]),
        ("score", {"1": 1, 1: 2}), ("ranked", [1, 2]), ("ranked", [[1], [1]]), ("ranked", [[]]), ("ranked", [[9]]),
        ("budget", [1, 2, 3, 4]), ("pairwise", [1, 1, 0]), ("pairwise", [1, 2]), ("pairwise", [1, 2, 5]),
        ("pairwise", [1, 9, 1]), ("approval", [-1]), ("approval", [float("nan")]), ("approval", [10**30]),
        ("score", {"1": float("nan")}), ("score", {"1": 10**30}), ("score", {"-1": 1}), ("ranked", [[[1]]]),
        ("ranked", [{"1": 1}]), ("budget", [None]), ("pairwise", [1, 2, float("nan")]), ("groups", {"1": True}),
        ("groups", {"\u0661": 1, "1": 1}), ("groups", {}), ("groups", {"1": 2}), ("groups", {"9": 1}), ("groups", None),
    ],
)  # fmt: skip
def test_what_is_no_ballot_leaves_no_trace(place: Factory, method: str, choice: Any):
    limits: dict[str, Any] = {"approval": {"most": 2}, "budget": {"within": True}}.get(method, {})
    made, poll = voting(place, method, **limits)
    with pytest.raises(BallotInvalid):
        ballot_cast(poll, made.anna, choice, when=made.at)
    assert not any(table.objects.exists() for table in (Voter, Ballot, Link))
    assert not Act.objects.filter(object_type="Vote").exists()


def test_answers_one_by_one_add_up_and_may_be_changed(place: Factory):
    made, poll = voting(place, "pairwise")
    for answer in ([1, 2, -1], [3, 2, 1], [2, 1, -1]):
        ballot_cast(poll, made.anna, answer, when=made.at)
    assert the_content(poll) == [[1, 2, 1], [2, 3, -1]], "1 against 2 was answered anew"


def test_who_may_vote(place: Factory):
    made, poll = voting(place, rules={"who": "before"})
    (late,) = crowd(1, before=timedelta(days=1))
    for other in (made.lea, made.remi, made.alix, late):
        with pytest.raises(NotEligible):
            ballot_cast(poll, other, [1], when=made.at)
    ballot_cast(poll, made.anna, [1], when=made.at)
    made.anna.user.is_active = False
    with pytest.raises(NotEligible):
        ballot_cast(poll, made.anna, [2], when=made.at)


def test_only_who_contributed_votes_where_the_rule_says_so(place: Factory):
    made, poll = voting(place, rules={"who": "contributors"})
    with pytest.raises(NotEligible):
        ballot_cast(poll, made.anna, [1], when=made.at)
    from estime.cocreation.models import Author

    Author.objects.create(contribution=idea(made, "Mine"), member=made.anna, number=1, accepted=made.at)
    ballot_cast(poll, made.anna, [1], when=made.at)
    with pytest.raises(NotEligible):
        ballot_cast(poll, made.ben, [1], when=made.at)


def test_members_add_statements_within_limits_and_moderators_take_some_out(place: Factory):
    made, poll = voting(place, "groups", 1)
    added = option_propose(made.anna, poll, "  The cap is too small ", when=made.at)
    assert option_propose(made.ben, poll, "the CAP is too small", when=made.at).pk == added.pk
    for number in range(9):
        option_propose(made.anna, poll, f"Statement {number}", when=made.at)
    with pytest.raises(SlowDown):
        option_propose(made.anna, poll, "One more", when=made.at)
    with pytest.raises(NotAllowed):
        option_hide(made.ben, added, "hateful", when=made.at)
    with pytest.raises(PollInvalid):
        option_hide(made.mo, added, "because", when=made.at)
    option_hide(made.mo, added, "hateful", when=made.at)
    option_hide(made.mo, added, "hateful", when=made.at)
    with pytest.raises(BallotInvalid):
        ballot_cast(poll, made.ben, {str(added.number): 1}, when=made.at)
    assert api.options_hidden(poll) == [(added.number, "hateful")]
