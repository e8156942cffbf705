"""Zulip: an export folder (realm.json, messages-*.json), or messages as its API lists them.

Messages of one topic form a thread: the first in the source opens it; each later one answers the message it
quotes (Zulip's "said" link), else the opening. Direct messages are left out.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from estime.channels.documents import html_text, json_document, objects_of
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.jsonl.reader import objects
from estime.channels.moments import from_epoch_text
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Draft, Row, Untranslatable, attempt, reject
from estime.channels.source import Source
from estime.ledger.drafts import ActDraft, Reject

Message = dict[str, Any]
_MESSAGES = re.compile(r"(.*/)?messages-\d+\.json")
_SAID = re.compile(r"/near/(\d+)\)?:?\s")
_CHANNEL = 2
_AGAINST = frozenset({"-1", "thumbs_down"})


def sniff(peek: Peek) -> int:
    """Certain for messages-*.json, a document with zerver_message, or messages as the API gives them."""
    if peek.is_folder:
        return 3 if any(_MESSAGES.fullmatch(name) for name in peek.entries) else 0
    if peek.first_object is not None and {"sender_id", "display_recipient"} <= peek.first_object.keys():
        return 3
    listed = '"sender_id"' in peek.head and '"display_recipient"' in peek.head
    return 3 if peek.looks_like_json and ('"zerver_message"' in peek.head or listed) else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every message of a channel, and every reaction to it."""
    realm = _Realm()
    if source.path.is_dir() or (source.is_folder and len(source.entries()) > 1):
        return _export(source, realm)
    source = source.single()
    head = next(Source(source.path, source.encoding, source.member).chunks(), b"")
    first_line = head.partition(b"\n")[0].strip()
    if first_line.startswith(b"{") and first_line.endswith(b"}") and b'"messages"' not in first_line[:200]:
        return _lines(source, realm) if b'"zerver_message"' not in head[:4096] else _document(source, realm)
    return _document(source, realm)


class _Realm:
    """Who is a bot, what the channels are called, how each topic began, and the reactions."""

    def __init__(self) -> None:
        self._bots: set[int] = set()
        self._channels: dict[int, str] = {}
        self._openings: dict[str, str] = {}
        self._reactions: dict[int, list[Message]] = {}

    def learn(self, tables: Message) -> None:
        """Take in the tables of realm.json, or those beside the messages."""
        for user in objects_of(tables.get("zerver_userprofile")):
            if user.get("is_bot"):
                self._bots.add(_number(user, "id"))
        names = {_number(s, "id"): s.get("name") for s in objects_of(tables.get("zerver_stream"))}
        for recipient in objects_of(tables.get("zerver_recipient")):
            name = names.get(_number(recipient, "type_id"))
            if recipient.get("type") == _CHANNEL and isinstance(name, str):
                self._channels[_number(recipient, "id")] = name
        for reaction in objects_of(tables.get("zerver_reaction")):
            self._reactions.setdefault(_number(reaction, "message"), []).append(reaction)

    def drafts(self, message: Message) -> list[Draft]:
        """The acts of one message: none when it is a direct one."""
        room = self._room(message)
        if room is None:
            return []
        number = message.get("id")
        sender = message.get("sender_id", message.get("sender"))
        stamp = message.get("date_sent", message.get("timestamp"))
        if not isinstance(number, int) or not isinstance(sender, int) or not isinstance(stamp, int | float):
            raise Untranslatable("missing-field", "The message lacks its id, its sender or its time.")
        when, name = from_epoch_text(str(stamp)), str(number)
        context = f"{room}/{message.get('subject') or message.get('topic') or ''}"
        text = message.get("content") if isinstance(message.get("content"), str) else ""
        quoted = _SAID.search(str(text))
        opening = self._openings.setdefault(context, name)
        parent = quoted[1] if quoted and quoted[1] != name else opening if opening != name else None
        if message.get("content_type") == "text/html":
            text = html_text(str(text))
        bot = sender in self._bots or "-bot@" in str(message.get("sender_email"))
        handle = f"bot:{sender}" if bot else str(sender)
        extra: dict[str, object] | None = {"bot": True} if bot else None
        act = ActDraft(name, handle, "Create", when, name, "Note", parent, context, text, extra=extra)
        return [act, *self._reacted(message, name, context, when)]

    def _room(self, message: Message) -> str | None:
        """Name of the channel, or None for a direct message."""
        if "recipient" in message:
            recipient = _number(message, "recipient")
            if recipient in self._channels:
                return self._channels[recipient]
            return str(recipient) if message.get("is_channel_message") else None
        if message.get("type") in ("private", "direct") or isinstance(message.get("display_recipient"), list):
            return None
        room = message.get("display_recipient") or message.get("stream_id")
        if room is None:
            raise Untranslatable("missing-field", "The message does not say in which channel it stands.")
        return str(room)

    def _reacted(self, message: Message, name: str, context: str, when: datetime) -> Iterator[Draft]:
        """Zulip does not say when somebody reacted: the time of the message stands for it."""
        given = [*objects_of(message.get("reactions")), *self._reactions.get(message["id"], [])]
        for reaction in given:
            user, emoji = reaction.get("user_id", reaction.get("user_profile")), reaction.get("emoji_name")
            if user is None and isinstance(reaction.get("user"), dict):
                user = reaction["user"].get("id")
            if not isinstance(user, int) or not isinstance(emoji, str) or not emoji:
                raise Untranslatable("bad-field", "A reaction does not name its emoji and its user.")
            kind = "Dislike" if emoji in _AGAINST else "Like"
            handle = f"bot:{user}" if user in self._bots else str(user)
            one = f"{name}/{emoji}/{user}"
            yield ActDraft(one, handle, kind, when, name, "Note", None, context, f":{emoji}:")


def _number(row: Message, key: str) -> int:
    """An id, or -1, which nobody has, where there is none."""
    value = row.get(key)
    return value if isinstance(value, int) else -1


def _export(source: Source, realm: _Realm) -> Iterator[Row]:
    entries = source.entries()
    for entry in entries:
        if entry == "realm.json" or entry.endswith("/realm.json"):
            tables = json_document(source.entry(entry))
            realm.learn(tables if isinstance(tables, dict) else {})
    number = 0
    for entry in entries:
        if not _MESSAGES.fullmatch(entry):
            continue
        try:
            messages = _messages(source.entry(entry), realm)
        except DocumentInvalid as error:
            number += 1
            yield reject(number, "bad-json", f"{error.message} Its messages are missing.", entry)
            continue
        for message in messages:
            number += 1
            yield from attempt(number, message, realm.drafts)


def _document(source: Source, realm: _Realm) -> Iterator[Row]:
    for number, message in enumerate(_messages(source, realm), 1):
        yield from attempt(number, message, realm.drafts)


def _messages(source: Source, realm: _Realm) -> list[Message]:
    """The messages of one document, oldest first."""
    whole = json_document(source)
    if isinstance(whole, dict):
        realm.learn(whole)
        whole = whole.get("zerver_message", whole.get("messages"))
    if not isinstance(whole, list):
        raise DocumentInvalid(
            f"“{source.name}” holds no list of messages.",
            todo="Use messages-*.json, or what GET /messages gives.",
        )
    return sorted(objects_of(whole), key=lambda m: m["id"] if isinstance(m.get("id"), int) else 0)


def _lines(source: Source, realm: _Realm) -> Iterator[Row]:
    for item in objects(source):
        if isinstance(item, Reject):
            yield item
        else:
            yield from attempt(item[0], item[1], realm.drafts)
