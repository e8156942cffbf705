"""One message of Segment’s libraries as an act, or as nothing. Pure translation: the rules are the ledger’s.

What a message tells about a person beyond what they did (traits, address, device) is not kept, and of an event’s
properties only what an act has a place for: the rest may hold anything about anybody.
"""

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

import orjson

from estime.ledger.drafts import ActDraft
from estime.rest.segment.events import type_of

Message = dict[str, Any]
SKEW: Final = timedelta(minutes=1)
"""A clock that is off by less is taken at its word: the difference is the time on the way."""
MOST_BYTES: Final = 32 * 1024
_SHORT: Final = 2 * 1024
_OBJECTS: Final = (
    ("order_id", "Order"),
    ("product_id", "Product"),
    ("sku", "Product"),
    ("promotion_id", "Offer"),
    ("coupon_id", "Offer"),
    ("list_id", "Collection"),
    ("cart_id", "Collection"),
    ("wishlist_id", "Collection"),
    ("content_asset_id", "Video"),
    ("url", "Page"),
)
KINDS: Final = ("identify", "track", "page", "screen", "group", "alias")


class BadMessage(Exception):
    """A message that cannot be an act, with a code and a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Received(NamedTuple):
    """When a request came, and when its sender’s clock says that it was sent."""

    at: datetime
    sent: datetime | None


def act_of(message: object, received: Received, kind: str = "") -> ActDraft | None:
    """The act that a message tells; None for what is not kept (identify, alias). Raises `BadMessage`."""
    if not isinstance(message, dict):
        raise BadMessage("bad-message", "The message is not an object.")
    if len(orjson.dumps(message)) > MOST_BYTES:
        raise BadMessage("message-too-large", f"A message has at most {MOST_BYTES:,} bytes.")
    kind = kind or message.get("type") or ""
    if kind not in KINDS:
        raise BadMessage("bad-message", f"A message is one of {', '.join(KINDS)}.")
    if kind == "alias":
        return None
    actor = _identifier(message.get("userId")) or _identifier(message.get("anonymousId"))
    if actor is None:
        raise BadMessage("no-actor", "The message names neither userId nor anonymousId.")
    if kind == "identify":
        return None
    source_id = _identifier(message.get("messageId")) or _derived(message, kind)
    fields = _track(message) if kind == "track" else _other(message, kind)
    return ActDraft(source_id, actor, published=published(message, received), **fields)


def is_identify(message: object, kind: str = "") -> bool:
    """Whether a message only says who somebody is: no act is lost where it cannot be read."""
    return (kind or (message.get("type") if isinstance(message, dict) else None)) == "identify"


def remains_of(message: object, received: Received, kind: str = "") -> dict[str, Any]:
    """What is kept of a message that cannot be an act, as the fields of one, to be mended by somebody: nothing that
    an act would not hold, and no more than MOST_BYTES of it.
    """
    if not isinstance(message, dict):
        return {}
    kind = kind or str(message.get("type") or "")
    told_event = message.get("event")
    event = told_event.strip() if kind == "track" and isinstance(told_event, str) else ""
    told: dict[str, Any] = {
        "source_id": _legible(message, "messageId") or _fresh(message, kind),
        "actor": _legible(message, "userId") or _legible(message, "anonymousId"),
        "type": type_of(event),
        "published": _legible(message, "originalTimestamp") or _legible(message, "timestamp"),
    }
    with suppress(BadMessage, TypeError, ValueError, OverflowError):
        told |= _of_event(message, event) if kind == "track" else _other(message, kind)
    told["published"] = told["published"] or received.at.isoformat()
    kept = {name: _clean(name, value) for name, value in told.items() if value is not None}
    return kept | ({"type": "Join", "object_type": "Group"} if kind == "group" else {})


def _legible(message: Message, name: str) -> str | None:
    try:
        return _identifier(message.get(name))
    except BadMessage:
        return None


def _clean(name: str, value: Any) -> Any:
    if name == "extra":
        return {key: _clean(key, told) for key, told in value.items()}
    if not isinstance(value, str):
        return value
    return value[: MOST_BYTES if name == "content" else _SHORT].encode("utf-8", "replace").decode()


def _fresh(message: Message, kind: str) -> str:
    try:
        return _derived(message, kind)
    except (TypeError, ValueError):  # half a character, a number too large
        return f"segment:{uuid4().hex}"


def _track(message: Message) -> dict[str, Any]:
    event = message.get("event")
    if not isinstance(event, str) or not event.strip():
        raise BadMessage("no-event", "A track names its event.")
    return _of_event(message, event.strip())


def _of_event(message: Message, event: str) -> dict[str, Any]:
    properties = _object(message.get("properties"))
    kind = type_of(event)
    thing, thing_type = _thing(properties)
    fields: dict[str, Any] = {
        "type": kind,
        "object_id": thing,
        "object_type": thing_type,
        "value": _number(properties, "revenue", "total", "value", "rating"),
        "incentive": _identifier(properties.get("coupon")) or _campaign(message),
        "extra": {"event": event} if event else None,
    }
    if fields["value"] is not None and "rating" not in properties:
        fields["unit"] = _identifier(properties.get("currency"))
    if kind == "Create" and isinstance(properties.get("review_body"), str):
        review = _identifier(properties.get("review_id")) or _identifier(message.get("messageId"))
        fields |= {"content": properties["review_body"], "in_reply_to": thing, "lang": _locale(message)}
        fields |= {"object_id": review or _derived(message, "track"), "object_type": "Note"}
    return fields


def _other(message: Message, kind: str) -> dict[str, Any]:
    if kind == "group":
        group = _identifier(message.get("groupId"))
        if group is None:
            raise BadMessage("no-group", "A group names its groupId.")
        return {"type": "Join", "object_id": group, "object_type": "Group"}
    properties = _object(message.get("properties"))
    page = _object(_object(message.get("context")).get("page"))
    names = (properties.get("url"), page.get("url"), properties.get("path"), message.get("name"))
    place = next((found for told in names if (found := _identifier(told))), None)
    fields: dict[str, Any] = {"type": "View", "object_id": place, "object_type": "Page" if place else None}
    fields["incentive"] = _campaign(message)
    return fields | {"extra": {"event": kind}}


def published(message: Message, received: Received) -> datetime:
    """When it happened: the sender’s time, set right by how far the sender’s clock is off when it sends."""
    told = _moment(message.get("originalTimestamp")) or _moment(message.get("timestamp"))
    sent = _moment(message.get("sentAt")) or received.sent
    if told is None:
        return received.at
    if sent is None or abs(received.at - sent) < SKEW:
        return told
    try:
        return received.at - (sent - told)
    except OverflowError:
        raise BadMessage("bad-time", "The times of the message cannot be right.") from None


def _moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadMessage("bad-time", "A time of the message is not written as in ISO 8601.") from None


def sent_at(body: Message) -> datetime | None:
    """When a whole batch was sent, by its sender’s clock; None where it does not say, or says nonsense."""
    try:
        return _moment(body.get("sentAt"))
    except BadMessage:
        return None


def _thing(properties: Message) -> tuple[str | None, str | None]:
    for name, kind in _OBJECTS:
        found = _identifier(properties.get(name))
        if found is not None:
            return found, kind
    return None, None


def _identifier(value: object) -> str | None:
    """A text, or a number that is one and no other: beyond 2^53 JSON's numbers arrive rounded, two as one."""
    if isinstance(value, bool) or value is None or value == "":
        return None
    if isinstance(value, float):
        if abs(value) >= 1 << 53:
            raise BadMessage(
                "bad-message", "An id is a number that cannot be told from others: send it as text."
            )
        value = int(value) if value.is_integer() else value
    return str(value) if isinstance(value, str | int | float) else None


def _object(value: object) -> Message:
    return value if isinstance(value, dict) else {}


def _number(properties: Message, *names: str) -> float | None:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def _campaign(message: Message) -> str | None:
    return _identifier(_object(_object(message.get("context")).get("campaign")).get("name"))


def _locale(message: Message) -> str | None:
    return _identifier(_object(message.get("context")).get("locale"))


def _derived(message: Message, kind: str) -> str:
    """For senders that give no messageId: the same message again has the same id."""
    told = {name: value for name, value in message.items() if name not in ("sentAt", "writeKey")}
    packed = orjson.dumps([kind, told], option=orjson.OPT_SORT_KEYS)
    return f"segment:{hashlib.blake2b(packed, digest_size=16).hexdigest()}"
