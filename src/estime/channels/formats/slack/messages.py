"""One Slack message as acts: what was said or done, and who reacted to it."""

import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from estime.channels.moments import from_epoch_text
from estime.channels.rows import Draft, Untranslatable
from estime.ledger.drafts import ActDraft

Message = dict[str, Any]

_MENTION_FIRST = re.compile(r"<@([A-Za-z0-9]+)(?:\|[^>]*)?>")
_AGAINST = frozenset({"-1", "thumbsdown"})
_SAID = frozenset(
    {None, "", "file_share", "file_comment", "file_mention", "me_message", "bot_message", "thread_broadcast",
     "reply_broadcast"}
)  # fmt: skip
_DONE = {
    "channel_join": "Join", "group_join": "Join", "channel_leave": "Leave", "group_leave": "Leave",
    "bot_add": "Add", "bot_remove": "Remove", "pinned_item": "Add", "unpinned_item": "Remove",
}  # fmt: skip
_KEPT = ("subtype", "edited", "bot_id", "inviter", "topic", "purpose", "name", "old_name")


def message_acts(message: Message, room: str, bots: AbstractSet[str]) -> list[Draft]:
    """The acts a message tells: itself first, then one Like or Dislike for each person who reacted."""
    stamp = message.get("ts")
    if not isinstance(stamp, str) or not stamp:
        raise Untranslatable("missing-field", "The message has no “ts”, its time.")
    when = from_epoch_text(stamp)
    name = f"{room}/{stamp}"
    subtype = message.get("subtype")
    if subtype is not None and not isinstance(subtype, str):
        raise Untranslatable("bad-field", "“subtype” is not a text.")
    if subtype == "tombstone":
        raise Untranslatable("message-deleted", "The message was deleted in Slack: only its place is left.")
    actor = _actor(message, bots)
    extra = _extra(message, actor)
    text = message.get("text") if isinstance(message.get("text"), str) else None
    acts: list[Draft]
    if subtype in _SAID or (subtype not in _DONE and not _about_room(subtype)):
        thread = message.get("thread_ts")
        parent = f"{room}/{thread}" if isinstance(thread, str) and thread and thread != stamp else None
        acts = [ActDraft(name, actor, "Create", when, name, "Note", parent, room, text, extra=extra)]
    else:
        kind = _DONE.get(str(subtype), "Update")
        said = None if kind in ("Join", "Leave") else text
        acts = [ActDraft(name, actor, kind, when, room, "Group", None, room, said, extra=extra)]
    return acts + _reactions(message, name, room, when, bots)


def _about_room(subtype: str | None) -> bool:
    return (subtype or "").startswith(("channel_", "group_"))


def _actor(message: Message, bots: AbstractSet[str]) -> str:
    """Who did it: the user's id; a bot's begins with "bot:". Old exports leave some to the text."""
    user = message.get("user")
    if isinstance(user, str) and user:
        return _handle(user, bots)
    bot = message.get("bot_id") or message.get("username")
    if isinstance(bot, str) and bot:
        return f"bot:{bot}"
    said = _MENTION_FIRST.match(str(message.get("text") or ""))
    if said:
        return _handle(said[1], bots)
    raise Untranslatable(
        "missing-field", "The message names no user, bot or name, and its text does not either."
    )


def _handle(user: str, bots: AbstractSet[str]) -> str:
    return f"bot:{user}" if user in bots or user == "USLACKBOT" else user


def _extra(message: Message, actor: str) -> dict[str, object] | None:
    """What has no column of its own. Looks (blocks) and personal details of the profile are left out."""
    extra: dict[str, object] = {key: message[key] for key in _KEPT if message.get(key) is not None}
    if actor.startswith("bot:"):
        extra["bot"] = True
    files = message.get("files")
    if isinstance(files, list):
        extra["files"] = [{k: f.get(k) for k in ("id", "mimetype")} for f in files if isinstance(f, dict)]
    return extra or None


def _reactions(message: Message, name: str, room: str, when: datetime, bots: AbstractSet[str]) -> list[Draft]:
    """Slack does not say when somebody reacted: the time of the message stands for it."""
    acts: list[Draft] = []
    given = message.get("reactions") or []
    for reaction in given if isinstance(given, list) else [given]:
        emoji = str(reaction.get("name", "")) if isinstance(reaction, dict) else ""
        users = reaction.get("users") if isinstance(reaction, dict) else None
        if not emoji or not isinstance(users, list) or not all(isinstance(u, str) and u for u in users):
            raise Untranslatable("bad-field", "A reaction does not name its emoji and its users.")
        kind = "Dislike" if emoji.partition("::")[0] in _AGAINST else "Like"
        for user in dict.fromkeys(users):
            one = f"{name}/{emoji}/{user}"
            acts.append(
                ActDraft(one, _handle(user, bots), kind, when, name, "Note", None, room, f":{emoji}:")
            )
    return acts
