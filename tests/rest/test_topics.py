"""Protects `GET /topics`: what the page tells, of groups only, and no text."""

from ledger.acts import act, rows
from listening.kept_topics import run, topic

from estime.ledger import api as ledger


def test_topics_as_the_page_tells_them(db, asking):
    ledger.append("forum", rows(act(1, content="The crust is perfect"), act(2, content="I have cancer")))
    ledger.index_acts()
    acts = ledger.acts_page(ledger.ActFilter(), limit=9).acts
    made = run()
    topic(made, 1, seqs=[one.seq for one in acts])
    topic(made, 2, newcomers=4, regulars=4, direction="new")
    topic(made, 3, newcomers=4, regulars=4, before_people=2)
    answer = asking("listening:read").get("/topics")
    told = answer.json()
    assert (told["scope"], told["days"], told["outcome"], told["few"]) == ("*", 90, "found", 1)
    first, second = told["topics"]
    assert (first["people"], first["people_before"], first["newcomers"]) == (24, 12, 11)
    assert first["trend"] == {"direction": "more", "ratio": 2.0, "low": 1.2, "high": 3.3}
    assert [quote["act"] for quote in first["quotes"]] == [str(acts[1].id)], "what reveals is left out"
    assert (second["people"], second["texts"], second["trend"]["ratio"]) == (None, None, None)
    assert "crust is perfect" not in answer.content.decode()


def test_days_and_channels(db, asking):
    ledger.append("forum", rows(act(1)))
    program = asking("listening:read")
    assert program.get("/topics?scope=forum&days=30").json()["outcome"] == "not-yet"
    assert program.get("/topics?scope=nowhere").status_code == 404
    assert program.get("/topics?days=31").status_code == 422
    assert asking("acts:read").get("/topics").status_code == 403
