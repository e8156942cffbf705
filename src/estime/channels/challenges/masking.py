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
_SIGNS = re.compile(r"([-’'.])")
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
        return self._pieces(_SIGNS.split(word))

    def _pieces(self, parts: list[str]) -> str:
        """Words with signs between them: each run of them that is a name, the longest first, is masked (“m-ab1’s”)."""
        told, place = "", 0
        while place < len(parts):
            ends = range(len(parts), place, -2)
            end = next((end for end in ends if "".join(parts[place:end]) in self._words), 0)
            told += MASK if end else parts[place]
            place = end or place + 1
            if place < len(parts):
                told += parts[place]
                place += 1
        return told


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
