"""Protects what REST tells of texts: sums for staff, and readings of texts that are sent, of which nothing is kept."""

import gzip
import json
from datetime import UTC, date, datetime

import pytest
from listening.readings import read as kept
from rest.conftest import Asking

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.affect.reading import read
from estime.listening.models import Reading
from estime.rest.endpoints import readings

MIXED = "Bonjour \u202eворлд 世界 مرحبا"
HARD = ["", "😀😀", "x" * 100_000, MIXED, "a\x00b\x07", "<b>Super !</b><script>"]


def sent(program: Asking, body: object, **options: object):
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return program.client.post("/api/v1/affect", raw, content_type="application/json", **options)


def test_texts_are_read_as_by_the_command_and_not_kept(asking):
    texts = ["Merci, j'adore !", "I hate waiting.", *HARD]
    told = sent(asking("affect:read"), {"texts": texts})
    assert told.status_code == 200
    assert told.json()["readings"] == [one.as_json() for one in read(texts)]
    packed = gzip.compress(json.dumps({"texts": texts}).encode())
    again = sent(asking("affect:read"), packed, headers={"content-encoding": "gzip"})
    assert again.json() == told.json()
    assert not Reading.objects.exists()
    assert sent(asking("affect:read"), {"texts": []}).json() == {"readings": []}
    half = sent(asking("affect:read"), b'{"texts": ["\\ud83d"]}')
    assert half.json()["readings"] == [read([""])[0].as_json()], "half a character is none"


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({"texts": ["a"] * 1_001}, 422, "body.texts"),
        ({"texts": ["a", "b" * 100_001]}, 422, "body.texts.1"),
        ({"texts": ["a", 7]}, 422, "body.texts.1"),
        ({"texts": "a"}, 422, "body.texts"),
        ({"text": ["a"]}, 422, "body.texts"),
        ({"texts": [], "keep": True}, 422, "body.keep"),
        (["a"], 422, "body"),
        (b"{", 400, None),
        (b"[" + b" " * readings.MOST_BYTES + b"]", 413, None),
    ],
)
def test_what_cannot_be_read_is_told(asking, body, status, place):
    told = sent(asking("affect:read"), body)
    assert told.status_code == status, told.content
    assert told.json()["todo"]
    if place:
        assert told.json()["errors"][0]["at"] == place


def test_without_a_model_it_says_so(asking, monkeypatch):
    monkeypatch.setattr(readings, "model_there", lambda: False)
    told = sent(asking("affect:read"), {"texts": ["a"]})
    assert (told.status_code, told.json()["code"]) == (503, "not-now")


def test_sums_for_whoever_may_see_figures(asking, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 9, tzinfo=UTC))
    asking("acts:write").send(
        [{"type": "Like", "actor": "a", "published": "2026-03-01T18:30:00Z", "object": "x"}]
    )
    kept(range(1, 11), date(2026, 5, 3), polarity="negative")
    kept(range(11, 21), date(2026, 5, 4), felt=16, target=2)
    reader = asking("figures:read")
    told = reader.get("/readings").json()
    assert told == reader.get("/readings?scope=forum&months=2").json() | {"scope": "*"}
    [month] = told["months"]
    assert (month["month"], month["people"], month["texts"]) == ("2026-05-01", 20, 20)
    negative = month["polarity"]["negative"]
    assert (negative["texts"], negative["share"]) == (10, 0.5)
    assert 0.29 < negative["low"] < 0.31
    assert (month["emotions"]["joy"], month["targets"]["product"], month["languages"]["fr"]) == (10, 10, 20)
    assert reader.get("/readings?until=2026-05-01").json()["months"] == []
    assert reader.get("/readings?scope=none").status_code == 404
    assert reader.get("/readings?months=37").status_code == 422
    bound = asking("figures:read", channel="forum")
    assert bound.get("/readings").json()["scope"] == "forum"
    assert bound.get("/readings?scope=*").status_code == 403
    assert set(ledger.channel_formats()) == {"forum"}
