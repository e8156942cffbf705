"""One's own place over REST: told, contested, taken back; nobody's but one's own, and only with the scope for it."""

from pathlib import Path

import pytest
from engagement.placed import ON, Placed, placed_anna
from rest.cocreation.conftest import Program

from estime.engagement.models import Contested, Objection
from estime.kernel.home import FILE_NAME


@pytest.fixture
def anna(db: None, folder: Path) -> Placed:
    (folder / FILE_NAME).write_text(ON)
    return placed_anna()


def test_a_place_is_told_with_its_texts(anna: Placed) -> None:
    told = Program(anna.member).get("/me/place").json()
    assert told["estimated"] is True
    assert (told["place"]["cell"], told["place"]["value"], told["place"]["channel"]) == (
        "critic",
        -0.4,
        "estime",
    )
    assert told["place"]["low"] < told["place"]["value"] < told["place"]["high"]
    assert (told["objects"], told["out"]) == (False, False)
    assert [(each["id"], each["value"]) for each in told["readings"]] == [
        (seq, value) for seq, value in zip(reversed(anna.seqs), (-0.7, -0.8, 0.9), strict=True)
    ]
    assert not any(each["contested"] for each in told["readings"])


def test_a_reading_is_contested_and_taken_back(anna: Placed) -> None:
    program, url = Program(anna.member), f"/me/place/readings/{anna.seqs[-1]}"
    assert program.put(url, {"meant": 3}).status_code == 422
    assert program.put(url, {"reason": "?"}).status_code == 422, "how it was meant is to be said"
    assert program.put(url, {"meant": 0, "reason": "x" * 2001}).status_code == 422
    assert not Contested.objects.exists()
    for _twice in range(2):
        told = program.put(url, {"meant": None, "reason": "Irony."}).json()
    first = told["readings"][0]
    assert (first["contested"], first["meant"], first["reason"], first["weight"]) == (True, None, "Irony.", 0)
    assert told["place"] is None, "not told before it is made anew"
    assert program.put(url, {"meant": 1}).json()["readings"][0]["value"] == 1
    for _twice in range(2):
        told = program.delete(url).json()
    assert (told["readings"][0]["contested"], told["readings"][0]["value"]) == (False, -0.7)
    assert Contested.objects.get().withdrawn is not None


def test_one_objects_and_takes_it_back(anna: Placed) -> None:
    program = Program(anna.member)
    told = program.put("/me/place/objection", {"out": False, "reason": "Wrong."}).json()
    assert (told["objects"], told["out"]) == (True, False)
    assert told["place"] is not None, "it stands, with the objection beside it"
    for _twice in range(2):
        told = program.put("/me/place/objection", {"out": True}).json()
    assert (told["objects"], told["out"], told["place"]) == (True, True, None)
    assert Objection.objects.count() == 1
    for _twice in range(2):
        assert program.delete("/me/place/objection").json()["objects"] is False


def test_nobody_contests_for_another(anna: Placed) -> None:
    other, url = Program(anna.other), f"/me/place/readings/{anna.seqs[0]}"
    answer = other.put(url, {"meant": 0})
    assert (answer.status_code, answer.json()["code"]) == (404, "reading-not-found")
    assert other.put("/me/place/readings/99999999", {"meant": 0}).status_code == 404
    assert other.delete(url).status_code == 200, "nothing of theirs, so nothing changes"
    assert not Contested.objects.exists()
    told = other.get("/me/place").json()
    assert told["place"] is None
    assert len(told["readings"]) == 1
    stranger = Program(anna.stranger)
    assert stranger.get("/me/place").json()["readings"] == []
    assert stranger.put("/me/place/objection", {"out": True}).status_code == 404


def test_it_takes_the_scope_and_somebody(anna: Placed) -> None:
    url = f"/me/place/readings/{anna.seqs[0]}"
    narrow = Program(anna.member, "votes:cast")
    assert narrow.get("/me/place").status_code == 403
    assert narrow.put(url, {"meant": 0}).status_code == 403
    assert narrow.put("/me/place/objection", {"out": True}).status_code == 403
    reads = Program(anna.member, "spaces:read")
    assert reads.get("/me/place").status_code == 200
    assert reads.put(url, {"meant": 0}).status_code == 403
    assert Program(None).get("/me/place").status_code == 401
    assert not Contested.objects.exists()
    assert not Objection.objects.exists()


def test_while_it_is_off_nothing_is_told_and_readings_are_contested_all_the_same(
    anna: Placed, folder: Path
) -> None:
    (folder / FILE_NAME).write_text("")
    program = Program(anna.member)
    told = program.get("/me/place").json()
    assert (told["estimated"], told["place"]) == (False, None)
    assert len(told["readings"]) == 3
    assert program.put(f"/me/place/readings/{anna.seqs[0]}", {"meant": -1}).status_code == 200
