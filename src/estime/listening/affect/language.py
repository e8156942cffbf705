"""Which language is a text in? `fr`, `en`, `other`, or `und`: too little to tell (BCP 47's word for
undetermined).

Letters of another script tell it at once. Else the words and pieces of words are weighed; a text of which
less is left than
`FEWEST_LETTERS` letters, or that nothing speaks for clearly, is not told.
"""

import re
from typing import Final

import numpy as np

from estime.listening.affect.features import Counted, Prepared
from estime.listening.affect.model import LANGUAGES, Model, known_shares, softmax

UNDETERMINED: Final = "und"
FEWEST_LETTERS: Final = 3
SUREST: Final = 0.6  # less likely than this, a language is not told
_NOT_SAID: Final = re.compile(r"@user|\bhttp\b|#\S+|\d")
_LATIN: Final = re.compile(r"[a-zß-öø-ɏ]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def languages(model: Model, texts: Prepared, found: Counted) -> list[str]:
    """The language of each text, whose n-grams are given."""
    familiar = known_shares(found.single, model.language_known) @ model.language_shares
    shares = softmax(model.language.scores(found) + familiar + model.language_bias)
    best = np.argmax(shares, axis=1)
    return [
        _told(text, LANGUAGES[first], float(share[first]))
        for text, first, share in zip(texts.low, best, shares, strict=True)
    ]


def _told(low: str, first: str, share: float) -> str:
    said = _NOT_SAID.sub(" ", low)
    latin = len(_LATIN.findall(said))
    letters = latin if low.isascii() else len(_LETTER.findall(said))
    if letters < FEWEST_LETTERS and latin == letters:
        return UNDETERMINED
    if letters - latin > latin:
        return "other"
    return first if share >= SUREST else UNDETERMINED
