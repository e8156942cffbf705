"""Hand-written knowledge of words: how pleasant they are, which emotions they name, how they turn what
stands beside them.

An entry is one word or an expression; the longest that fits is taken. Beside entries stand groups of words
that mean nearly
the same, told by how a word begins.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from estime.listening.affect.cleaning import cleaned, folded

EMOTIONS: Final = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")

TOKEN: Final = re.compile(
    r"[:;=8x][-o^']?[)(dp/\\|*3]+(?!\w)|\^_*\^|-_+-|<3+|[^\W_]+(?:'(?:t|s|re|ve|ll|d|m)\b)?|[!?]+|\.{2,}|[^\s\w']"
)
_LONG: Final = re.compile(r"(.)\1{2,}")
_REMEMBERED: Final = 200_000
_NOT: Final = -0.75
_WITHIN: Final = frozenset(("plus",))  # "more" where it stands alone, but a negation in "plus confiance"


class Word(NamedTuple):
    """What is known of a word or expression. `role` is "" for one that only carries a feeling. `denied`: it has
    its negation within ("pas content"), and its weight is what it says as a whole.
    """

    role: str = ""
    weight: float = 0.0
    emotions: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    denied: bool = False


UNKNOWN: Final = Word()
Phrases = dict[str, dict[str, list[tuple[list[str], Word]]]]


def tokens(text: str) -> list[str]:
    """The words, marks and faces of a text that is cleaned and folded."""
    return TOKEN.findall(text)


def entry_key(written: str) -> str:
    """How an entry is looked up: its tokens, parted by spaces."""
    return " ".join(tokens(folded(cleaned(written))))


@dataclass
class Lexicon:
    """One language's words. `words` has entries of one token, `phrases` the others under their first two,
    longest first.
    """

    words: dict[str, Word]
    phrases: Phrases
    stems: dict[str, tuple[int, ...]]
    groups: int
    _seen: dict[str, Word] = field(default_factory=dict)

    def look(self, token: str) -> Word:
        """What is known of one token; long-drawn letters are shortened until something is known."""
        found = self._seen.get(token)
        if found is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            found = self._seen[token] = self._look(token)
        return found

    def names(self, token: str) -> bool:
        """Whether it is a word of this language that is known as it stands; faces are of every language."""
        known = self.words.get(token)
        return known is not None and known.role != "face"

    def _look(self, token: str) -> Word:
        for written in dict.fromkeys((token, _LONG.sub(r"\1\1", token), _LONG.sub(r"\1", token))):
            known = self.words.get(written, UNKNOWN)
            if known is UNKNOWN and written.endswith("n't"):
                known = Word("negator", _NOT)
            groups = self._groups(written)
            if known is not UNKNOWN or groups:
                return known._replace(groups=groups) if groups else known
        return UNKNOWN

    def _groups(self, token: str) -> tuple[int, ...]:
        found = set(self.stems.get("=" + token, ()))
        for length in range(2, len(token) + 1):
            found.update(self.stems.get(token[:length], ()))
        return tuple(sorted(found))


def assembled(
    entries: Iterable[tuple[str, str, float, tuple[int, ...]]], groups: Mapping[str, Iterable[str]]
) -> Lexicon:
    """A lexicon of (key, role, weight, emotions) and the stems of each group, in the order of the groups."""
    single: dict[str, Word] = {}
    longer: list[tuple[list[str], Word]] = []
    stems: dict[str, set[int]] = {}
    for key, role, weight, emotions in entries:
        parts = key.split(" ")
        if len(parts) == 1:
            single[key] = Word(role, weight, emotions)
        else:
            longer.append((parts, Word(role, weight, emotions)))
    for number, written in enumerate(groups.values()):
        for stem in written:
            if "_" in stem:
                longer.append((stem.split("_"), Word("group", 0.0, (), (number,))))
            else:
                stems.setdefault(stem, set()).add(number)
    told = {stem: tuple(sorted(found)) for stem, found in stems.items()}
    return Lexicon(single, _by_beginning(longer, single), told, len(groups))


def _by_beginning(longer: list[tuple[list[str], Word]], single: Mapping[str, Word]) -> Phrases:
    negators = _WITHIN | {key for key, word in single.items() if word.role == "negator"}
    phrases: Phrases = {}
    for parts, word in sorted(longer, key=lambda phrase: -len(phrase[0])):
        known = word._replace(denied=word.role == "" and not negators.isdisjoint(parts))
        phrases.setdefault(parts[0], {}).setdefault(parts[1], []).append((parts, known))
    return phrases
