"""Protects POST /acts: each act is told what became of it, the good are kept, and told twice is one act."""

import gzip
import json
from pathlib import Path

import orjson
import pytest
from rest.conftest import ACT

from estime.channels.api import import_path
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.ledger.models import Act

BAD = {**ACT, "id": "post/42", "type": "Wiggle"}


def statuses(answer) -> list[str]:
    return [item["status"] for item in answer.json()["items"]]


def test_the_good_are_kept_and_the_bad_named(asking):
    program = asking("acts:write")
    answer = program.send([ACT, BAD, 7, {**ACT, "id": "post/43"}])
    told = answer.json()
    assert answer.status_code == 207
    assert statuses(answer) == ["created", "refused", "refused", "created"]
    assert [item["index"] for item in told["items"]] == [0, 1, 2, 3]
    assert [item["code"] for item in told["items"]] == [None, "unknown-type", "bad-json", None]
    assert (told["created"], told["known"], told["refused"], told["erased"]) == (2, 0, 2, 0)
    assert {str(pk) for pk in Act.objects.values_list("id", flat=True)} == {
        told["items"][0]["id"], told["items"][3]["id"],
    }  # fmt: skip


def test_again_is_safe(asking):
    program = asking("acts:write")
    first = program.send([ACT, ACT])
    again = program.send([ACT])
    assert statuses(first) == ["created", "known"]
    assert statuses(again) == ["known"]
    assert again.status_code == 200
    assert {item["id"] for item in first.json()["items"]} == {again.json()["items"][0]["id"]}
    assert Act.objects.count() == 1


def test_told_otherwise_is_refused(asking):
    program = asking("acts:write")
    program.send([ACT])
    other = {**ACT, "object": {**ACT["object"], "content": "It does not."}}
    answer = program.send([other])
    assert answer.json()["items"][0]["code"] == "act-differs"


@pytest.mark.parametrize(
    ("body", "options"),
    [
        ([ACT], {}),
        ({"acts": [ACT]}, {}),
        ({"type": "OrderedCollection", "orderedItems": [ACT]}, {"content_type": "application/activity+json"}),
        ({"type": "Collection", "items": [ACT]}, {"content_type": "application/ld+json; charset=utf-8"}),
        (ACT, {}),
        (json.dumps(ACT).encode() + b"\n\n", {"content_type": "application/x-ndjson"}),
        (gzip.compress(json.dumps([ACT]).encode(), mtime=0), {"headers": {"content-encoding": "gzip"}}),
    ],
)
def test_a_batch_may_come_in_many_forms(asking, body, options):
    assert statuses(asking("acts:write").send(body, **options)) == ["created"]


def test_the_body_or_the_token_may_name_the_channel(asking):
    assert asking("acts:write").send({"channel": "chat", "acts": [ACT]}, "").json()["channel"] == "chat"
    assert asking("acts:write", channel="shop").send([ACT], "").json()["channel"] == "shop"
    assert asking("acts:write").send([ACT], "").json()["code"] == "invalid"
    assert asking("acts:write").send([ACT], "?channel=a%20b").json()["code"] == "bad-channel-name"


def test_a_token_of_a_channel_writes_to_no_other(asking):
    program = asking("acts:write", channel="shop")
    for answer in (
        program.send([ACT], "?channel=forum"),
        program.send({"channel": "forum", "acts": [ACT]}, ""),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "channel-not-allowed")
    origin = {
        "estime:id": "01a201de-10d0-7027-bf61-d3110a3cf7f0", "estime:channel": "forum",
        "estime:recorded": "2026-03-01T00:00:00Z", "estime:account": "12",
    }  # fmt: skip
    assert program.send([{**ACT, **origin}], "").json()["items"][0]["code"] == "origin-not-taken"
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("body", "options", "status", "code"),
    [
        (b"{", {}, 400, "body-unreadable"),
        (b"7", {}, 422, "invalid"),
        (b"{}", {}, 422, "invalid"),
        (b'{"channel": 7, "acts": []}', {}, 422, "invalid"),
        (b"[" * 100_000, {}, 400, "body-unreadable"),
        (b"id,actor", {"content_type": "text/csv"}, 415, "media-type-unknown"),
        (b"[]", {"headers": {"content-encoding": "br"}}, 415, "media-type-unknown"),
        (b"[]", {"headers": {"content-encoding": "gzip"}}, 400, "body-unreadable"),
        (
            gzip.compress(b"[]" * 500, mtime=0)[:-9],
            {"headers": {"content-encoding": "gzip"}},
            400,
            "body-unreadable",
        ),
        (
            gzip.compress(b" " * 6_000_000, mtime=0),
            {"headers": {"content-encoding": "gzip"}},
            413,
            "body-too-large",
        ),
        (b" " * (5 * 1024 * 1024 + 1), {}, 413, "body-too-large"),
        (json.dumps([ACT] * 1001).encode(), {}, 422, "too-many-acts"),
    ],
)
def test_what_is_no_batch_is_refused_whole(asking, body, options, status, code):
    answer = asking("acts:write").send(body, **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Act.objects.exists()


def test_one_act_with_half_a_character_spoils_nothing(asking):
    body = json.dumps([{**ACT, "id": "a", "content": "\ud83d"}, {**ACT, "id": "b\ud83d"}, {**ACT, "id": "c"}])
    answer = asking("acts:write").send(body.encode())
    assert statuses(answer) == ["refused", "refused", "created"]
    assert {item["code"] for item in answer.json()["items"][:2]} == {"bad-encoding"}


def test_a_broken_line_spoils_nothing(asking):
    lines = b"\n".join([json.dumps(ACT).encode(), b"{oops", json.dumps({**ACT, "id": "b"}).encode()])
    answer = asking("acts:write").send(lines, content_type="application/x-ndjson")
    assert statuses(answer) == ["created", "refused", "created"]


def test_what_was_erased_stays_erased(asking, tmp_path: Path):
    program = asking("acts:write")
    program.send([ACT])
    ledger.erase_accounts([ledger.account_key("forum", "marie")], Lake(str(tmp_path / "lake")))
    assert statuses(program.send([ACT, {**ACT, "id": "new", "actor": "paul"}])) == ["erased", "created"]


SHAPES = [
    ACT,
    {**ACT, "id": None},
    {"type": "Like", "actor": {"id": "paul"}, "object": ["post/41", "post/42"], "published": 1772389800},
    {
        **ACT,
        "id": "m",
        "object": {"type": "Note", "contentMap": {"fr": "Ça fuit."}, "tag": ["x"]},
        "to": "all",
    },
    {**ACT, "id": "v", "value": 4.5, "unit": "star", "estime:incentive": "spring"},
    {**ACT, "id": 7, "type": ["Create", "Announce"], "summary": "?"},
    {**ACT, "id": "n", "published": "2026-03-01 18:30"},
    {**ACT, "id": "f", "published": "2926-03-01T18:30:00Z"},
    {**ACT, "id": "x", "actor": ""},
]


def test_it_means_the_same_as_in_a_file(asking, tmp_path: Path):
    """The same activities by REST and by `estime import --as as2` are the same acts, field by field."""
    file = tmp_path / "acts.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(shape) for shape in SHAPES))
    imported = import_path(file, channel="file", format="as2")
    answer = asking("acts:write").send(SHAPES)
    fields = (
        "source_id actor__handle type object_id object_type in_reply_to context published content lang value unit"
        " incentive on_behalf_of extra"
    ).split()
    sent, read = (
        list(Act.objects.filter(channel__name=name).order_by("seq").values_list(*fields))
        for name in ("forum", "file")
    )
    assert sent == read
    assert len(sent) == imported.new == 6
    refused = [item["code"] for item in answer.json()["items"] if item["status"] == "refused"]
    assert refused == [reject.code for reject in sorted(imported.first_rejects)]
