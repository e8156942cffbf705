"""Titles as words that can be compared. Pure: no database, no Django.

The same for titles and for what somebody types, whatever the language, which nobody is asked for: a word has a French
stem and an English one, and two words are alike if they share either. Case, accents, ligatures, elisions (`l’`, `qu’`),
`’s`, hyphens and the way numbers are grouped do not matter. Nothing that is typed is wrong: what has no word has none.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from threading import local
from typing import Any, NamedTuple

import snowballstemmer

from estime.cocreation.similar.stops import LIGHT, STOPS

READ = 240
"""Characters of a title that count; titles are shorter, what is pasted may be a megabyte."""
LONGEST = 32
"""Letters of a word that count."""
MOST = 24
"""Words of a title that count."""
BODY = 4_000
"""Characters of a body that count."""
ASKED = 12
"""Words that one may ask for."""
HEAD = 5
"""Letters that are how a word begins."""
SHORT = 4
"""Letters from which on a word may have a slip."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
    | dict.fromkeys("’‘ʼ＇`´′", "'")
    | dict.fromkeys("‐‑‒–−", "-")
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ELIDED = re.compile(r"(?<![^\W_])(?:[cdjlmnst]|(?:jus|lors|puis|quoi|presqu|quelqu)?qu)'(?=[^\W_])")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}(?!\d))")
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]"  # a character of Chinese or Japanese is a word: nothing parts them there
    r"|\d+(?:[.,]\d+)?"
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:['-]?[^\W_\u3040-\u30ff\u3400-\u9fff]+)*"
)


class Word(NamedTuple):
    """A word of a title: its letters without accents, its stems, and whether it says what the title is about."""

    text: str
    french: int
    english: int
    light: bool = False

    @property
    def stems(self) -> tuple[int, ...]:
        """Its stems, once each."""
        return (self.french,) if self.french == self.english else (self.french, self.english)


class Typed(NamedTuple):
    """What somebody typed: its words, whether the last one may go on, and words that may have been parted wrongly."""

    words: tuple[Word, ...]
    goes_on: bool
    joined: tuple[Word, ...]


def fold(text: str) -> str:
    """Small letters without accents; apostrophes and hyphens of one kind."""
    text = text.casefold()
    if text.isascii():
        return text
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    return _HIDDEN.sub("", text)


def words_of(title: str) -> tuple[Word, ...]:
    """The words of a title in their order, without those that only hold it together (unless there is nothing else)."""
    return _words_of(title[:READ])  # a megabyte that was pasted is not kept


@lru_cache(maxsize=4_096)
def _words_of(title: str) -> tuple[Word, ...]:
    return tuple(map(word_of, _texts(title)[:MOST]))


def body_words(body: str) -> list[Word]:
    """The different words with which a body begins, without those of asking."""
    return [word for text in _texts(body[:BODY]) if not (word := word_of(text)).light]


def typed(text: str) -> Typed:
    """What was typed so far. Its last word may go on, unless something that ends a word stands behind it."""
    text = text[:READ]
    texts = _texts(text)[:ASKED]
    goes_on = bool(texts) and text[-1:].isalnum() and fold(text).endswith(texts[-1])
    joined = [a + b for a, b in pairwise(texts) if 4 <= len(a + b) <= LONGEST and not (a + b).isdigit()]
    return Typed(tuple(map(word_of, texts)), goes_on, tuple(map(word_of, joined)))


def _texts(title: str) -> list[str]:
    raw = unicodedata.normalize("NFC", title).casefold().translate(_LETTERS)
    raw = _GROUPED.sub("", _ELIDED.sub("", _HIDDEN.sub("", raw)))
    every: list[str] = []
    telling: list[str] = []
    for found in _WORD.findall(raw):
        for accented in _parts(found):
            text = fold(accented)[:LONGEST]
            if text and text not in every[-1:]:
                every.append(text)
                # `thé` is a drink and `the` is nothing: accents count here.
                if accented not in STOPS:
                    telling.append(text)
    return list(dict.fromkeys(telling or every))


def _parts(found: str) -> list[str]:
    """A word between spaces as words: `porte-monnaie` is two, `don’t` one, `brand’s` is brand."""
    if "'" in found:
        found = found.removesuffix("'s").replace("'", "")
    if found[0].isdigit():
        return [found.replace(",", ".")]
    return found.split("-")


@lru_cache(maxsize=32_768)
def word_of(text: str) -> Word:
    """A word without accents, with its stems."""
    french, english = stems_of(text)
    return Word(text, number(french), number(english), text in LIGHT)


_own = local()


def _stemmers() -> tuple[Any, Any]:
    """Snowball's stemmers hold the word they are at: each thread has its own."""
    if not hasattr(_own, "both"):
        _own.both = (snowballstemmer.stemmer("french"), snowballstemmer.stemmer("english"))
    return _own.both  # type: ignore[no-any-return]


def stems_of(text: str) -> tuple[str, str]:
    """A word's French and English stem. Both are of the letters without accents, as many type them."""
    if not text.isascii() or not text.isalpha() or len(text) < 3:
        return text, text
    french, english = _stemmers()
    short = text.removesuffix("s")
    # `proposées`, `proposee` and `proposé` are one word; Snowball knows it by accents, which are gone.
    base = short[:-1] if short.endswith("ee") and len(short) > 4 else text
    return french.stemWord(base), english.stemWord(text)


def number(text: str) -> int:
    """A text as a number of 63 bits: short rows, and no row that all writers of a word would have to share."""
    return (
        int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") >> 1
    )


def near(text: str) -> set[int]:
    """A word and all that is left of it when one letter falls out: what shares one is a slip away."""
    if len(text) < SHORT or not text.isalpha():
        return set()
    return {number(text), *(number(text[:at] + text[at + 1 :]) for at in range(len(text)))}


def heads(text: str) -> set[int]:
    """The same of how a long word begins: it is found by a slip before it is typed to its end, and by two slips."""
    if len(text) < HEAD or not text.isalpha():
        return set()
    head = text[:HEAD]
    return {number(f"^{head}"), *(number(f"^{head[:at]}{head[at + 1 :]}") for at in range(HEAD))}


def kept(text: str) -> list[int]:
    """What a word of a title is found by, besides itself."""
    return sorted(near(text) | (heads(text) if len(text) > HEAD else set()))


def slips(first: str, second: str, most: int = 2) -> int:
    """Letters wrong, missing, too many or swapped with their neighbour, counted up to `most` + 1."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        before, last, row = row, before, [i] + [0] * len(second)
        for j, other in enumerate(second, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


def grams(text: str) -> frozenset[str]:
    """Three letters side by side, of a text between spaces."""
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
