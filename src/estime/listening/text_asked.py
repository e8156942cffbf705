"""A search of texts as forms, addresses and programs ask it: fields of text, read into a `TextFilter`.

What cannot be read is told beside its field. Saved searches keep these fields, so that a channel or a target that is no
more is told when they are opened. A target stands there by its kind and name, never by its place in the list: who
reorders the list changes nothing that is asked.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.affect_names import EMOTION_NAMES, LANGUAGE_NAMES, POLARITY_NAMES, TARGET_NAMES
from estime.listening.queries.text_filter import TextFilter
from estime.listening.targets.listed import Listed, target_key, targets_installed

ASKED: Final = ("channel", "since", "until", "lang", "polarity", "emotion", "target", "brand", "alike")
"""The fields, in the order of an address."""
UNCLEAR: Final = "unclear"
LONGEST_WORDS: Final = 300


class _Unread(ValueError):
    """A field that says nothing we understand."""


def text_asked(fields: Mapping[str, str], words: str = "") -> tuple[TextFilter, dict[str, str]]:
    """What these fields ask for, and what is wrong with them by field."""
    told: dict[str, Any] = {"words": words[:LONGEST_WORDS]}
    errors: dict[str, str] = {}
    for name in ASKED:
        value = fields.get(name, "").strip()
        if not value:
            continue
        try:
            told |= _READERS[name](value)
        except _Unread as error:
            errors[name] = str(error)
    found = TextFilter(**told)
    if not errors and found.since and found.until and found.since > found.until:
        errors["until"] = _("This day is before the first one.")
    return found, errors


def targets_listed() -> tuple[Listed, ...]:
    """Whom or what texts may be about, as the installation lists it."""
    return targets_installed(configuration()).listed


def target_listed(kind: int, identity: int) -> Listed | None:
    """What a reading is about, if it is still listed."""
    found = targets_installed(configuration()).by_identity.get(identity)
    return found if found is not None and found.kind == kind else None


def target_asked(kind: int, identity: int = 0) -> str:
    """How a target is asked for: `product`, or `product-mon-savon` for one of those listed."""
    found = target_listed(kind, identity)
    return TARGET_NAMES[kind] if found is None else f"{TARGET_NAMES[kind]}-{found.key}"


def _one_of(names: tuple[str, ...], key: str, error: Callable[[], str]) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        if value not in names:
            raise _Unread(error())
        return {key: value}

    return read


def _channel(value: str) -> dict[str, Any]:
    if value not in ledger.channel_formats():
        raise _Unread(_("There is no channel of this name."))
    return {"channel": value}


def _day(name: str) -> Callable[[str], dict[str, Any]]:
    def read(value: str) -> dict[str, Any]:
        try:
            return {name: date.fromisoformat(value)}
        except ValueError:
            raise _Unread(_("This is not a date. Write it like 2026-03-31.")) from None

    return read


def _polarity(value: str) -> dict[str, Any]:
    if value == UNCLEAR:
        return {"unclear": True}
    return _one_of(POLARITY_NAMES, "polarity", lambda: _("There is no such reading."))(value)


def _target(value: str) -> dict[str, Any]:
    """`product`, or `product-mon-savon` for the one of this name, however it is written."""
    name, _dash, called = value.partition("-")
    if name not in TARGET_NAMES[1:]:
        raise _Unread(_("Nothing of this name is listed."))
    kind = TARGET_NAMES.index(name)
    if not called:
        return {"target": kind}
    found = targets_installed(configuration()).by_key.get((kind, target_key(called)))
    if found is None:
        raise _Unread(_("Nothing of this name is listed."))
    return {"target": kind, "target_id": found.identity}


def _brand(value: str) -> dict[str, Any]:
    if value not in ("0", "1"):
        raise _Unread(_("This can only be 0 or 1."))
    return {"brand": value == "1"}


def _alike(value: str) -> dict[str, Any]:
    try:
        act = ledger.act_listed(UUID(value))
    except ValueError:
        act = None
    if act is None:
        raise _Unread(_("The act that this list is about is not here."))
    return {"alike": act.seq}


_READERS: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "channel": _channel,
    "since": _day("since"),
    "until": _day("until"),
    "lang": _one_of(LANGUAGE_NAMES, "lang", lambda: _("There is no such language here.")),
    "polarity": _polarity,
    "emotion": _one_of(EMOTION_NAMES, "emotion", lambda: _("There is no such emotion.")),
    "target": _target,
    "brand": _brand,
    "alike": _alike,
}
