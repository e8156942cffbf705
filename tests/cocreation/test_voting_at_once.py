"""Protects the closing as a moment: many vote, change and take back at once while the vote closes, on both databases.

Whoever was told that their ballot counts is counted, once, with what they chose last; whoever was refused is not.
"""

import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cocreation.voting import AGO, Factory, crowd, voting
from django.db import connection, connections

from estime.cocreation.actions.ballots import ballot_cast, ballot_withdraw
from estime.cocreation.actions.closing import poll_close, poll_seal
from estime.cocreation.actions.opening import poll_begin
from estime.cocreation.actions.options import option_propose
from estime.cocreation.actions.polls import PollRules, poll_draft
from estime.cocreation.errors import VoteOver
from estime.cocreation.models import Ballot, Contribution, Event, Link, Member, Option, Poll, Voter
from estime.kernel import clock
from estime.ledger.models import Act


def at_once(calls: list[Callable[[], None]]) -> None:
    """Each call in a thread and on a connection of its own, all begun together; what one raises is raised here."""
    begin = threading.Barrier(len(calls))
    raised: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        begin.wait()
        try:
            call()
        except BaseException as error:
            raised.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
        assert not thread.is_alive()
    if raised:
        raise raised[0]


MOST_TURNS = 200


def stands(poll: Poll) -> dict[int, Any]:
    """Member → what stands on their ballot, read past the code that is tested."""
    content = dict(Ballot.objects.filter(poll=poll).values_list("pk", "content"))
    links = dict(Link.objects.filter(poll=poll).values_list("member_id", "ballot"))
    assert sorted(links.values()) == sorted(content)
    return {member: json.loads(content[ballot]) for member, ballot in links.items()}


@pytest.mark.usefixtures("on_both")
def test_voting_changing_taking_back_and_closing_at_the_same_moment(place: Factory):
    """Forty members, each with two windows; the vote closes in the middle of it."""
    made, poll = voting(place)
    members = crowd(40)
    closing = threading.Event()
    told: dict[int, list[tuple[str, object]]] = {member.pk: [] for member in members}
    lock = {member.pk: threading.Lock() for member in members}
    refused: list[int] = []
    at, drawn = made.at, secrets.SystemRandom()

    def vote(some: list[Member]) -> Callable[[], None]:
        def run() -> None:
            for turn in range(MOST_TURNS):  # until the closing came
                if turn >= 6 and any(member.pk in refused for member in some):
                    return
                for member in some:
                    choice = sorted(drawn.sample(range(1, 5), drawn.randint(0, 4)))
                    with lock[member.pk]:  # so that the test knows which of two answers was the last
                        try:
                            if turn % 3 == 2:
                                ballot_withdraw(poll, member, when=at)
                                told[member.pk].append(("withdrawn", None))
                            else:
                                ballot_cast(poll, member, choice, when=at)
                                told[member.pk].append(("cast", choice))
                        except VoteOver:
                            refused.append(member.pk)
                    if turn == 3:
                        closing.set()

        return run

    def close() -> None:
        assert closing.wait(90)
        poll_close(poll, when=poll.closes)

    windows = [members[start::8] for start in range(8)]
    at_once([*(vote(some) for some in windows), *(vote(some[::-1]) for some in windows), close])

    wanted = {who: list(deeds[-1]) for who, deeds in told.items() if deeds}
    expected = {who: choice for who, (deed, choice) in wanted.items() if deed == "cast"}
    assert stands(poll) == expected
    assert refused, "the vote closed before the last ballots came"
    assert Counter(Voter.objects.filter(poll=poll).values_list("member_id", flat=True)) == Counter(
        who for who, deeds in told.items() if any(deed == "cast" for deed, _ in deeds)
    )
    poll.refresh_from_db()
    assert poll.closed is not None
    with pytest.raises(VoteOver):
        ballot_cast(poll, members[0], [1], when=at)
    poll_seal_now(poll)
    assert Counter(Ballot.objects.filter(poll=poll).values_list("content", flat=True)) == Counter(
        json.dumps(choice, separators=(",", ":")) for choice in expected.values()
    )


def poll_seal_now(poll: Poll) -> None:
    """Sealed as after its count."""
    Poll.objects.filter(pk=poll.pk).update(counted=poll.closed)
    poll_seal(poll, when=poll.objections_until)


@pytest.mark.usefixtures("on_both")
def test_the_same_person_in_many_windows_is_one_voter(place: Factory):
    """Twelve requests of one person at the same moment: one voter, one ballot, one act in the ledger."""
    made, poll = voting(place)
    done: list[list[int]] = []

    def send(choice: list[int]) -> Callable[[], None]:
        def run() -> None:
            done.append(list(ballot_cast(poll, made.anna, choice, when=made.at).choice))

        return run

    at_once([send([1 + n % 4]) for n in range(12)])
    assert len(done) == 12
    assert Voter.objects.filter(poll=poll).count() == Ballot.objects.filter(poll=poll).count() == 1
    assert stands(poll)[made.anna.pk] in ([1], [2], [3], [4])
    assert Act.objects.filter(object_id=f"poll/{poll.pk}", object_type="Vote", type="Create").count() == 1


@pytest.mark.usefixtures("on_both")
def test_answers_of_one_person_in_many_windows_are_all_kept(place: Factory):
    """Statements are answered one by one: no answer overwrites another, and new statements join meanwhile."""
    made, poll = voting(place, "groups", 24)
    numbers = range(1, 25)

    def send(number: int) -> Callable[[], None]:
        return lambda: (
            ballot_cast(poll, made.anna, {str(number): [1, 0, -1][number % 3]}, when=made.at) and None
        )

    def own(member: Member, words: str) -> Callable[[], None]:
        def run() -> None:
            option_propose(member, poll, words, when=made.at)

        return run

    at_once([*(send(number) for number in numbers), *(own(m, "The cap is too small") for m in made.members)])
    assert stands(poll)[made.anna.pk] == {str(n): [1, 0, -1][n % 3] for n in numbers}
    added = Option.objects.filter(poll=poll, by__isnull=False)
    assert [option.number for option in added] == [25], "the same words are one statement"


@pytest.mark.usefixtures("on_both")
def test_many_come_first_to_a_vote_that_no_job_began(place: Factory):
    """Nobody's ballot is refused, the options are filled in once, and it is told once that the vote began."""
    made = place("vote", "choose", opened=False, at=clock.now().replace(microsecond=0) - AGO)
    rules = PollRules("Which?", "approval", {"options": "all"})
    poll = poll_draft(made.lea, made.challenge, rules, when=made.at)
    made.open()
    for title in ("A clip", "A clasp"):
        Contribution.objects.create(
            space=made.space, challenge=made.challenge, kind="idea", title=title, author=made.anna, at=made.at,
            changed=made.at, channel="estime", source=f"test/{title}",
        )  # fmt: skip

    def come(member: Member) -> list[Callable[[], None]]:
        return [
            lambda: poll_begin(poll.pk, when=made.at) and None,
            lambda: ballot_cast(poll, member, [1, 2], when=made.at) and None,
        ]

    at_once([call for member in crowd(8) for call in come(member)])
    assert Ballot.objects.filter(poll=poll).count() == Voter.objects.filter(poll=poll).count() == 8
    assert [option.number for option in Option.objects.filter(poll=poll)] == [1, 2]
    assert Event.objects.filter(kind="vote_opened").count() == 1


@pytest.mark.usefixtures("on_both")
def test_many_close_and_seal_it_at_once(place: Factory):
    """Two workers and a late page: one closing, one sealing, the same digest."""
    made, poll = voting(place)
    for member in made.members:
        ballot_cast(poll, member, [1, 2], when=made.at)
    digests: list[str] = []
    at_once([lambda: digests.append(poll_close(poll, when=poll.closes).digest)] * 6)
    assert len(set(digests)) == 1
    poll.refresh_from_db()
    Poll.objects.filter(pk=poll.pk).update(counted=poll.closed)
    at_once([lambda: poll_seal(poll, when=poll.objections_until) and None] * 6)
    assert Ballot.objects.filter(poll=poll).count() == 4
    assert not Link.objects.filter(poll=poll).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cocreation_voter WHERE poll_id = %s AND last IS NULL", [poll.pk])
        assert cursor.fetchone() == (4,)
