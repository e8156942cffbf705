"""Protects the Segment endpoints: what each message means, what is never kept, and that nothing is doubled."""

import base64
import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client
from rest.conftest import person

from estime.ledger.models import Act
from estime.ledger.vocabulary import ACTIVITY_TYPES
from estime.people.tokens import token_make
from estime.rest.segment.events import KNOWN, type_of
from estime.rest.segment.messages import BadMessage, Received, act_of, published

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Received(NOW, None)
TRACK = {
    "type": "track", "userId": "u1", "event": "Order Completed", "messageId": "m1", "timestamp": "2026-03-01T11:59:00Z",
    "properties": {"order_id": "o9", "revenue": "39.9", "currency": "EUR", "coupon": "SPRING", "email": "a@b.example"},
    "context": {"ip": "192.0.2.1", "traits": {"name": "Marie"}, "library": {"name": "x"}},
}  # fmt: skip


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
