"""Who is mentioned in a text: the brand's accounts by the names a channel gives them, and anybody else."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

_ANYBODY = re.compile(
    r"<@[A-Za-z0-9]+(?:\|[^<>]{0,200})?>"  # Slack
    r"|@_?\*\*[^*\n]{1,200}\*\*"  # Zulip
    r"|(?<![\w@/.&])@[\w][\w.-]{0,60}\w(?:@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5})?"
)
# "<@U1> uploaded a file: … and commented: …": Slack's words, not the author's.
_TOLD_BY_SLACK = re.compile(
    r"\A<@[A-Za-z0-9]+(?:\|[^<>]{0,200})?> (?:uploaded|shared|commented on)\b.{0,300}?"
    r"(?:and commented: |(?<=\]): |(?<=>): |\Z)",
    re.DOTALL,
)
_NOBODY = re.compile(r"(?!)")


class Names(NamedTuple):
    """What finds mentions on one channel: the brand's accounts, and everybody."""

    brand: re.Pattern[str]
    handles: frozenset[str]

    def without_preamble(self, text: str) -> str:
        return _TOLD_BY_SLACK.sub("", text, 1) if text.startswith("<@") else text


def names_of(handles: Iterable[str]) -> Names:
    """The names under which these accounts may be mentioned.

    >>> bool(names_of(["team"]).brand.search("hello @Team, are you open?"))
    True
    >>> bool(names_of(["team"]).brand.search("write to info@team.com or @teammate"))
    False
    """
    known = sorted(set(handles), key=len, reverse=True)
    ways = [way for handle in known for way in _ways(handle)]
    return Names(re.compile("|".join(ways), re.IGNORECASE) if ways else _NOBODY, frozenset(known))


def _ways(handle: str) -> list[str]:
    told = re.escape(handle)
    ways = [rf"<@{told}(?:\|[^<>]{{0,200}})?>", rf"@\*\*[^*|\n]{{0,200}}\|{told}\*\*"]
    name, host = _local(handle)
    if name:
        at_host = rf"(?:@{re.escape(host)})?" if host else ""
        ways.append(rf"(?<![\w@/.&])@{re.escape(name)}{at_host}(?![\w@]|[-.]\w)")
    return ways


def _local(handle: str) -> tuple[str, str]:
    """The name and host of an account: `https://h.org/users/team`, `@team@h.org` and `team` are all @team."""
    url = re.match(r"https?://([^/]+)/(?:.*/)?@?([^/@]+)/?\Z", handle)
    if url:
        return url[2], url[1]
    name, _at, host = handle.removeprefix("@").partition("@")
    return name, host


def anybody() -> re.Pattern[str]:
    """What finds a mention of anybody at all."""
    return _ANYBODY


def addressed(extra: dict[str, Any] | None, handles: frozenset[str]) -> bool:
    """Whether the fields of Activity Streams say that an act is for one of these accounts: `to`, or a Mention."""
    if not extra:
        return False
    inner = extra.get("object") if isinstance(extra.get("object"), dict) else {}
    for doc in (extra, inner or {}):
        if any(_reference(value) in handles for value in _listed(doc.get("to"))):
            return True
        for tag in _listed(doc.get("tag")):
            if isinstance(tag, dict) and tag.get("type") == "Mention" and _tagged(tag) & handles:
                return True
    return False


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _reference(value: object) -> object:
    return value.get("id") or value.get("href") if isinstance(value, dict) else value


def _tagged(tag: dict[str, Any]) -> set[str]:
    found = {value for value in (tag.get("href"), tag.get("name")) if isinstance(value, str)}
    return found | {value.removeprefix("@") for value in found}
