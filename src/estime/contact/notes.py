"""What one act says to a reader of questions: a text of ours, a question, a thread's opening, a taking back."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from estime.contact.rules.asks import TYPE, Asking, asking
from estime.contact.rules.mentions import Names, addressed, names_of
from estime.kernel.home import secret
from estime.ledger.api import ERASED_PREFIX, Told, as_moment

ROOMS: Final = frozenset({"slack"})
"""Formats whose contexts are rooms, in which many things are talked of, rather than threads."""
POLLS: Final = frozenset({"polis"})
"""Formats whose texts are statements that others vote on: a question mark in one asks the voters."""
POINTLESS: Final = frozenset({"discourse", "zulip"})
"""Formats that write "replies to the opening" where they do not know to which text (channels/formats)."""

BEFORE, AFTER = timedelta(hours=1), timedelta(days=2)
"""In a room: how soon after our word a question is taken as put to us, and how soon a word of ours as its answer."""


class Place(NamedTuple):
    """What must be known of a channel to read its acts."""

    channel: int
    format: str
    accounts: frozenset[int]
    names: Names
    key: Callable[[str], int]
    generation: int


class Notes(NamedTuple):
    """Rows for the tables of `models.py`, by their columns' order in `actions/collect.py`."""

    voices: list[tuple[Any, ...]]
    spoken: list[tuple[Any, ...]]
    threads: dict[int, tuple[Any, ...]]
    withdrawals: set[tuple[int, int, int]]
    questions: list[tuple[Any, ...]]


def place_of(
    channel: tuple[int, str, str], accounts: Collection[int], handles: Collection[str], generation: int
) -> Place:
    """`channel`: its id, name and format; `accounts` and `handles`: the brand's, of whom not all need have acted."""
    number, name, kind = channel
    return Place(number, kind, frozenset(accounts), names_of(handles), _keyed(secret(), name), generation)


def _keyed(salt: bytes, channel: str) -> Callable[[str], int]:
    """`kernel.ids.lake_key` of one channel, for millions of identifiers."""
    start = hashlib.sha256(salt.hex().encode() + f"{channel}\0".encode())

    def key(identifier: str) -> int:
        told = start.copy()
        told.update(identifier.encode())
        return int(told.hexdigest()[:15], 16)

    return key


def take_notes(acts: Iterable[Told], places: Mapping[int, Place]) -> Notes:
    """What these acts say, told once each: an act that is read again says the same again."""
    notes = Notes([], [], {}, set(), [])
    for act in acts:
        place = places[act.channel]
        if act.type in ("Undo", "Delete"):
            if act.object_id is not None:
                notes.withdrawals.add((act.channel, act.account, place.key(act.object_id)))
        elif place.format not in POLLS:
            _text(act, place, notes)
    return notes


def _text(act: Told, place: Place, notes: Notes) -> None:
    key = place.key(act.object_id or act.source_id)
    source = place.key(act.source_id) if act.object_id not in (None, act.source_id) else None
    reply = None if act.in_reply_to is None else place.key(act.in_reply_to)
    ours = act.account in place.accounts or act.on_behalf_of is not None
    in_room = place.format in ROOMS and reply is None
    thread = reply if place.format in ROOMS and reply is not None else _thread(act, place, key, reply)
    if act.context is not None and place.format not in ROOMS:
        _opening(notes.threads, thread, (act.channel, act.published, key, ours))
    if in_room:
        notes.spoken.append((act.seq, act.channel, thread, act.account, ours, act.published))
    if ours:
        loose = reply is None or place.format in ROOMS
        notes.voices.append(
            (act.seq, act.channel, act.account, key, source, reply, thread, loose, act.published)
        )
        return
    asked = _asking(act, place)
    if asked is None:
        return
    when = as_moment(act.published)
    heard: tuple[datetime | None, datetime | None] = (
        (when - BEFORE, when + AFTER) if in_room else (None, None)
    )
    notes.questions.append(
        (act.seq, act.channel, act.account, act.published, key, source, reply, thread, *asked, *heard, place.generation)
    )  # fmt: skip


def _thread(act: Told, place: Place, key: int, reply: int | None) -> int:
    if act.context is not None:
        return place.key(f"thread\0{act.context}")
    return key if reply is None else reply


def _opening(threads: dict[int, tuple[Any, ...]], thread: int, told: tuple[Any, ...]) -> None:
    known = threads.get(thread)
    if known is None or told[1:3] < known[1:3]:
        threads[thread] = told


def _asking(act: Told, place: Place) -> tuple[str, bool, bool, bool] | None:
    """(rule, named, to somebody else, to whoever knows), or None for what asks nothing, or was erased."""
    if act.source_id.startswith(ERASED_PREFIX):
        return None
    extra = _extra(act.extra)
    if extra is not None and extra.get("bot"):
        return None
    asked = asking(act.content, place.names)
    if "Question" in (act.type, act.object_type):
        named = bool(act.content and place.names.brand.search(act.content))
        asked = (asked or Asking(TYPE, to_brand=named))._replace(rule=TYPE)
    if asked is None:
        return None
    return asked.rule, asked.to_brand or addressed(extra, place.names.handles), asked.to_other, asked.to_all


def _extra(told: Any) -> dict[str, Any] | None:
    if told is None:
        return None
    extra = orjson.loads(told) if isinstance(told, str) else told
    return extra if isinstance(extra, dict) else None
