"""Which language is a text in? `fr`, `en`, `other`, or `und`: too little to tell (BCP 47's word for
undetermined).

Letters of another script tell it at once. Else the words and pieces of words are weighed; a text of which
less is left than `FEWEST_LETTERS` letters, or that nothing speaks for clearly, is not told.

A few words are too little for that ("Jadore", "Beurk !", "g pa aimé"): where at least half of them are words whose
feeling one of the two languages knows, and more than the other one knows, it is that language; all of them, where
the words look foreign.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from estime.listening.affect.features import Counted, Prepared
from estime.listening.affect.model import LANGUAGES, READ, Model, known_shares, softmax

UNDETERMINED: Final = "und"
FEWEST_LETTERS: Final = 3
SUREST: Final = 0.6  # less likely than this, a language is not told
FEW_WORDS: Final = 8
_NOT_SAID: Final = re.compile(r"@user|\bhttp\b|#\S+|\d")
_LATIN: Final = re.compile(r"[a-zß-öø-ɏ]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def languages(model: Model, texts: Prepared, found: Counted) -> list[str]:
    """The language of each text, whose n-grams are given."""
    familiar = known_shares(found.single, model.language_known) @ model.language_shares
    shares = softmax(model.language.scores(found) + familiar + model.language_bias)
    best = np.argmax(shares, axis=1)
    told = [
        _told(text, LANGUAGES[first], float(share[first]))
        for text, first, share in zip(texts.low, best, shares, strict=True)
    ]
    return [
        lang if lang in READ else _by_feeling(model, words, lang) or lang
        for lang, words in zip(told, texts.words, strict=True)
    ]


def _by_feeling(model: Model, tokens: Sequence[str], told: str) -> str:
    """The language that knows what most of a few words feel like, or an empty text. All of them, where they look
    foreign: "einfach toll" has a word of English slang, and is German.
    """
    words = [token for token in tokens if any(map(str.isalpha, token))]
    if not 0 < len(words) <= FEW_WORDS:
        return ""
    known = {
        name: sum(reader.lexicon.names(word) for word in words) for name, reader in model.readers.items()
    }
    first, second = sorted(known, key=lambda name: -known[name])
    enough = len(words) if told == "other" else len(words) / 2
    return first if known[first] >= enough and known[first] > known[second] else ""


def _told(low: str, first: str, share: float) -> str:
    said = _NOT_SAID.sub(" ", low)
    latin = len(_LATIN.findall(said))
    letters = latin if low.isascii() else len(_LETTER.findall(said))
    if letters < FEWEST_LETTERS and latin == letters:
        return UNDETERMINED
    if letters - latin > latin:
        return "other"
    return first if share >= SUREST else UNDETERMINED
