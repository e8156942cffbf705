"""Whether a text, or a topic, reveals something of people that is nobody's business (GDPR article 9): health,
faith, politics, unions, sex life, origin.

Two lists for each category and language, in `sensitive.tsv`: words that reveal by themselves (`chimio`, `my
rabbi`), and words that do so only beside *I* or *my* (`tumour`: a forum of medical software says it all day
long). Words are compared by the stems of both languages. A topic reveals if one of its label words does by
itself, or enough of its people's texts do. Rather too much is left out than too little.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from estime.listening.topics.words import FOLD

CATEGORIES: Final = ("health", "faith", "politics", "unions", "sex", "origin")
SHARE: Final = 0.2
"""A topic reveals where so many of its texts do."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_BEGINS: Final = re.compile(r"\\b([^\W\d_]+)")
_ENDINGS: Final = ("", "s", "e", "es", "x")
_MINE: Final = re.compile(
    r"(?:\b(?:my|mine|mon|ma|mes|his|her|son|sa|ses|(?:wife|husband|mother|father|mum|mom|dad|daughter|sister|brother|friend)'s)"
    r"\W+(?:\w+\W+){0,2}|\b(?:i|i'm|im|i've|ive|she|he|we|je|j'|elle|il|nous|on|wife|husband|mother|father|femme|mari|mère|père"
    r"|fille|fils|sœur|soeur|frère)\W*(?:have|has|had|am|is|was|are|were|got|get|feel|suffer|believe|in|ve|m|ai|as|a|avais|avait|suis|est"
    r"|étais|était|sommes|souffre|souffrais|souffert|pray|went|voted|vote|prie|crois|vote|voté|fais|prends|take|took)\W+(?:\w+\W+){0,4})$",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(r"^\W*(?:and|et) (?:i|je)\b|^\W+(?:of|de) (?:my|mon|ma|mes)\b", re.IGNORECASE)
_REACH: Final = 60
"""Characters before a word in which *I have* or *my* is looked for."""


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Words that reveal by themselves, words that do beside *my*, and phrases; each with its category."""
    alone: dict[str, str] = {}
    beside: dict[str, str] = {}
    phrases: list[tuple[re.Pattern[str], str]] = []
    told = files("estime.listening.topics").joinpath("sensitive.tsv").read_text(encoding="utf-8")
    for line in told.splitlines():
        if not line or line.startswith("#"):
            continue
        category, how, words = line.split("\t")
        for word in words.split(", "):
            if " " in word or "-" in word:
                pattern = (
                    r"\b" + re.escape(word).replace(r"\ ", r"[\s'’-]+").replace(r"\-", "[ -]?") + r"s?\b"
                )
                phrases.append((re.compile(pattern, re.IGNORECASE), category))
                continue
            (alone if how == "alone" else beside).setdefault(_folded(word), category)
    return alone, beside, phrases


def _folded(word: str) -> str:
    low = word.lower().replace("œ", "oe").replace("æ", "ae")
    return low.translate(FOLD)


def _found(word: str, known: dict[str, str]) -> str:
    """The category of a word, as it stands or without the ending of a plural or a feminine."""
    folded = _folded(word)
    for ending in _ENDINGS:
        if folded.endswith(ending):
            category = known.get(folded.removesuffix(ending) if ending else folded)
            if category and (not ending or len(folded) > len(ending) + 3):
                return category
    return ""


@lru_cache(maxsize=1)
def _phrases_begun() -> list[tuple[str, re.Pattern[str], str]]:
    """Phrases with the letters that each begins with: a text without them need not be searched."""
    phrases = _lexicon()[2]
    return [(_BEGINS.search(pattern.pattern)[1], pattern, category) for pattern, category in phrases]  # type: ignore[index]


@lru_cache(maxsize=65_536)
def _categories(word: str) -> tuple[str, str]:
    """What a word reveals by itself, and beside *my*. Kept: texts say the same words again and again."""
    alone, beside, _phrases = _lexicon()
    return _found(word, alone), _found(word, beside)


def revealed(text: str) -> str:
    """The category that a text reveals of somebody, or an empty text.

    >>> revealed("Since my chemo I cannot wear it"), revealed("Segment the tumour, then export it")
    ('health', '')
    >>> revealed("my tumour is back")
    'health'
    """
    for found in _WORD.finditer(text):
        alone, beside = _categories(found[0])
        if alone:
            return alone
        if beside and _somebody(text, found.start(), found.end()):
            return beside
    low = text.lower()
    looked = ((pattern, category) for begins, pattern, category in _phrases_begun() if begins in low)
    return next((category for pattern, category in looked if pattern.search(text)), "")


def _somebody(text: str, start: int, end: int) -> bool:
    """Whether the word there is said of somebody: *my*, *I have*."""
    before = text[max(0, start - _REACH) : start].replace("’", "'")
    return _MINE.search(before) is not None or _ALSO.search(text[end : end + 20]) is not None


def label_reveals(terms: Sequence[str]) -> str:
    """The category that a topic's own words reveal by themselves, or an empty text."""
    alone, _beside, phrases = _lexicon()
    for term in terms:
        for found in _WORD.findall(term):
            category = _found(found, alone)
            if category:
                return category
        for pattern, category in phrases:
            if pattern.search(term):
                return category
    return ""
