"""Protects the Segment endpoints: what each message means, what is never kept, and that nothing is doubled."""

import base64
import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db.models import F
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from rest.conftest import person

from estime.channels import api as channels
from estime.channels import sent
from estime.channels.mending import Broken
from estime.channels.models import Import
from estime.channels.refused import rejects_path
from estime.ledger.drafts import ActDraft, Reject
from estime.ledger.models import Act
from estime.ledger.vocabulary import ACTIVITY_TYPES
from estime.people.tokens import token_make
from estime.rest.segment.events import KNOWN, type_of
from estime.rest.segment.messages import BadMessage, Received, act_of, published, remains_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Received(NOW, None)
TRACK = {
    "type": "track", "userId": "u1", "event": "Order Completed", "messageId": "m1", "timestamp": "2026-03-01T11:59:00Z",
    "properties": {"order_id": "o9", "revenue": "39.9", "currency": "EUR", "coupon": "SPRING", "email": "a@b.example"},
    "context": {"ip": "192.0.2.1", "traits": {"name": "Marie"}, "library": {"name": "x"}},
}  # fmt: skip

TEXTS = st.text(max_size=40) | st.text(min_size=3_000, max_size=3_100) | st.just("\ud83d")
VALUES = TEXTS | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.just("x"), max_size=2)
MESSAGES = st.dictionaries(
    st.sampled_from(["type", "event", "userId", "anonymousId", "messageId", "timestamp", "groupId", "name"]),
    VALUES | st.sampled_from(["track", "page", "group", "Product Reviewed"]),
).flatmap(
    lambda told: st.fixed_dictionaries(
        {
            "properties": st.dictionaries(
                st.sampled_from(["url", "sku", "revenue", "rating", "review_body", "coupon", "currency"]),
                VALUES,
            ).map(lambda known: {**known, "anything": "SECRET"}),
            "context": st.just({"ip": "SECRET", "traits": {"name": "SECRET"}}),
        }
    ).map(lambda more: {**more, **told})
)


@pytest.fixture
def write_key(db: None) -> str:
    return token_make(person(), "segment", ["acts:write"], channel="shop")[1]


def post(path: str, body: object, key: str = "", **options: object):
    headers = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return Client().post(path, raw, content_type="application/json", headers={**headers, **options})


def test_a_purchase():
    act = act_of(TRACK, HERE)
    assert (act.type, act.actor, act.source_id) == ("Accept", "u1", "m1")
    assert (act.object_id, act.object_type, act.value, act.unit) == ("o9", "Order", 39.9, "EUR")
    assert (act.incentive, act.extra) == ("SPRING", {"event": "Order Completed"})


def test_nothing_about_the_person_is_kept():
    told = repr(act_of(TRACK, HERE))
    assert not [word for word in ("192.0.2.1", "Marie", "a@b.example") if word in told]


def test_a_review():
    told = {**TRACK, "event": "product_reviewed", "context": {"locale": "fr-FR"}}
    told["properties"] = {"product_id": "p1", "review_id": "r1", "review_body": "Ça fuit.", "rating": 2}
    act = act_of(told, HERE)
    assert (act.type, act.object_id, act.in_reply_to, act.content) == ("Create", "r1", "p1", "Ça fuit.")
    assert (act.value, act.unit, act.lang) == (2.0, None, "fr-FR")


@pytest.mark.parametrize(
    ("message", "kind", "thing"),
    [
        ({"type": "page", "name": "Home"}, "View", "Home"),
        (
            {"type": "page", "name": "Home", "properties": {"url": "https://x.example/"}},
            "View",
            "https://x.example/",
        ),
        ({"type": "screen", "name": "Cart"}, "View", "Cart"),
        ({"type": "group", "groupId": 7}, "Join", "7"),
        ({"type": "track", "event": "Anything Else", "properties": {"sku": "s"}}, "View", "s"),
    ],
)
def test_other_messages(message, kind, thing):
    act = act_of({"anonymousId": "a1", **message}, HERE)
    assert (act.type, act.object_id, act.actor) == (kind, thing, "a1")


def test_identify_and_alias_are_no_acts():
    assert act_of({"type": "identify", "userId": "u", "traits": {"email": "a@b.example"}}, HERE) is None
    assert act_of({"type": "alias", "userId": "u", "previousId": "v"}, HERE) is None


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (7, "bad-message"),
        ({"type": "delete", "userId": "u"}, "bad-message"),
        ({**TRACK, "userId": None}, "no-actor"),
        ({**TRACK, "event": " "}, "no-event"),
        ({"type": "group", "userId": "u"}, "no-group"),
        ({**TRACK, "timestamp": "yesterday"}, "bad-time"),
        ({**TRACK, "properties": {"x": "y" * 33_000}}, "message-too-large"),
    ],
)
def test_what_cannot_be_an_act(message, code):
    with pytest.raises(BadMessage) as bad:
        act_of(message, HERE)
    assert bad.value.code == code


def test_a_clock_that_is_off_is_set_right():
    told = {"timestamp": "2026-03-01T09:00:00Z"}
    assert published(told, Received(NOW, NOW - timedelta(hours=2))) == NOW - timedelta(hours=1)
    assert published(told, Received(NOW, NOW - timedelta(seconds=50))) == NOW - timedelta(hours=3)
    assert published(told, HERE) == NOW - timedelta(hours=3)
    assert published({}, HERE) == NOW
    sooner = {**told, "originalTimestamp": "2026-03-01T08:00:00Z"}
    assert published(sooner, Received(NOW, NOW)) == NOW - timedelta(hours=4)


def test_an_event_is_known_however_it_is_written(folder):
    assert {type_of(name) for name in ("Order Completed", "order_completed", "orderCompleted")} == {"Accept"}
    (folder / "estime.toml").write_text(
        '[segment.events]\n"Order Completed" = "Add"\n"idea submitted" = "Create"\nx = "Xyz"\n'
    )
    assert type_of("order_completed") == "Add"
    assert type_of("Idea Submitted") == "Create"
    assert type_of("x") == "View"
    (warning,) = run_checks(tags=["estime"], app_configs=[apps.get_app_config("rest")])[-1:]
    assert "Xyz" in warning.msg
    assert set(KNOWN.values()) <= ACTIVITY_TYPES


def test_the_page_tells_every_event():
    page = (Path(__file__).resolve().parents[2] / "docs" / "segment.md").read_text()
    told = {}
    for kind, events in re.findall(r"^\| ([A-Z][a-z]+) \| (.+) \|$", page, re.MULTILINE):
        told |= {"".join(filter(str.isalnum, event.casefold())): kind for event in events.split(" · ")}
    assert told == KNOWN


def test_a_batch_keeps_the_good_and_names_the_bad(write_key):
    messages = [TRACK, {**TRACK, "messageId": "m2", "event": None}, {**TRACK, "messageId": "m3"}, TRACK]
    answer = post("/v1/batch", {"batch": messages, "sentAt": NOW.isoformat()}, write_key)
    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "refused": [{"index": 1, "code": "no-event", "reason": "A track names its event."}],
    }
    assert list(Act.objects.order_by("seq").values_list("source_id", flat=True)) == ["m1", "m3"]
    assert set(Act.objects.values_list("channel__name", flat=True)) == {"shop"}


def test_a_message_told_again_in_other_words_is_the_one_told_first(write_key):
    assert post("/v1/track", TRACK, write_key).json() == {"success": True}
    assert post("/v1/track", {**TRACK, "timestamp": "2026-02-01T00:00:00Z"}, write_key).json() == {
        "success": True
    }
    assert Act.objects.get().published == datetime(2026, 3, 1, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["track", "page", "screen", "group", "identify", "alias"])
def test_every_address(write_key, kind):
    told = {"userId": "u", "event": "x", "groupId": "g", "previousId": "v", "type": "nonsense"}
    assert post(f"/v1/{kind}", told, write_key).json() == {"success": True}
    assert Act.objects.count() == (kind not in ("identify", "alias"))


def test_the_write_key_may_come_in_three_ways(write_key):
    assert post("/v1/track", {**TRACK, "writeKey": write_key}).status_code == 200
    assert post("/v1/track", TRACK, authorization=f"Bearer {write_key}").status_code == 200
    packed = gzip.compress(json.dumps({"batch": [TRACK]}).encode())
    assert post("/v1/import", packed, write_key, **{"content-encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"batch": 7}', 400), (b" " * 600_000, 413), (b'{"batch": []}', 200)],
)
def test_what_is_no_batch(write_key, body, status):
    answer = post("/v1/batch", body, write_key)
    assert answer.status_code == status
    assert answer.json()["success"] == (status == 200)
    if status != 200:
        assert {"code", "message", "todo"} <= set(answer.json())


def test_who_may_not(db):
    for key, status in (("", 401), ("est_no", 401)):
        assert post("/v1/track", TRACK, key).status_code == status
    _token, loose = token_make(person(), "loose", ["acts:write"])
    _token, reads = token_make(person(), "reads", ["acts:read"], channel="shop")
    assert post("/v1/track", TRACK, loose).status_code == 403
    assert post("/v1/track", TRACK, reads).status_code == 403
    assert not Act.objects.exists()


LATE = {
    **TRACK,
    "messageId": "m2",
    "timestamp": "gestern",
    "properties": {"order_id": "o9", "email": "a@b.example"},
}


def waiting(channel: str = "shop") -> tuple[Import, list[Reject]]:
    (record,) = Import.objects.filter(channel=channel, format="segment", closed=None)
    return record, [row.reject for row in channels.refused_page(record, "", 0, 100).rows]


def test_what_is_refused_waits_on_the_channels_page(write_key, client):
    """The libraries do not read our answers: a message that cannot be an act is kept, to be mended by somebody."""
    future = {**TRACK, "messageId": "m3", "timestamp": "2036-03-01T11:59:00Z"}
    nobody = {**TRACK, "messageId": "m4", "userId": None, "type": "page", "name": "Home"}
    answer = post("/v1/batch", {"batch": [TRACK, LATE, future, nobody, 7]}, write_key)
    assert [told["code"] for told in answer.json()["refused"]] == [
        "bad-time",
        "time-in-future",
        "no-actor",
        "bad-message",
    ]
    record, rows = waiting()
    assert (record.file_name, record.status, record.rejected, record.settled) == ("Segment", "partial", 4, 0)
    assert sorted(row.code for row in rows) == ["bad-message", "bad-time", "no-actor", "time-in-future"]
    assert [row.line for row in rows] == [1, 2, 3, 4]
    client.force_login(person())
    page = client.get("/en/channels/shop/").content.decode()
    assert f"/en/channels/imports/{record.pk}/" in page
    page = client.get(f"/en/channels/imports/{record.pk}/?code=bad-time").content.decode()
    assert "4 refused messages of “Segment” wait to be mended." in page
    assert "gestern" in page
    assert "a@b.example" not in page, "what an act has no place for is not kept"
    assert "a@b.example" not in rejects_path(record).read_text()
    assert rejects_path(record).stat().st_mode & 0o777 == 0o600
    (debt,) = channels.reject_debts.oldest(datetime.now(UTC), 0, None, 9)
    assert (debt.title, debt.channel) == ("4 messages of “Segment” were refused", "shop")


def test_a_refused_message_is_mended_and_in(write_key):
    post("/v1/batch", {"batch": [LATE, {**TRACK, "messageId": "m5", "event": ""}]}, write_key)
    record, _rows = waiting()
    for row in channels.refused_page(record, "", 0, 9).rows:
        broken = channels.broken_of(record, row.place, row.reject)
        assert broken.shape == "draft"
        mended = {**broken.values, "published": "2026-03-01T10:00:00Z"}
        done = channels.mend(record.pk, [Broken(row.place, row.reject.code, "draft", mended)], None)
        assert (done.inside, done.refused) == (1, [])
    acts = Act.objects.order_by("source_id").values_list(
        "source_id", "type", "actor__handle", "object_id", "extra"
    )
    assert list(acts) == [
        ("m2", "Accept", "u1", "o9", '{"event":"Order Completed"}'),
        ("m5", "View", "u1", "o9", None),
    ]
    assert not channels.imports_open().exists()
    post("/v1/track", {**LATE, "messageId": "m6"}, write_key)
    assert Import.objects.count() == 2, "what was dealt with is not taken up again"


@pytest.mark.parametrize(("path", "status"), [("/v1/batch", 200), ("/v1/track", 400)])
def test_a_refused_message_that_is_sent_again_waits_once(write_key, path, status):
    for _ in range(3):
        answer = post(path, {"batch": [LATE, LATE]} if "batch" in path else LATE, write_key)
        assert answer.status_code == status
        assert answer.json()["refused"][0]["code"] == "bad-time"
    assert answer.json()["success"] == (status == 200)
    assert len(waiting()[1]) == 1


def test_a_program_that_runs_wild_fills_so_much_and_no_more(write_key, monkeypatch):
    monkeypatch.setattr(sent, "MOST_ROWS", 5)
    for part in range(3):
        batch = [{**LATE, "messageId": f"w{part}-{n}"} for n in range(4)]
        assert post("/v1/batch", {"batch": batch}, write_key).status_code == 200
    record, rows = waiting()
    assert (len(rows), record.rejected, record.codes["bad-time"]) == (5, 5, [5, 0])
    assert record.message.startswith("7 more were refused and not kept")
    monkeypatch.setattr(sent, "MOST_BYTES", rejects_path(record).stat().st_size)
    channels.leave_out(
        record.pk, [(row.place, "") for row in channels.refused_page(record, "", 0, 9).rows], None, "?"
    )
    post("/v1/batch", {"batch": [{**LATE, "messageId": "later"}]}, write_key)
    assert Import.objects.filter(rejected__gt=F("settled")).count() == 1


def test_what_a_kill_left_uncounted_is_written_over(write_key):
    post("/v1/track", LATE, write_key)
    record, _rows = waiting()
    with rejects_path(record).open("ab") as stream:
        stream.write(b'{"line": 2, "code": "bad-ti')
    post("/v1/track", {**LATE, "messageId": "m7"}, write_key)
    _record, rows = waiting()
    assert [(row.line, json.loads(row.raw)["source_id"]) for row in rows] == [(1, "m2"), (2, "m7")]


def test_who_is_erased_is_gone_from_what_waits(write_key):
    post("/v1/batch", {"batch": [LATE, {**LATE, "messageId": "m8", "userId": "u2"}]}, write_key)
    assert channels.rejects_erase("shop", "u1") == 1
    record, rows = waiting()
    assert [json.loads(row.raw)["actor"] for row in rows] == ["u2"]
    assert "u1" not in rejects_path(record).read_text()
    post("/v1/batch", {"batch": [{**LATE, "messageId": "m9", "userId": "u3"}]}, write_key)
    assert len(waiting()[1]) == 2


@pytest.mark.parametrize(
    "message",
    [
        {"type": "identify", "traits": {"email": "a@b.example"}},
        {"type": "alias"},
    ],
)
def test_what_would_be_no_act_does_not_wait(write_key, message):
    post("/v1/batch", {"batch": [message]}, write_key)
    assert not Import.objects.exists()


@given(message=MESSAGES)
@settings(max_examples=150, deadline=None)
def test_what_remains_of_any_message_is_small_and_holds_nothing_else(message):
    remains = remains_of(message, HERE)
    raw = orjson.dumps(remains)
    assert len(raw) <= 64 * 1024
    assert set(remains) <= {*ActDraft._fields}
    assert b"SECRET" not in raw
