"""Find a channel by name, or make it."""

import re

from estime.ledger.errors import BadChannelName
from estime.ledger.models import Channel

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def check_channel_name(name: str) -> None:
    """Raises `BadChannelName` unless the name can stand in a URL and a file name."""
    if not _NAME.fullmatch(name):
        raise BadChannelName(
            f"“{name[:80]}” cannot be the name of a channel.",
            todo="Use up to 64 letters, digits, “-” and “_”, such as forum or facebook-fr.",
        )


def channel_ensure(name: str, *, format: str = "", title: str = "", attribution: str = "") -> Channel:
    """The channel of this name; made if it is new. What is given later fills what was left empty."""
    check_channel_name(name)
    channel, made = Channel.objects.get_or_create(
        name=name, defaults={"format": format, "title": title, "attribution": attribution}
    )
    if not made:
        fresh = {"format": format, "title": title, "attribution": attribution}
        changed = [field for field, value in fresh.items() if value and getattr(channel, field) != value]
        for field in changed:
            setattr(channel, field, fresh[field])
        if changed:
            channel.save(update_fields=changed)
    return channel


def channel_describe(name: str, title: str, attribution: str) -> bool:
    """Say how a channel is called and where its data comes from; what is empty is emptied. False: no such channel."""
    return Channel.objects.filter(name=name).update(title=title, attribution=attribution) == 1
