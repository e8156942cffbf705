"""Protects sending again: a key makes one thing, whatever is lost; and refusals say what to do, in known codes."""

import re
from datetime import timedelta
from pathlib import Path

from estime.cocreation.api import Comment, Contribution, Interpellation, Space
from estime.rest import once
from estime.rest.models import Made
from estime.rest.statuses import OURS, STATUSES

DOCS = Path(__file__).resolve().parents[3] / "docs"


def key(value="k-1"):
    return {"headers": {"idempotency-key": value}}


def test_the_same_key_makes_one_thing(place, program):
    here = place()
    anna, at = program(here.anna), f"/challenges/{here.challenge.pk}/contributions"
    words = {"title": "A click", "body": "It clicks.", "deal": 1}
    first, second = (anna.post(at, words, **key()) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Contribution.objects.count() == 1
    for path, told, model in (
        (f"/contributions/{first.json()['id']}/comments", {"body": "Good."}, Comment),
        (f"/spaces/{here.space.slug}/questions", {"title": "Why glue?"}, Interpellation),
    ):
        numbers = {anna.post(path, told, **key(path)).json()["id"] for _ in range(3)}
        assert len(numbers) == model.objects.count() == 1
    lead = program(here.lea)
    slugs = {
        lead.post("/spaces", {"title": "Caps", "public": True}, **key()).json()["slug"] for _ in range(2)
    }
    assert slugs == {"caps"}
    assert Space.objects.filter(slug__startswith="caps").count() == 1


def test_another_request_under_the_same_key_is_a_mistake(place, program):
    here = place()
    anna, at = program(here.anna), f"/challenges/{here.challenge.pk}/comments"
    anna.post(at, {"body": "One."}, **key())
    answer = anna.post(at, {"body": "Two."}, **key())
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-used")
    assert program(here.ben).post(at, {"body": "One."}, **key()).status_code == 201, (
        "keys are each person's own"
    )
    assert anna.post(at, {"body": "One."}, **key("a b")).status_code == 422
    assert Comment.objects.count() == 2


def test_what_was_refused_may_be_sent_again(place, program):
    """A refusal leaves no trace: the key is free for the request that is mended."""
    here = place()
    anna, at = program(here.anna), f"/challenges/{here.challenge.pk}/contributions"
    words = {"title": "A click", "body": "It clicks."}
    assert anna.post(at, words, **key()).json()["code"] == "deal-not-accepted"
    assert Made.objects.count() == 0
    assert anna.post(at, {**words, "deal": 1}, **key()).status_code == 201


def test_a_key_holds_for_a_day(place, program, monkeypatch):
    here = place()
    anna, at = program(here.anna), f"/challenges/{here.challenge.pk}/comments"
    anna.post(at, {"body": "Good."}, **key())
    now = once.now
    monkeypatch.setattr(once, "now", lambda: now() + timedelta(days=1, minutes=1))
    again = anna.post(at, {"body": "Good again."}, **key())
    assert again.status_code == 201
    assert Made.objects.count() == 1, "what is older is forgotten"


def test_nothing_of_what_was_said_is_kept(place, program):
    here = place()
    program(here.anna).post(f"/challenges/{here.challenge.pk}/comments", {"body": "Good."}, **key("my-key"))
    row = Made.objects.values().get()
    assert not {"my-key", "Good."} & {str(value) for value in row.values()}
    assert len(row["digest"]) == 64


def test_every_code_of_cocreation_has_a_status():
    """None of them is told as a failure of ours by oversight."""
    text = (DOCS / "errors.md").read_text().partition("### Co-creation")[2].partition("\n### ")[0]
    told = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert told - OURS - {*STATUSES} == set()
    of_others = {"storage-full", "last-administrator", "unknown-person"}
    assert {*STATUSES} - told == of_others


def test_a_refusal_says_what_to_do(place, program):
    here = place("vote")
    answer = program(here.anna).post(
        f"/challenges/{here.challenge.pk}/contributions", {"title": "Late", "body": "Too late.", "deal": 1}
    )
    told = answer.json()
    assert (answer.status_code, told["code"], told["data"]["phases"]) == (
        409,
        "not-possible-now",
        ["propose"],
    )
    assert told["todo"]
    french = program(here.anna).post(
        f"/challenges/{here.challenge.pk}/comments", {"body": " "}, headers={"accept-language": "fr"}
    )
    assert (french.status_code, french.json()["errors"][0]["at"]) == (422, "body")
    assert "manque" in french.json()["detail"]
