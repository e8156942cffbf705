"""Texts as words that can be compared, and what somebody typed as what is looked for. Pure: no database, no Django.

The same folding serves texts and queries, on every database: case, accents and ligatures do not matter (`œuvre`,
`Oeuvre`), an elided article is no word (`l’idée` is found by `idée`), hyphens and apostrophes part words. A query is
never wrong: what has no letter or figure in it is left out and told.
"""

import re
import unicodedata
from typing import NamedTuple

SEARCHED = 32_000
"""Characters of a text that can be searched; what comes after is not."""
LONGEST = 40
"""Letters of a word that count."""
GRAMS = (3, 4, 5)
"""How many first letters of a word are kept, for words that are looked for by their beginning."""
PARTS = 12
"""How many words and phrases of one query count."""

MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "ʼ": "'", "＇": "'"}
)
ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'(?=[^\W_])")
# A character of Chinese or Japanese is a word: nothing parts them there.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_TYPED = re.compile(r'(-?)(?:["“”«»]([^"“”«»]*)["“”«»]?|([^\s"“”«»]+))')


class Part(NamedTuple):
    """One thing looked for: a word, several words side by side, or (`begins`) words with this beginning."""

    words: tuple[str, ...]
    begins: bool = False

    @property
    def exact(self) -> bool:
        """Whether the index alone can tell; else the text is read."""
        return len(self.words) == 1 and not (self.begins and len(self.words[0]) > GRAMS[-1])


class Query(NamedTuple):
    """What is wanted, all of it; what is not, none of it; and what was typed and could not be looked for."""

    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.wanted or self.unwanted)

    @property
    def exact(self) -> bool:
        return all(part.exact for part in (*self.wanted, *self.unwanted))

    def found_in(self, text: str) -> bool:
        """Whether a text is what this asks for, told from the text itself."""
        words = words_of(text)
        known = set(words)
        return all(_holds(part, words, known) for part in self.wanted) and not any(
            _holds(part, words, known) for part in self.unwanted
        )


def fold(text: str) -> str:
    """Small letters without accents."""
    text = text.casefold()
    if not text.isascii():
        text = MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    return text


def words_of(text: str) -> list[str]:
    """The words of a text in their order."""
    folded = fold(text[:SEARCHED])
    if "'" in folded:
        folded = ELIDED.sub("", folded)
    return [word[:LONGEST] for word in WORD.findall(folded)]


def parse(typed: str) -> Query:
    """What a person typed: words, "words side by side", -without, begin*. Never fails."""
    wanted: list[Part] = []
    unwanted: list[Part] = []
    ignored: list[str] = []
    for match in _TYPED.finditer(typed):
        minus, quoted, bare = match.groups()
        target = unwanted if minus else wanted
        parts = _parts(quoted, False) if quoted is not None else _parts(bare, bare.endswith("*"))
        if not parts or len(wanted) + len(unwanted) + len(parts) > PARTS:
            ignored.append(match.group())
            continue
        target += [part for part in parts if part not in target]
    return Query(tuple(wanted), tuple(unwanted), tuple(ignored))


def _parts(typed: str, begins: bool) -> list[Part]:
    words = words_of(typed)
    if begins and words:
        *others, last = words
        if len(last) < GRAMS[0]:
            return []
        return ([Part(tuple(others))] if others else []) + [Part((last,), begins=True)]
    return [Part(tuple(words))] if words else []


def _holds(part: Part, words: list[str], known: set[str]) -> bool:
    if part.begins:
        return any(word.startswith(part.words[0]) for word in known)
    if not known.issuperset(part.words):
        return False
    length = len(part.words)
    return length == 1 or any(
        tuple(words[at : at + length]) == part.words for at in range(len(words) - length + 1)
    )
