"""Slack: an export folder or zip (channels.json, <channel>/<day>.json), or messages as JSON Lines."""

import re
from collections.abc import Iterator
from typing import Any

from estime.channels.documents import json_document, objects_of
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.jsonl.reader import objects
from estime.channels.formats.slack.messages import message_acts
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, Untranslatable, attempt, reject
from estime.channels.source import Source
from estime.ledger.drafts import Reject

_DAY = re.compile(r"(.*/)?([^/]+)/\d{4}-\d\d-\d\d\.json")


def sniff(peek: Peek) -> int:
    """Certain for a folder with users, channels and days, or a first line with ts, channel and user."""
    if peek.is_folder:
        names = {name.rpartition("/")[2] for name in peek.entries}
        return 3 if "channels.json" in names and any(_DAY.fullmatch(name) for name in peek.entries) else 0
    first = peek.first_object or {}
    return 3 if {"ts", "channel", "text"} <= first.keys() else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every message, and every reaction to it."""
    return _export(source) if source.is_folder and not _single_member(source) else _lines(source)


def _single_member(source: Source) -> bool:
    return not source.path.is_dir() and len(source.entries()) == 1


def _lines(source: Source) -> Iterator[Row]:
    def translate(message: dict[str, Any]) -> list[Any]:
        room = message.get("channel")
        if not isinstance(room, str) or not room:
            raise Untranslatable("missing-field", "The message has no “channel”.")
        return message_acts(message, room, frozenset())

    for item in objects(source):
        if isinstance(item, Reject):
            yield item
        else:
            yield from attempt(item[0], item[1], translate)


def _export(source: Source) -> Iterator[Row]:
    """Room by room, day by day. Direct messages are nobody's community: they are left out."""
    entries = source.entries()
    bots = frozenset(str(u.get("id")) for u in _listed(source, entries, "users.json") if u.get("is_bot"))
    private = {str(d.get("id")) for d in _listed(source, entries, "dms.json")}
    private |= {str(d.get("name")) for d in _listed(source, entries, "mpims.json")}
    number = 0
    for entry in entries:
        day = _DAY.fullmatch(entry)
        if not day or day[2] in private:
            continue
        room = day[2]
        try:
            messages = json_document(source.entry(entry))
        except DocumentInvalid as error:
            number += 1
            yield reject(number, "bad-json", f"{error.message} Its messages are missing.", entry)
            continue
        for message in objects_of(messages):
            number += 1
            yield from attempt(number, message, lambda m, room=room: message_acts(m, room, bots))  # type: ignore[misc]  # mypy sees no lambda with a default


def _listed(source: Source, entries: list[str], name: str) -> list[dict[str, Any]]:
    entry = next((e for e in entries if e == name or e.endswith(f"/{name}")), None)
    return list(objects_of(json_document(source.entry(entry)))) if entry else []
