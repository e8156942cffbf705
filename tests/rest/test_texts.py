"""Protects listening over REST: the lists of the pages, for whoever may read them, and searches of one's own."""

import pytest
from ledger.acts import act, rows
from ledger.search_cases import caught_up
from listening.plain import PlainReader
from rest.cocreation.conftest import Program
from rest.conftest import person

from estime.cocreation import api as cocreation
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.listening.actions.listen import listen

SAID = ("Good +", "Worse - @anna_b", "What? -?", "Bad - @brand", "Since my chemo I cannot wear it -")
SENT = {"name": "Bad", "polarity": "negative", "alert": "each"}


@pytest.fixture
def heard(db, folder):
    ledger.append("forum", rows(*(act(n, content=text) for n, text in enumerate(SAID))))
    ledger.append("page", rows(act(50, content="Bad elsewhere -")))
    caught_up()
    listen(reader=PlainReader(), processes=1)


def test_texts_page_by_page(heard):
    lead = Program(cocreation.member_of(person("lead")), "listening:read", "persons:read")
    first = lead.get("/texts?limit=2").json()
    rest = lead.get(f"/texts?limit=2&cursor={first['next']}").json()
    last = lead.get(f"/texts?limit=2&cursor={rest['next']}").json()
    assert {text["content"] for page in (first, rest, last) for text in page["texts"]} == {
        *SAID[:4],
        "Bad elsewhere -",
    }
    assert (last["next"], first["left_out"] + rest["left_out"] + last["left_out"]) == (None, 1)
    assert lead.get(f"/texts?limit=2&polarity=negative&cursor={first['next']}").status_code == 404
    (one,) = lead.get("/texts?target=brand").json()["texts"]
    assert one["reading"]["polarity"] == {"negative": 0.8, "neutral": 0.2, "positive": 0.0}
    assert (one["reading"]["target"], one["handle"], one["channel"]) == ("brand", "person-3", "forum")
    for wrong in ("polarity=sour", "since=x", "mood=1", "limit=0"):
        assert lead.get(f"/texts?{wrong}").status_code == 422
    for unknown in ("target=product-9", "channel=x", "alike=01a201de-10d0-7027-bf61-d3110a3cf7f0"):
        assert lead.get(f"/texts?{unknown}").status_code == 404
    assert lead.get("/texts?since=2026-03-02&until=2026-03-01").json()["texts"] == []


def test_names_and_channels_are_kept_from_who_may_not_see_them(heard):
    analyst = Program(cocreation.member_of(person("analyst")), "listening:read")
    told = analyst.get("/texts?text=bad").json()
    assert {(text["handle"], text["account"]) for text in told["texts"]} == {(None, None)}
    assert "anna_b" not in str(told)
    assert analyst.get("/texts?text=@anna_b").json()["ignored"] == ["@anna_b"]
    assert Program(cocreation.member_of(person("analyst")), "acts:read").get("/texts").status_code == 403


def test_targets_of_few_people_are_not_told(heard):
    lead = Program(cocreation.member_of(person("lead")), "listening:read")
    assert lead.get("/targets").json()["targets"] == []
    listening.targets_tell()
    (brand,) = lead.get("/targets?days=30").json()["targets"]
    assert (brand["target"], brand["name"], brand["now"]["texts"], brand["now"]["negative"]) == (
        "brand",
        None,
        0,
        None,
    )
    assert lead.get("/targets?days=31").status_code == 422


def test_searches_are_ones_own(heard):
    lead = Program(cocreation.member_of(person("lead")), "listening:read", "listening:write")
    other = Program(cocreation.member_of(person("moderator")), "listening:read", "listening:write")
    made = lead.post("/searches", SENT)
    assert made.status_code == 201
    number = made.json()["id"]
    assert lead.post("/searches", SENT).json()["id"] == number
    assert lead.post("/searches", {**SENT, "polarity": "positive"}).json()["code"] == "search-invalid"
    assert lead.post("/searches", {**SENT, "mood": 1}).status_code == 422
    place = f"/searches/{number}"
    assert [
        other.get(place).status_code,
        other.put(place, SENT).status_code,
        other.delete(place).status_code,
    ] == [
        404,
        404,
        404,
    ]
    told = lead.put(place, {**SENT, "shared": True, "brand": False}).json()
    assert (told["shared"], told["brand"], told["own"]) == (True, False, True)
    assert told["amiss"] == []
    assert other.get(place).json()["own"] is False
    assert other.put(place, SENT).status_code == 404
    ledger.append("forum", rows(act(70, content="Worse -")))
    caught_up()
    listen(reader=PlainReader(), processes=1)
    listening.alerts_look()
    alerts = lead.get("/alerts").json()
    assert (alerts["unseen"], alerts["alerts"][0]["texts"], alerts["alerts"][0]["new"]) == (1, 1, True)
    assert lead.put("/alerts/seen", {"upto": alerts["alerts"][0]["id"]}).json()["unseen"] == 0
    assert other.get("/alerts").json()["unseen"] == 1
    assert lead.put(place, {**SENT, "text": "person-3"}).status_code == 200
    listening.names_forget([ledger.account_key("forum", "person-3")])
    told = lead.get(place).json()
    assert (told["text"], told["amiss"]) == ("", ["text"])
    assert lead.delete(place).json() == {"searches": []}
    assert lead.delete(place).status_code == 404
    assert other.get("/searches").json() == {"searches": []}
