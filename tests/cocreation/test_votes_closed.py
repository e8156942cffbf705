"""Protects the end of a vote: on time, objections answered, links destroyed, ballots kept; and the job that does it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting
from django.db import IntegrityError, transaction

from estime.cocreation import api
from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import ballots_digest, poll_close, poll_seal
from estime.cocreation.actions.counting import poll_count
from estime.cocreation.actions.objections import objection_answer, poll_object
from estime.cocreation.actions.opening import poll_begin, poll_open
from estime.cocreation.actions.options import (
    option_add,
)
from estime.cocreation.errors import (
    BallotsAltered,
    NotAllowed,
    NotNow,
    PollInvalid,
    VoteNotOpen,
)
from estime.cocreation.models import Ballot, Event, Link, Poll, Result, Voter
from estime.cocreation.queries.votes import poll_state
from estime.cocreation.vote_jobs import votes_due, votes_job

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


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
    run = partial(votes_job, {}, lambda done, total: None)
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
