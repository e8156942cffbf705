"""Protects the small print: conditional requests, bodies in pieces, numbers no float holds, words that mean nothing."""

import gzip
import json

import pytest
from django.test import Client
from rest.conftest import ACT, Asking
from rest.test_segment import HERE, TRACK

from estime.rest.limits import Allowances, Limit
from estime.rest.segment.messages import BadMessage, act_of


def find(program: Asking, body: object, **options: object):
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return program.client.post("/api/v1/persons/find", raw, content_type="application/json", **options)


def test_if_none_match_is_for_reading_only(asking):
    """RFC 9110: 304 answers GET and HEAD; a POST that finds somebody is answered whatever the caller has."""
    program = asking()
    program.send([ACT])
    answer = find(program, {"channel": "forum", "handle": "marie"}, headers={"if-none-match": "*"})
    assert answer.status_code == 200
    assert "ETag" not in answer


@pytest.mark.parametrize("known", ["*", 'W/"x", {0}', "W/{0}", "{0}"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_what_one_has_is_told_in_every_way_of_writing_it(asking, known, method):
    program = asking()
    etag = program.get("/me")["ETag"]
    ask = getattr(program.client, method)
    answer = ask("/api/v1/me", headers={"if-none-match": known.format(etag)})
    assert (answer.status_code, answer["ETag"], answer.content) == (304, etag, b"")
    assert "Content-Length" not in answer, "0 would be told to be the length of the whole answer"
    assert ask("/api/v1/me", headers={"if-none-match": etag.strip('"')}).status_code == 200


def test_a_body_packed_in_pieces_is_read_to_its_end(asking):
    """Gzip may be several members one after the other (RFC 1952), as `cat a.gz b.gz` makes: none is dropped."""
    lines = [json.dumps({**ACT, "id": f"a{n}"}).encode() + b"\n" for n in range(3)]
    options = {"content_type": "application/x-ndjson", "headers": {"content-encoding": "gzip"}}
    answer = asking("acts:write").send(b"".join(map(gzip.compress, lines)), **options)
    assert answer.json()["created"] == 3
    cut = gzip.compress(lines[0]) + gzip.compress(lines[1])[:-4]
    assert asking("acts:write").send(cut, **options).json()["code"] == "body-unreadable"
    bombs = gzip.compress(b" " * 3_000_000) * 2
    assert asking("acts:write").send(bombs, **options).status_code == 413
    assert asking("acts:write").send(gzip.compress(lines[0]) + b"x", **options).status_code == 400


def test_a_body_that_does_not_say_how_long_it_is(asking):
    """Without a length nothing of a body reaches us: it must not be taken for an empty or a broken one."""
    program = asking("acts:write")
    answer = program.client.generic(
        "POST", "/api/v1/acts?channel=forum", headers={"transfer-encoding": "chunked"}
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length-required")


@pytest.mark.parametrize(
    "path",
    [
        "/acts?chanel=forum",
        "/acts?channel=forum&channel=shop",
        "/acts?type=Wiggle",
        "/acts?order=ledger&text=lid",
        "/acts?text=" + "x" * 301,
        "/acts?text=%00",
        "/acts?since=0001-01-01T00:00:00%2B14:00",
        "/acts?since=999999999999999999999",
        "/acts?limit=99999999999999999999999",
        "/acts?limit=1&limit=2",
        "/acts/01a201de-10d0-7027-bf61-d3110a3cf7f0?x=1",
        "/persons/7?x=1",
        "/persons/7/acts?until=2026-01-01",
        "/figures?mesure=reach",
        "/readouts?lang=fr",
        "/readouts/*?language=fr",
        "/channels?limit=1",
        "/me?x",
    ],
)
def test_a_parameter_that_means_nothing_is_told(asking, path):
    """A misspelt filter must not answer as if there were none."""
    answer = asking().get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"7", 422),
        (b'{"channel": "forum", "handle": "\\ud800"}', 422),
        (b'{"channel": "forum", "handle": "a\\u0000"}', 422),
        (b'{"channel": "forum", "handle": ' + b"9" * 5000 + b"}", 400),
        (b'{"channel": "forum", "handle": 7}', 422),
        (b'{"channel": "forum", "handle": "marie", "x": 1}', 422),
        (b'{"channel": "forum", "handle": "' + b"x" * 3_000_000 + b'"}', 413),
        (b'{"channel": "nowhere", "handle": "marie"}', 404),
    ],
)
def test_who_is_looked_for_has_to_be_said_well(asking, body, status):
    program = asking()
    program.client.raise_request_exception = False
    answer = find(program, body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_a_clock_that_is_set_back_locks_nobody_out(folder):
    """What was counted before a clock was set right by an hour must not refuse anybody for that hour."""
    limit, both = Limit("reads", 60), Allowances()
    for _ in range(60):
        both.take(limit, "k", now=10_000.0)
    assert both.take(limit, "k", now=6_400.0).wait == 0
    assert both.spent(limit, "else", now=6_400.0) == 0
    both.take(limit, "guess", now=10_000.0)
    assert both.spent(limit, "guess", now=6_400.0) == 0


def test_what_is_left_is_told_right_today(folder):
    """Seconds since 1970 are large: what a float loses of them must not be told as a request that was used."""
    limit, one = Limit("writes", 30_000), Allowances()
    assert [one.take(limit, "k", now=1_795_340_716.853).left for _ in range(3)] == [29_999, 29_998, 29_997]


def test_no_token_at_all_is_no_guess(asking, folder):
    """A probe without a token, from behind the same address, must not shut out programs that have one."""
    (folder / "estime.toml").write_text("[rest]\nfailures_per_minute = 3\n")
    for _ in range(9):
        assert Client().get("/api/v1/me").status_code == 401
    assert asking().get("/me").status_code == 200


def test_two_numbers_that_no_float_tells_apart_are_not_one_person():
    """JSON numbers beyond 2^53 arrive rounded: taken as ids they would make one account of two people."""
    with pytest.raises(BadMessage) as bad:
        act_of({**TRACK, "userId": 12345678901234567890123.0}, HERE)
    assert bad.value.code == "bad-message"
    assert act_of({**TRACK, "userId": 7.0}, HERE).actor == act_of({**TRACK, "userId": 7}, HERE).actor == "7"


def test_options_say_what_there_is(asking):
    answer = asking().client.options("/api/v1/acts")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= {name.strip() for name in answer["Allow"].split(",")}


def test_answers_are_for_whoever_asked_only(asking):
    answer = asking().get("/me")
    assert "Authorization" in answer["Vary"]
    assert answer["Cache-Control"] == "private, no-cache"
