"""Protects votes from their rules to their sealing: what is locked, what is a ballot, what is counted and told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting
from django.db import IntegrityError, transaction

from estime.cocreation import api
from estime.cocreation.actions.ballots import ballot_cast, ballot_withdraw
from estime.cocreation.actions.closing import ballots_digest, poll_close, poll_seal
from estime.cocreation.actions.counting import poll_count, poll_count_interim
from estime.cocreation.actions.objections import objection_answer, poll_object
from estime.cocreation.actions.opening import poll_begin, poll_open
from estime.cocreation.actions.options import (
    option_add,
    option_hide,
    option_propose,
    option_remove,
    options_from_contributions,
)
from estime.cocreation.actions.polls import PollRules, poll_change, poll_draft, poll_lock
from estime.cocreation.amounts import amount_read
from estime.cocreation.errors import (
    BallotInvalid,
    BallotsAltered,
    NotAllowed,
    NotEligible,
    NotNow,
    PollInvalid,
    RulesLocked,
    SlowDown,
    VoteNotOpen,
    VoteOver,
)
from estime.cocreation.lots import drawn
from estime.cocreation.models import Ballot, Event, Link, Option, Poll, Result, Voter
from estime.cocreation.parameters import LEAST_TOLD, rules_read
from estime.cocreation.queries.power import votes_counted
from estime.cocreation.queries.votes import poll_state
from estime.cocreation.vote_jobs import votes_due, votes_job
from estime.kernel import clock
from estime.ledger.models import Act
from estime.web.result_words import finding

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def the_content(poll: Poll) -> Any:
    return orjson.loads(Ballot.objects.get(poll=poll).content)


# -- rules ---------------------------------------------------------------------------------------------------------


def test_rules_and_seed_are_locked_when_the_challenge_opens(place: Factory):
    made, poll = voting(place, run=False)
    assert poll.locked is not None
    assert 0 < poll.seed < 1 << 53
    with pytest.raises(RulesLocked):
        poll_change(made.lea, poll, PollRules("Another", "score"))
    for change in ({"seed": 1}, {"method": "score"}, {"ties": "drawn"}, {"threshold": 4}, {"title": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Poll.objects.filter(pk=poll.pk).update(**change)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (PollRules("x", "lottery"), "method"),
        (PollRules("x", "score", {"top": 0}), "top"),
        (PollRules("x", "approval", {"colour": "red"}), "colour"),
        (PollRules("x", "budget"), "budget"),
        (PollRules("x", "budget", {"budget": "5.000"}), "budget"),
        (PollRules("x", "approval", {"seats": "two"}), "seats"),
        (PollRules("x", "budget", {"budget": "10", "options": "all"}), "options"),
        (PollRules("x", "budget", {"budget": "10"}, ties="shared"), "ties"),
        (PollRules("x", "groups"), "method"),
        (PollRules("x", threshold=-1), "threshold"),
        (PollRules("x", threshold=2), "threshold"),
        (PollRules("x", who="friends"), "who"),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name(place: Factory, rules: PollRules, field: str):
    made = place("vote", "decide", opened=False)
    with pytest.raises(PollInvalid) as refused:
        poll_draft(made.lea, made.challenge, rules)
    assert refused.value.data["field"] == field
    assert "usual value" not in refused.value.todo, "a budget has none"
    assert not Poll.objects.exists()


def test_a_binding_vote_cannot_be_added_to_an_open_challenge_another_one_can(place: Factory):
    made = place("build", "decide")
    with pytest.raises(PollInvalid):
        poll_draft(made.lea, made.challenge, PollRules("Late"))
    late = poll_draft(made.lea, made.challenge, PollRules("What do you think?", "groups", binding=False))
    option_add(made.lea, late, "The lid is too small")
    assert poll_lock(made.lea, late).locked is not None


def test_only_who_leads_the_challenge_prepares_its_vote(place: Factory):
    made = place("vote", "decide", opened=False)
    for other in (made.anna, made.remi, made.mo):
        with pytest.raises(NotAllowed):
            poll_draft(other, made.challenge, PollRules("x"))


def test_what_stands_in_the_challenge_is_up_for_the_vote_where_the_rule_says_so(place: Factory):
    made = place("vote", "choose", opened=False)
    poll = poll_draft(made.lea, made.challenge, PollRules("Which?", "approval", {"options": "all"}))
    made.open()
    ideas = [idea(made, f"Idea {n}") for n in range(4)]
    type(ideas[0]).objects.filter(pk=ideas[1].pk).update(hidden=True)
    type(ideas[0]).objects.filter(pk=ideas[2].pk).update(together=ideas[0])
    poll.refresh_from_db()
    poll_open(poll, when=poll.opens)
    assert [o.contribution_id for o in Option.objects.filter(poll=poll)] == [ideas[0].pk, ideas[3].pk]


def idea(made: Any, title: str) -> Any:
    from estime.cocreation.models import Contribution

    return Contribution.objects.create(
        space=made.space, challenge=made.challenge, kind="idea", title=title, author=made.anna, at=made.at,
        changed=made.at, channel="estime", source=f"test/{title}",
    )  # fmt: skip


def test_options_do_not_change_once_a_vote_runs(place: Factory):
    made, poll = voting(place)
    option = Option.objects.filter(poll=poll).first()
    assert option is not None
    for deed in (
        lambda: option_add(made.lea, poll, "Late"),
        lambda: option_remove(made.lea, option),
        lambda: options_from_contributions(made.lea, poll),
    ):
        with pytest.raises(RulesLocked):
            deed()
    with pytest.raises(NotAllowed):
        option_propose(made.anna, poll, "Mine", when=made.at)


@pytest.mark.parametrize("written", ["5 000,50", "5\u202f000,50", "5\u00a0000,50", "5,000.50", "5000.50"])
def test_amounts_are_read_as_french_and_english_write_them(place: Factory, written: str):
    made = place("vote", "decide", opened=False)
    poll = poll_draft(made.lea, made.challenge, PollRules("x", "budget", {"budget": written}))
    assert rules_read(poll).budget == Decimal("5000.50")
    assert option_add(made.lea, poll, "A clip", cost=written).cost == Decimal("5000.50")


@pytest.mark.parametrize("text", ["", "0", "0,00", "-5", "1e3", "5.000", "1 00", "٣٤", "9" * 13, "9" * 5000])
def test_what_could_be_another_amount_is_none(text: str):
    assert amount_read(text) is None


def test_the_same_words_are_one_option_and_nearly_the_same_are_refused(place: Factory):
    made, poll = voting(place, "budget", 1, run=False)
    first = option_add(made.lea, poll, "Étui refermable", cost="12")
    assert option_add(made.lea, poll, "  Étui refermable ", cost="12,00").pk == first.pk, "a double click"
    for title, cost in (("etui  REFERMABLE", "12"), ("Étui refermable", "13")):
        with pytest.raises(PollInvalid) as refused:
            option_add(made.lea, poll, title, cost=cost)
        assert refused.value.data["field"] == "title"
        assert "Étui refermable" in refused.value.message
    with pytest.raises(IntegrityError), transaction.atomic():  # past the action
        Option.objects.create(poll=poll, number=9, title="x", own=first.own, cost=1, at=made.at)
    twins = [idea(made, "A clip"), idea(made, "a CLIP")]
    for one in twins:
        option_add(made.lea, poll, one.title, cost="1", contribution=one)
    assert Option.objects.filter(poll=poll).count() == 4, "two ideas of the same name stay two"


def test_a_member_who_proposes_what_is_there_is_given_that(place: Factory):
    made, poll = voting(place, "groups")
    one = option_propose(made.anna, poll, "Le bouchon est trop dur", when=made.at)
    assert option_propose(made.ben, poll, "LE BOUCHON  est trop dûr", when=made.at) == one


def test_where_everything_is_up_for_the_vote_nobody_chooses(place: Factory):
    made = place("vote", "choose", opened=False)
    poll = poll_draft(made.lea, made.challenge, PollRules("Which?", "approval", {"options": "all"}))
    for deed in (
        lambda: option_add(made.lea, poll, "One more"),
        lambda: options_from_contributions(made.lea, poll),
    ):
        with pytest.raises(PollInvalid):
            deed()
    chosen = poll_draft(made.lea, made.challenge, PollRules("Which?"))
    option_add(made.lea, chosen, "A clip")
    with pytest.raises(PollInvalid):
        poll_change(made.lea, chosen, PollRules("Which?", "approval", {"options": "all"}))


def test_a_contribution_put_up_twice_is_one_option(place: Factory):
    made, poll = voting(place, run=False)
    one = idea(made, "A clip")
    options_from_contributions(made.lea, poll, [one])
    options_from_contributions(made.lea, poll, [one])
    assert Option.objects.filter(poll=poll, contribution=one).count() == 1


# -- casting -------------------------------------------------------------------------------------------------------


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


# -- counting ------------------------------------------------------------------------------------------------------


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


# -- closing, objections, sealing ----------------------------------------------------------------------------------


def test_what_is_written_past_estime_is_noticed(place: Factory):
    made, poll = voting(place)
    cast_all(poll, made.members, [[1]] * 4, start=made.at, step=MINUTE)
    poll_close(poll, when=poll.closes)
    ballot = Ballot.objects.filter(poll=poll).first()
    assert ballot is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(content="[2]")
    Poll.objects.filter(pk=poll.pk).update(
        sealing=True
    )  # what the triggers let through is seen by the digest
    Ballot.objects.filter(pk=ballot.pk).update(content="[2]")
    with pytest.raises(BallotsAltered):
        poll_count(poll)


def test_a_vote_ends_at_its_time_and_not_before(place: Factory):
    _made, poll = voting(place)
    with pytest.raises(NotNow):
        poll_close(poll, when=poll.closes - MINUTE)
    closed = poll_close(poll, when=poll.closes)
    assert closed.objections_until == poll.closes + timedelta(days=7)
    with pytest.raises(NotNow):
        poll_seal(poll, when=poll.closes + timedelta(days=30))


def test_objections_wait_for_an_answer_by_name_and_hold_the_sealing(place: Factory):
    made, poll = voting(place)
    cast_all(poll, made.members, [[1], [1], [2], [3]], start=made.at, step=MINUTE)
    with pytest.raises(NotNow):
        poll_object(made.anna, poll, "Too early", when=made.at)
    counted(poll)
    later = poll.closes + timedelta(days=1)
    with pytest.raises(NotAllowed):
        poll_object(made.remi, poll, "I did not vote", when=later)
    said = poll_object(made.anna, poll, "The page was down for an hour.", when=later)
    assert poll_object(made.anna, poll, "Again", when=later).pk == said.pk
    over = poll.closes + timedelta(days=8)
    assert api.objection_debts.count(later) == (1, 0)
    assert api.objection_debts.count(over) == (1, 1)
    (debt,) = api.objection_debts.oldest(later, 0, None, 5)
    assert (debt.quote, debt.place) == ("The page was down for an hour.", made.space.title)
    with pytest.raises(NotNow):
        poll_seal(poll, when=over)
    with pytest.raises(NotAllowed):
        objection_answer(made.ben, said, "Me", when=later)
    answered = objection_answer(made.lea, said, "It was, and the vote went on for a day more.", when=over)
    assert answered.name == "Léa Martin"
    assert api.objection_debts.count(over) == (0, 0)
    with pytest.raises(NotNow):
        objection_answer(made.remi, said, "Another", when=over)
    again = poll_count(poll, again=True, when=over)
    assert (again.number, Result.objects.filter(poll=poll).count()) == (2, 2)
    assert poll_seal(poll, when=over).sealed == over
    with pytest.raises(NotNow):
        poll_object(made.ben, poll, "Late", when=over)


def test_sealing_destroys_the_links_and_keeps_the_ballots(place: Factory):
    made, poll = voting(place)
    cast_all(poll, crowd(12), [[1 + n % 3] for n in range(12)], start=made.at, step=MINUTE)
    before = dict(Ballot.objects.filter(poll=poll).values_list("pk", "content"))
    result = counted(poll)
    sealed = poll_seal(poll, when=poll.closes + timedelta(days=7))
    after = dict(Ballot.objects.filter(poll=poll).values_list("pk", "content"))
    assert sorted(before.values()) == sorted(after.values())
    assert not {*before} & {*after}, "under new ids"
    assert not Link.objects.filter(poll=poll).exists()
    assert set(Voter.objects.filter(poll=poll).values_list("last", flat=True)) == {None}
    assert ballots_digest(poll) == sealed.digest
    assert api.ballot_own(poll, made.anna) is None
    for change in (
        lambda: Ballot.objects.filter(poll=poll).update(content="[1]"),
        lambda: Ballot.objects.filter(poll=poll).delete(),
        lambda: Poll.objects.filter(pk=poll.pk).update(sealing=True),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    again = poll_count(poll, again=True)
    assert again.body["winners"] == result.body["winners"]
    assert again.body["fragility"]["without_new_accounts"] == result.body["fragility"]["without_new_accounts"]


def test_the_job_takes_a_vote_through_its_life(place: Factory, monkeypatch: pytest.MonkeyPatch):
    made, poll = voting(place, run=False)
    moment = [made.at]
    for module in ("vote_jobs", "actions.closing", "actions.counting"):
        monkeypatch.setattr(f"estime.cocreation.{module}.clock.now", lambda: moment[0])
    run = lambda: votes_job({}, lambda done, total: None)  # noqa: E731
    assert votes_due()
    run()
    assert not votes_due()
    ballot_cast(poll, made.anna, [1], when=made.at)
    moment[0] = poll.closes
    assert votes_due()
    run()
    assert Result.objects.get(poll=poll).final
    assert not votes_due()
    moment[0] = poll.closes + timedelta(days=7)
    assert votes_due()
    run()
    poll.refresh_from_db()
    assert poll.sealed == moment[0]
    assert not votes_due()
    kinds = list(Event.objects.filter(kind__startswith="vote_").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["vote_opened", "vote_counted", "vote_sealed"]


def test_without_a_worker_a_vote_begins_with_the_first_who_looks_or_votes(place: Factory):
    made, poll = voting(place, run=False)
    assert poll_begin(poll.pk, when=poll.opens - MINUTE) is None
    assert ballot_cast(poll, made.anna, [1], when=poll.opens + MINUTE).first
    assert poll_begin(poll.pk, when=poll.opens + 2 * MINUTE) == poll.opens + MINUTE
    poll.refresh_from_db()
    assert poll.opened == poll.opens + MINUTE
    assert Event.objects.filter(kind="vote_opened").count() == 1


def test_what_cannot_begin_costs_a_look_two_counts_and_no_lock(
    place: Factory, django_assert_max_num_queries: Any
):
    made, poll = voting(place, options=0, run=False)
    with django_assert_max_num_queries(2):
        assert poll_begin(poll.pk, when=poll.opens + MINUTE) is None
    with pytest.raises(VoteNotOpen):
        ballot_cast(poll, made.anna, [1], when=poll.opens + MINUTE)
    assert poll_state(poll, poll.opens + MINUTE) == "before"
    assert poll_state(poll, poll.closes) == "missed"
    option_add(made.lea, poll, "A clip")
    api.challenge_cancel(made.lea, made.challenge, "No.", when=poll.opens + MINUTE)
    assert poll_begin(poll.pk, when=poll.opens + MINUTE) is None


def test_a_vote_without_options_waits_and_is_no_work(place: Factory, monkeypatch: pytest.MonkeyPatch):
    made, poll = voting(place, options=0, run=False)
    monkeypatch.setattr("estime.cocreation.vote_jobs.clock.now", lambda: made.at)
    assert not votes_due()
    with pytest.raises(PollInvalid):
        poll_open(poll, when=made.at)
    option_add(made.lea, poll, "At last")
    assert votes_due()


def test_a_vote_of_a_challenge_that_was_called_off_ends_untold(place: Factory):
    made, poll = voting(place)
    ballot_cast(poll, made.anna, [1], when=made.at)
    api.challenge_cancel(made.lea, made.challenge, "We found a better way.", when=made.at)
    with pytest.raises(VoteNotOpen):
        ballot_cast(poll, made.ben, [1], when=made.at)
    votes_job({}, lambda done, total: None)
    poll.refresh_from_db()
    assert poll.sealed is not None
    assert poll.counted is None
    assert not Link.objects.exists()
    assert not Result.objects.exists()


def test_an_open_vote_says_who_chose_what_once_it_is_over(place: Factory):
    made, poll = voting(place, rules={"secret": False})
    cast_all(poll, made.members, [[1], [1], [2], [3]], start=made.at, step=MINUTE)
    assert api.open_ballots(poll) == []
    assert counted(poll).body["told"] == "all"
    poll.refresh_from_db()
    first, choice = api.open_ballots(poll)[0]
    assert (first.name, choice) == ("Anna Weber", [1])
    poll_seal(poll, when=poll.closes + timedelta(days=7))
    assert Link.objects.filter(poll=poll).count() == 4
