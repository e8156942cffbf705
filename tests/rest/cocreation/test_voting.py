"""Protects votes over REST: one’s own ballot and nobody else’s, numbers instead of names, what is told when."""

from datetime import timedelta

import orjson
import pytest
from cocreation.voting import counted, crowd, voting

from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import poll_seal
from estime.cocreation.models import Ballot
from estime.kernel import clock


@pytest.fixture
def running(place, monkeypatch):
    """A vote, and the clock in its middle: those of tests ran so long ago that they are over by now."""

    def make(method="approval", **more):
        made, poll = voting(place, method, **more)
        monkeypatch.setattr(clock, "now", lambda: made.at)
        return made, poll

    return make


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_cast_changed_read_and_taken_back(running, program):
    made, poll = running()
    anna, at = program(made.anna), f"/polls/{poll.pk}/ballot"
    assert ok(anna.get(at)) == {"cast": False, "choice": None}
    assert ok(anna.put(at, {"choice": [2, 1]})) == {"cast": True, "choice": [1, 2]}
    assert ok(anna.put(at, {"choice": [3]})) == {"cast": True, "choice": [3]}
    assert ok(anna.get(at))["choice"] == [3]
    told = ok(anna.get(f"/polls/{poll.pk}"))
    assert (told["voters"], told["voted"], told["eligible"], told["state"]) == (1, True, True, "running")
    assert ok(anna.delete(at)) == {"cast": False, "choice": None}
    assert ok(anna.delete(at)) == {"cast": False, "choice": None}
    bad = anna.put(at, {"choice": [9]})
    assert (bad.status_code, bad.json()["code"]) == (422, "ballot-invalid")


def test_who_may_not_vote(running, program):
    made, poll = running()
    at = f"/polls/{poll.pk}/ballot"
    assert program(None).put(at, {"choice": [1]}).status_code == 401
    staff = program(made.lea).put(at, {"choice": [1]})
    assert (staff.status_code, staff.json()["code"]) == (403, "not-eligible")
    assert program(made.anna, "spaces:read", "spaces:write").put(at, {"choice": [1]}).status_code == 403
    assert program(made.anna, "spaces:read", "spaces:write").get(at).status_code == 403
    assert program(made.anna).put("/polls/999999/ballot", {"choice": [1]}).status_code == 404


def test_a_pair_is_answered_as_it_was_asked(running, program):
    """Nobody chooses which pairs they answer: a ticket says which one was asked, and whom."""
    made, poll = running("pairwise", options=5)
    anna, ben, at = program(made.anna), program(made.ben), f"/polls/{poll.pk}"
    asked = ok(anna.get(f"{at}/next"))
    pair = [asked["left"]["number"], asked["right"]["number"]]
    other = sorted({1, 2, 3, 4, 5} - {*pair})[:2]
    assert anna.put(f"{at}/ballot", {"choice": [*pair, 1]}).status_code == 422
    assert anna.put(f"{at}/ballot", {"choice": [*other, 1], "ticket": asked["ticket"]}).status_code == 422
    assert ben.put(f"{at}/ballot", {"choice": [*pair, 1], "ticket": asked["ticket"]}).status_code == 422
    assert ok(anna.put(f"{at}/ballot", {"choice": [*pair, 1], "ticket": asked["ticket"]}))["cast"]
    assert ok(anna.get(f"{at}/next"))["answered"] == 1
    added = ok(ben.post(f"{at}/proposals", {"title": "A lid of cork"}), 201)
    assert added["number"] == 6
    lead = program(made.lea)
    assert ok(lead.put(f"{at}/options/6/hiding", {"reason": "elsewhere"})) == {
        **added, "title": "", "hidden": True
    }  # fmt: skip


def test_one_answer_is_changed_and_taken_back_by_itself(running, program):
    """What stands on one’s ballot was asked: it is answered otherwise without a ticket. Nothing else is."""
    made, poll = running("pairwise", options=4)
    for choice in ([1, 2, -1], [1, 3, 0]):
        ballot_cast(poll, made.anna, choice, when=made.at)
    anna, ben, at = program(made.anna), program(made.ben), f"/polls/{poll.pk}/ballot"
    assert ok(anna.put(at, {"choice": [2, 1, -1]}))["choice"] == [[1, 2, 1], [1, 3, 0]]
    assert anna.put(at, {"choice": [1, 2, 0], "ticket": "forged"}).status_code == 422
    assert anna.put(at, {"choice": [2, 3, 1]}).status_code == 422
    assert ben.put(at, {"choice": [1, 2, 1]}).status_code == 422
    for _again in range(2):
        assert ok(anna.post(f"{at}/withdrawal", {"about": [2, 1]}))["choice"] == [[1, 3, 0]]
    assert anna.put(at, {"choice": [1, 2, 1]}).status_code == 422, "it would have to be asked again"
    bad = anna.post(f"{at}/withdrawal", {"about": [1]})
    assert (bad.status_code, bad.json()["code"]) == (422, "ballot-invalid")
    assert program(made.anna, "spaces:write").post(f"{at}/withdrawal", {"about": [1, 3]}).status_code == 403
    assert ok(anna.post(f"{at}/withdrawal", {"about": [1, 3]})) == {"cast": False, "choice": None}
    assert ok(ben.post(f"{at}/withdrawal", {"about": [1, 3]})) == {"cast": False, "choice": None}


def test_statements(running, program):
    made, poll = running("groups")
    anna, at = program(made.anna), f"/polls/{poll.pk}"
    asked = ok(anna.get(f"{at}/next"))
    assert (asked["kind"], asked["there"]) == ("statement", 4)
    number = str(asked["statement"]["number"])
    assert ok(anna.put(f"{at}/ballot", {"choice": {number: -1}}))["choice"] == {number: -1}
    assert ok(anna.put(f"{at}/ballot", {"choice": {"1": 1, "2": 0, "3": 1, "4": 1}}))["cast"]
    assert ok(anna.get(f"{at}/next"))["kind"] == "done"


def test_a_vote_is_set_up_and_locked(place, program):
    here = place("propose", "choose", opened=False)
    lead, number = program(here.lea), here.challenge.pk
    poll = ok(lead.post(f"/challenges/{number}/polls", {"title": "Which?", "method": "ranked"}), 201)
    at = f"/polls/{poll['id']}"
    assert program(here.anna).get(at).status_code == 404, "being prepared"
    option = ok(lead.post(f"{at}/options", {"title": "A click"}), 201)
    ok(lead.post(f"{at}/options", {"title": "A screw"}), 201)
    assert ok(lead.delete(f"{at}/options/{option['number']}"))["holds"] is False
    assert ok(lead.put(at, {"title": "Which one?", "method": "approval"}))["method"] == "approval"
    assert (
        lead.put(at, {"title": "Which one?", "parameters": {"seats": 0}}).json()["code"]
        == "vote-rules-invalid"
    )
    here.open()
    assert lead.put(at, {"title": "Another"}).json()["code"] == "rules-locked"
    assert [each["id"] for each in ok(program(None).get(f"/challenges/{number}/polls"))["polls"]] == [
        poll["id"]
    ]


def everything(client, poll, challenge):
    """All that somebody can read about a vote."""
    paths = ("", "/results", "/ballots", "/objections")
    told = [client.get(f"/polls/{poll}{path}") for path in paths]
    told += [client.get(f"/challenges/{challenge}{path}") for path in ("", "/polls", "/events", "/comments")]
    return b"\n".join(answer.content for answer in told)


@pytest.mark.parametrize("method", ["approval", "pairwise"])
def test_nobody_is_told_how_somebody_voted(place, program, method):
    """Before the closing, after it, and after the sealing: no answer names a voter beside a choice, or at all."""
    made, poll = voting(place, method)
    people = crowd(9)
    for n, one in enumerate(people):
        choice = [1 + n % 3] if method == "approval" else [1 + n % 3, 4, -1]
        ballot_cast(poll, one, choice, when=made.at)
    readers = [program(None), program(made.dani), program(made.lea), program(made.alix), program(people[0])]
    marks = [mark.encode() for one in people for mark in (one.handle, one.name, f'"{one.pk}"')]
    for step in ("running", "counted", "sealed"):
        if step == "counted":
            counted(poll)
        if step == "sealed":
            poll_seal(poll, when=poll.closes + timedelta(days=8))
        for reader in readers:
            told = everything(reader, poll.pk, made.challenge.pk)
            assert not [mark for mark in marks if mark in told], (step, told)
        own = ok(program(people[1]).get(f"/polls/{poll.pk}/ballot"))["choice"]
        assert (own is None) == (step == "sealed")
        running = orjson.loads(readers[0].get(f"/polls/{poll.pk}/results").content)["results"]
        assert bool(running) == (step != "running"), "nothing is told while it runs"


def test_ballots_are_open_data_once_they_are_nobodys(place, program):
    made, poll = voting(place)
    people = crowd(9)
    for n, one in enumerate(people):
        ballot_cast(poll, one, [1] if n < 6 else [2], when=made.at)
    counted(poll)
    at = f"/polls/{poll.pk}/ballots"
    assert program(None).get(at).status_code == 404
    poll_seal(poll, when=poll.closes + timedelta(days=8))
    assert ok(program(None).get(at)) == {"kinds": [{"choice": [1], "voters": 6}], "others": 3, "named": []}


def test_an_objection_is_made_and_answered(place, program, monkeypatch):
    made, poll = voting(place)
    ballot_cast(poll, made.anna, [1], when=made.at)
    counted(poll)
    moment = poll.closes + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    anna, lead, at = program(made.anna), program(made.lea), f"/polls/{poll.pk}/objections"
    assert ok(anna.get(f"/polls/{poll.pk}"))["may_object"]
    assert program(made.ben).post(at, {"words": "I had no vote."}).status_code == 403
    said = ok(anna.post(at, {"words": "It closed early."}), 201)["objections"][0]
    assert program(made.ben).put(f"{at}/{said['id']}/answer", {"answer": "No."}).status_code == 403
    told = ok(lead.put(f"{at}/{said['id']}/answer", {"answer": "It closed at noon, as said."}))
    assert told["objections"][0]["by"]["name"] == "Léa Martin"


def test_what_members_voted_for_stands_in_what_was_made(place, program):
    """By the number of the option; only what won, and nothing of another challenge."""
    made, poll = voting(place)
    for n, one in enumerate(crowd(6)):
        ballot_cast(poll, one, [2] if n else [1], when=made.at)
    counted(poll)
    lead, at = program(made.lea), f"/challenges/{made.challenge.pk}/outcomes"
    words = {"title": "The lid", "made": "2026-01-01"}
    for number in (1, 9):  # lost, and is not there
        lost = lead.post(at, {**words, "options": [{"poll": poll.pk, "number": number}]})
        assert (lost.status_code, lost.json()["errors"][0]["at"]) == (422, "body.options")
    outcome = ok(lead.post(at, {**words, "options": [{"poll": poll.pk, "number": 2}]}), 201)
    told = [{"poll": poll.pk, "number": 2, "title": "Lid 2"}]
    assert ok(program(None).get(f"/outcomes/{outcome['id']}"))["options"] == told


def test_a_vote_begins_when_a_program_asks(place, program, monkeypatch):
    made, poll = voting(place, run=False)
    monkeypatch.setattr(clock, "now", lambda: poll.opens + timedelta(minutes=1))
    assert ok(program(None).get(f"/polls/{poll.pk}"))["state"] == "running"
    assert ok(program(made.anna).put(f"/polls/{poll.pk}/ballot", {"choice": [1]}))["cast"]


def test_a_ballot_of_ten_megabytes_is_refused(running, program):
    made, poll = running()
    anna, at = program(made.anna), f"/polls/{poll.pk}/ballot"
    assert anna.put(at, {"choice": [1] * 5_000_000}).status_code == 413
    assert anna.put(at, {"choice": {"1": 5, "x" * 400_000: 1}}).status_code in (413, 422)
    assert anna.put(at, {"choice": [[[[1]]]] * 1_000}).status_code == 422
    assert not Ballot.objects.exists()
