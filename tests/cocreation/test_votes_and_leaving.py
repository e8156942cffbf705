"""Protects the secret of whoever is erased before a vote is sealed: nobody tells their ballot by elimination."""

from datetime import timedelta

import pytest
from cocreation.voting import Factory, cast_all, counted, crowd, voting

from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import ballots_digest, poll_seal
from estime.cocreation.actions.counting import poll_count
from estime.cocreation.actions.forget import forget_login
from estime.cocreation.actions.objections import objection_answer, poll_object
from estime.cocreation.models import Ballot, Link, Member, Poll, Result, Voter
from estime.cocreation.queries.votes import ballot_own, open_ballots

CHOICES = [[1]] * 3 + [[2]] * 2 + [[4]]
MINUTE = timedelta(minutes=1)


def erase(member: Member) -> None:
    assert member.user is not None
    forget_login(member.user, last=True)


def lived(place: Factory, *, secret: bool = True) -> tuple[Poll, list[Member]]:
    made, poll = voting(place, rules={"secret": secret})
    members = crowd(6)
    cast_all(poll, members, CHOICES, start=made.at, step=MINUTE)
    return poll, members


def now_is(poll: Poll, monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    from estime.kernel import clock

    monkeypatch.setattr(clock, "now", lambda: poll.closes + after)


@pytest.mark.usefixtures("on_both")
def test_while_a_vote_runs_the_only_one_who_is_erased_takes_their_ballot_back(place, monkeypatch):
    poll, members = lived(place)
    now_is(poll, monkeypatch, -MINUTE)
    erase(members[5])
    kept = set(Ballot.objects.filter(poll=poll).values_list("pk", flat=True))
    assert kept == set(Link.objects.filter(poll=poll).values_list("ballot", flat=True)), (
        "no ballot is nobody’s"
    )
    assert len(kept) == 5
    assert Voter.objects.get(poll=poll, member=members[5]).last is None, (
        "that they voted stays, without a time"
    )
    erase(members[5])
    ballot_cast(poll, members[0], [2], when=poll.closes - MINUTE)
    result = counted(poll)
    assert (result.ballots, result.body["scores"]["4"]["score"]) == (5, 0)
    poll_seal(poll, when=poll.closes + timedelta(days=7))


@pytest.mark.usefixtures("on_both")
def test_once_it_is_over_the_ballot_counts_and_all_links_go_at_once(place, monkeypatch):
    """Nobody counted it yet when they leave: what links are for is done first, and lasts."""
    poll, members = lived(place)
    before = set(Ballot.objects.filter(poll=poll).values_list("pk", flat=True))
    now_is(poll, monkeypatch, MINUTE)
    erase(members[5])
    after = set(Ballot.objects.filter(poll=poll).values_list("pk", flat=True))
    assert (len(after), after & before) == (6, set()), "mixed, under other numbers"
    assert not Link.objects.filter(poll=poll).exists()
    assert not Voter.objects.filter(poll=poll).exclude(last=None).exists()
    poll.refresh_from_db()
    assert (poll.sealing, poll.sealed, poll.digest) == (False, None, ballots_digest(poll))
    first = Result.objects.get(poll=poll)
    assert (first.final, first.ballots) == (True, 6)
    assert ballot_own(poll, members[0]) is None

    objection = poll_object(members[0], poll, "Count it again.")
    objection_answer(Member.objects.get(user__role="lead"), objection, "Done.")
    again = poll_count(poll, again=True)
    assert again.body["fragility"] == first.body["fragility"], "what was found with links stays"
    now_is(poll, monkeypatch, timedelta(days=8))
    assert poll_seal(poll).sealed is not None
    erase(members[4])
    assert len(after) == Ballot.objects.filter(poll=poll).count()


@pytest.mark.usefixtures("db")
def test_of_an_open_vote_one_link_goes_and_the_ballot_counts(place, monkeypatch):
    poll, members = lived(place, secret=False)
    now_is(poll, monkeypatch, MINUTE)
    erase(members[5])
    poll.refresh_from_db()
    assert (Ballot.objects.filter(poll=poll).count(), len(open_ballots(poll))) == (6, 5)
    poll_seal(poll, when=poll.closes + timedelta(days=8))
    erase(members[4])
    assert {member for member, _choice in open_ballots(poll)} == {*members[:4]}
