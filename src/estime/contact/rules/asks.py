"""Whether a text asks something: plain rules for French and English, made to be read and to be right.

A rule that calls a remark a question puts a debt on somebody's desk that is none; one that misses a question that
was asked without a question mark leaves it where it always was. So each rule rather misses than invents
(docs/to-keep.md lists them, tests/contact/questions.json holds cases of each).
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from estime.contact.rules import phrases as p
from estime.contact.rules.mentions import Names, anybody
from estime.contact.rules.own_words import LONGEST, MENTION, OTHER, own_words
from estime.contact.rules.phrases import any_of, compiled

MARK, OPENING, TYPE = "mark", "opening", "type"


class Asking(NamedTuple):
    """How a text asks, and whom it speaks to.

    `to_brand`: the brand is mentioned in the asking sentence, or at the beginning or end of the text, as in a letter.
    `to_other`: it begins with the name of somebody else. `to_all`: it asks whoever may know ("does anyone …").
    """

    rule: str
    to_brand: bool = False
    to_other: bool = False
    to_all: bool = False


_SPACE: Final = r"[ \t\u00a0\u202f]"
# A question mark that ends a sentence: a letter, digit or closing mark before it, a space, an end or an emoji after it.
_MARK = re.compile(
    rf"[\w)\]%€$°'’*_{MENTION}{OTHER}]{_SPACE}*[?？][?!？！ \u00a0]*(?=$|[\s)\]*_~,;.…:’'\"–—-]|[^\w\s])"
)
_SENTENCE = re.compile(rf"[^.!?？！…\n]+[.!?？！…]*(?:{_SPACE}*[?？!！]+)?")
_QUESTION = re.compile(r"[?？][?!？！ \u00a0]*[^\w\s]?")
_SPACE_BEFORE_MARK = re.compile(r"[ \u00a0\u202f]+(?=[?!？！])")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_EDGES: Final = " \t\u00a0\u202f?!？！.,;:…*_~()[]\"'’–—-"

_REMARK = compiled(rf"(?:^|[\s,;:–—-]){any_of(p.TAGS)}$|[,;:–—-]\s*{any_of(p.TAGS_AFTER_A_COMMA)}$")
_FOR_EFFECT = compiled(rf"^(?:{any_of(p.BEFORE_IT)}[\s,]+)*{any_of(p.FOR_EFFECT)}$")
_OPENING = compiled(any_of(p.OPENINGS))
_BEFORE = compiled(rf"(?:[\s,;:!.{MENTION}{OTHER}–—*_~\"'()-]|\b{any_of(p.GREETINGS)}\b)+")
_CALLED = compiled(rf"(?:[\s,.:;!–—{MENTION}{OTHER}-]|\b{any_of(p.CALLS)}\b)+")
_WHOEVER = compiled(any_of(p.WHOEVER))
_ENDS: Final = ".!?？！…\n"


def asking(text: str | None, names: Names | None = None) -> Asking | None:
    """How a text asks, or None. `names` finds the brand's accounts among the mentions.

    >>> asking("Bonjour, est-ce que vous livrez en Belgique")
    Asking(rule='opening', to_brand=False, to_other=False, to_all=False)
    >>> asking("See https://example.org/?page=2") is None
    True
    """
    if not text or not ("?" in text or "？" in text or _may_open(text)):
        return None
    told = _told(text, names)
    asked = [sentence for sentence in _with_mark(told) if _marked(sentence)]
    if asked:
        return _asking(MARK, told, asked)
    if _may_open(told):
        asked = [found.group() for found in _SENTENCE.finditer(told) if _opened(found.group())]
    return _asking(OPENING, told, asked) if asked else None


def _may_open(text: str) -> bool:
    """Whether any word stands there that an opening needs: quicker than looking for openings."""
    told = text[:LONGEST].lower()
    return any(word in told for word in p.OPENING_WORDS)


def _with_mark(told: str) -> Iterator[str]:
    """The sentences that end with a question mark, each with what follows the mark up to the next word."""
    start = 0
    while (found := _QUESTION.search(told, start)) is not None:
        at = found.start()
        begin = max(told.rfind(end, start, at) for end in _ENDS) + 1
        yield told[max(begin, start) : found.end()]
        start = found.end()


def _told(text: str, names: Names | None) -> str:
    return own_words(names.without_preamble(text), names.brand, anybody()) if names else own_words(text)


def _asking(rule: str, told: str, asked: list[str]) -> Asking:
    found = _CALLED.match(told)
    first = found.group() if found else ""
    return Asking(
        rule,
        to_brand=MENTION in first or _closes(told) or any(MENTION in sentence for sentence in asked),
        to_other=OTHER in first and MENTION not in first,
        to_all=any(_WHOEVER.search(sentence) for sentence in asked),
    )


def _closes(told: str) -> bool:
    """Whether the text ends with a mention of the brand, as a letter may end with the name of whom it is for."""
    return told.rstrip(" \t\n,.:;!?–—-").endswith(MENTION)


def _marked(sentence: str) -> bool:
    if not _MARK.search(_SPACE_BEFORE_MARK.sub("", sentence) + "\n"):
        return False
    words = sentence.replace(MENTION, " ").replace(OTHER, " ").strip(_EDGES)
    if not _TWO_LETTERS.search(words):
        return False
    bare = " ".join(words.split())
    return not (_FOR_EFFECT.search(bare) or _REMARK.search(bare))


def _opened(sentence: str) -> bool:
    """An opening asks, unless the sentence is called out or announces something."""
    if sentence.rstrip().endswith(("!", "！", ":")):
        return False
    before = _BEFORE.match(sentence)
    return _OPENING.match(sentence, before.end() if before else 0) is not None
