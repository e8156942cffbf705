"""What a text of open data must not hold: names of who took part, handles, addresses.

Members write each other's names. Whole names and each part of them are masked where they stand as a word, with the same
capitals; so “Blanc” goes with Dorian Blanc, and “blanc” stays a colour.
"""

import re
import secrets
from collections.abc import Iterable
from typing import Final

from estime.cocreation.api import Member

MASK: Final = "[…]"
SHORTEST: Final = 3
"""Letters from which on a part of a name is masked by itself: shorter ones are words of every language."""
_MENTION = re.compile(r"@\[[^\[\]\s][^\[\]]{0,199}\]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PICTURE = re.compile(r"!\[[^\]]*\]\(picture:[^)]*\)")
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_NUMBERED = re.compile(r"Participant \S+")


class Masks:
    """Words to be masked, and a number for each person: drawn anew for every export, so that no two can be joined."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._words: set[str] = set()
        self._numbers: dict[int, int] = {}
        found = list(members)
        for member in found:
            self._words |= _words_of(member)
        drawn = secrets.SystemRandom().sample(range(1, len(found) + 1), len(found))
        self._numbers = {member.pk: number for member, number in zip(found, drawn, strict=True)}

    def number(self, member: int | None) -> int | None:
        """What somebody is called in this export."""
        return self._numbers.get(member) if member is not None else None

    def text(self, words: str) -> str:
        """Words without whoever took part."""
        if not words:
            return ""
        told = _MAIL.sub(MASK, _MENTION.sub(MASK, _PICTURE.sub("", words)))
        return _WORD.sub(self._masked, told)

    def _masked(self, match: re.Match[str]) -> str:
        word = match.group()
        if word in self._words:
            return MASK
        parts = re.split(r"([-’'.])", word)
        if any(part in self._words for part in parts):
            return "".join(MASK if part in self._words else part for part in parts)
        return word


def _words_of(member: Member) -> set[str]:
    handle = member.handle.rpartition("/")[2]
    words = set() if handle.isdecimal() else {member.handle, handle}
    name = member.name.strip()
    if member.user is not None:
        words.add(str(member.user.email).partition("@")[0])
        name = f"{name} {member.user.name}"
    if not _NUMBERED.fullmatch(name):
        whole = _WORD.findall(name)
        parts = [*whole, *(piece for word in whole for piece in re.split(r"[-’'.]", word))]
        words |= {part for part in parts if len(part) >= SHORTEST}
    return {word for word in words if word and not word.isdecimal() and word != "?"}
