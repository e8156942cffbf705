"""What an address of the page of acts asks for, and the address that asks for it.

Addresses hold no personal data: people are account keys, texts and threads are named by an act of theirs, and words
are sealed (`sealed.py`). Whatever cannot be read is told beside its field, and nothing is listed in the meantime.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.ledger.api import ActFilter, Place
from estime.readouts.mentions import without_people
from estime.web.sealed import unseal

NAMES: Final = (
    "channel",
    "type",
    "account",
    "answers_to",
    "answers",
    "since",
    "until",
    "thread",
    "of",
    "reply_to",
    "active",
    "without_likes",
    "brand",
    "incentive",
    "text",
)
"""The fields of an address, in its order."""
LONGEST: Final = 300
"""Characters of a search."""


@dataclass(frozen=True)
class Asked:
    """`values`: fields as they stand in the address; `errors`: what is wrong, by field; `words`: what is looked for."""

    values: Mapping[str, str]
    told: ActFilter
    words: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        return bool(self.values)

    def url(self, name: str = "acts", **changes: str) -> str:
        """The address of a page of acts with these fields, some of them changed or (empty) left out."""
        return acts_url(name, **{**self.values, **changes})


def acts_url(name: str = "acts", **fields: object) -> str:
    """The address of the page of acts (or another page that takes its fields) that asks for this."""
    told = {key: str(value) for key, value in fields.items() if value not in (None, "", False)}
    for key in ("active", "without_likes", "answers"):
        if key in told:
            told[key] = "1"
    query = urlencode({key: told[key] for key in (*NAMES, *told) if key in told})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def asked(fields: Mapping[str, str], *, sees: bool, channels: Sequence[str]) -> Asked:
    """Read the fields of an address. `sees`: whether whoever asks may see who people are; `channels`: all there are."""
    values = {name: fields[name].strip() for name in NAMES if fields.get(name, "").strip()}
    errors: dict[str, str] = {}
    told: dict[str, Any] = {}
    if "channel" in values and values["channel"] not in channels:
        errors["channel"] = _("There is no channel of this name.")
    for name, value in values.items():
        try:
            told |= _READERS[name](value)
        except _Unread as error:
            errors[name] = str(error)
    words = told.pop("words", "")
    without = told.pop("_likes", ())
    found = ActFilter(**told)
    if without:
        found = replace(found, without=tuple(sorted({*found.without, *without})))
    searched = words if sees else without_people(words)[0]
    return Asked(values, replace(found, words=searched), words, errors)


class _Unread(ValueError):
    """A field that says nothing we understand."""


def _type(value: str) -> dict[str, Any]:
    kinds = tuple(value.split(","))
    if not set(kinds) <= {*ledger.ACTIVITY_TYPES, "Vote"}:
        raise _Unread(_("There is no such kind of act."))
    return {"kinds": kinds}


def _key(name: str) -> Any:
    def read(value: str) -> dict[str, Any]:
        if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) < 1 << 63):
            raise _Unread(_("This is not the number of an account."))
        return {name: int(value)}

    return read


def _moment(value: str, name: str, *, last: bool) -> dict[str, Any]:
    """A day (UTC; `last`: that day included) or an exact moment."""
    try:
        if len(value) == len("2024-01-31"):
            day = datetime.combine(date.fromisoformat(value), time(), UTC)
            return {name: day + timedelta(days=1) if last else day}
        moment = datetime.fromisoformat(value)
        return {name: moment if moment.tzinfo else moment.replace(tzinfo=UTC)}
    except (ValueError, OverflowError):
        raise _Unread(_("This is not a date. Write it like 2026-03-31.")) from None


def _place(name: str) -> Any:
    def read(value: str) -> dict[str, Any]:
        try:
            act = ledger.act_listed(UUID(value))
        except ValueError:
            act = None
        identifier = None if act is None else act.context if name == "thread" else act.object_id
        if act is None or identifier is None:
            raise _Unread(_("The act that this list is about is not here."))
        return {name: Place(act.channel, identifier)}

    return read


def _yes(value: str) -> bool:
    if value not in ("0", "1"):
        raise _Unread(_("This can only be 0 or 1."))
    return value == "1"


def _active(value: str) -> dict[str, Any]:
    return {"without": engagement.PASSIVE, "standing": True} if _yes(value) else {}


def _without_likes(value: str) -> dict[str, Any]:
    return {"_likes": engagement.LIKES} if _yes(value) else {}


def _brand(value: str) -> dict[str, Any]:
    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    return {"brand": _yes(value), "brand_accounts": tuple(key for _, key in ledger.account_keys(named))}


def _text(value: str) -> dict[str, Any]:
    words = unseal(value)
    if words is None:
        raise _Unread(_("This search is older than thirty days. Type it once more."))
    return {"words": words[:LONGEST]}


_READERS: Final[dict[str, Any]] = {
    "channel": lambda value: {"channel": value},
    "type": _type,
    "account": _key("account"),
    "answers_to": _key("answers_to"),
    "answers": lambda value: {"answering": True} if _yes(value) else {},
    "since": lambda value: _moment(value, "since", last=False),
    "until": lambda value: _moment(value, "until", last=True),
    "thread": _place("thread"),
    "of": _place("of"),
    "reply_to": _place("reply_to"),
    "active": _active,
    "without_likes": _without_likes,
    "brand": _brand,
    "incentive": lambda value: {"prompted": _yes(value)},
    "text": _text,
}
