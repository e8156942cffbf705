"""Protects what a vote goes by: rules that are locked, options that stay, amounts as they are meant."""

from datetime import timedelta
from decimal import Decimal

import pytest
from cocreation.voting import Factory, idea, voting
from django.db import IntegrityError, transaction

from estime.cocreation.actions.opening import poll_open
from estime.cocreation.actions.options import (
    option_add,
    option_propose,
    option_remove,
    options_from_contributions,
)
from estime.cocreation.actions.polls import PollRules, poll_change, poll_draft, poll_lock
from estime.cocreation.amounts import amount_read
from estime.cocreation.errors import (
    NotAllowed,
    PollInvalid,
    RulesLocked,
)
from estime.cocreation.models import Option, Poll
from estime.cocreation.parameters import rules_read

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


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
