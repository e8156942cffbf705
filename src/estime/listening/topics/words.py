"""Texts as terms: stems of words, and phrases of two of them that belong together. Pure numbers after one
pass over the texts.

A term is told by its stem; what people see of it is the form most of them wrote (`surface`). The language of
a text chooses its stemmer and its stop words; where the caller does not know it, stop words tell. Words
shared by languages are one term.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import snowballstemmer

from estime.listening.topics.cleaning import own_words
from estime.listening.topics.stops import ENGLISH, EVERYWHERE, FRENCH, LIGHT, SHARED

Ints = npt.NDArray[np.int64]

OTHER, FR, EN = 0, 1, 2
LANGUAGES: Final = {"fr": FR, "en": EN}
LONGEST_WORD: Final = 30
_TELLING: Final = 12
"""One stop word in so many words, at least, in a text of French or English."""
_LONG: Final = 12
_NUMBERED: Final = 8
_BREAK: Final = 0
_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]"  # a character of Chinese or Japanese is a word: nothing parts them there
    r"|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:-[^\W\d_\u3040-\u30ff\u3400-\u9fff]+)*"
    r"|[.,;:!?()\[\]{}\"«»“”…|\n=<>*#+]"
)
FOLD: Final = str.maketrans("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy")


@dataclass(frozen=True)
class Tokens:
    """Every text as numbers of word forms in their order; 0 parts phrases. `starts` has one more entry than
    there are texts.

    `stem`: the number of each form's term of one word in each language, −1 for a stop word, (3, forms).
    """

    forms: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    starts: Ints
    lang: npt.NDArray[np.int8]
    stems: tuple[str, ...]
    stem: npt.NDArray[np.int32]

    def of_text(self) -> Ints:
        """Which text each token is of."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def tokens(texts: Sequence[str], langs: Sequence[str | None] | None = None) -> Tokens:
    """Cut texts into word forms, as they stand."""
    known: dict[str, int] = {"": _BREAK}
    ids: list[int] = []
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    setdefault, find = known.setdefault, _WORD.findall
    for at, text in enumerate(texts):
        for found in find(own_words(text)):
            ids.append(_BREAK if len(found) == 1 and not found.isalnum() else setdefault(found, len(known)))
        starts[at + 1] = len(ids)
    forms = tuple(known)
    flat = np.array(ids, dtype=np.int32)
    lang = _languages(forms, flat, starts, langs)
    stems, stem = _stems(forms, flat, np.repeat(lang, np.diff(starts)))
    return Tokens(forms, flat, starts, lang, stems, stem)


def _languages(
    forms: tuple[str, ...], ids: npt.NDArray[np.int32], starts: Ints, told: Sequence[str | None] | None
) -> npt.NDArray[np.int8]:
    """What the caller knows; else which language's stop words a text has more of; else the language of most."""
    low = [form.lower() for form in forms]
    fr = np.array([form in FRENCH and form not in ENGLISH and form not in SHARED for form in low])
    en = np.array([form in ENGLISH and form not in FRENCH and form not in SHARED for form in low])
    foreign = np.array([bool(form) and not form.isascii() and not _latin(form) for form in low])
    sums = [_per_text(mask[ids], starts) for mask in (fr, en, foreign)]
    lang = np.where(sums[0] > sums[1], FR, np.where(sums[1] > 0, EN, -1)).astype(np.int8)
    words = np.diff(starts)
    lang[(lang == -1) & (sums[2] * 2 > words)] = OTHER
    # A long text with hardly a stop word of either is in another language; a short one is in the language of most.
    few = np.maximum(sums[0], sums[1]) * _TELLING < words
    lang[few & (words >= _LONG)] = OTHER
    decided = lang[lang >= 0]
    lang[lang == -1] = np.bincount(decided, minlength=3).argmax() if decided.size else OTHER
    for at, name in enumerate(told or ()):
        if name in LANGUAGES:
            lang[at] = LANGUAGES[name]
        elif name == "other":
            lang[at] = OTHER
    return lang


def _latin(form: str) -> bool:
    return all(letter < "ɐ" for letter in form)


def _per_text(mask: npt.NDArray[np.bool_], starts: Ints) -> Ints:
    total = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray(total[starts[1:]] - total[starts[:-1]])


def _stems(
    forms: tuple[str, ...], ids: npt.NDArray[np.int32], lang: npt.NDArray[np.int8]
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """The term of each form in each language that it stands in: no form is stemmed for nothing."""
    numbers: dict[str, int] = {}
    found = np.full((3, len(forms)), -1, dtype=np.int32)
    for language in (OTHER, FR, EN):
        for at in np.unique(ids[lang == language]).tolist():
            stem = stem_of(forms[at], language) if at != _BREAK else ""
            if stem:
                found[language, at] = numbers.setdefault(stem, len(numbers))
    return tuple(numbers), found


_own = local()


def _stemmers() -> tuple[Any, Any]:
    """Snowball's stemmers hold the word they are at: each thread has its own."""
    if not hasattr(_own, "both"):
        _own.both = (snowballstemmer.stemmer("french"), snowballstemmer.stemmer("english"))
    return _own.both  # type: ignore[no-any-return]


@lru_cache(maxsize=200_000)
def stem_of(form: str, lang: int) -> str:
    """The stem of a word form, empty for what says nothing: a stop word, a number, a single letter.

    >>> stem_of("livraisons", FR), stem_of("Deliveries", EN), stem_of("the", EN), stem_of("thé", FR)
    ('livraison', 'deliveri', '', 'the')
    """
    low = form.lower()
    stops = FRENCH if lang == FR else ENGLISH if lang == EN else LIGHT
    if len(low) > LONGEST_WORD or low in stops or low in LIGHT or low in EVERYWHERE or low[0].isdigit():
        return ""
    if len(low) >= _NUMBERED and sum(letter.isdigit() for letter in low) >= 3:
        return ""  # the name of an account or a file, a hash
    if len(low) == 1 and not "\u3040" <= low <= "\u9fff":
        return ""
    folded = _lengthened(low.translate(FOLD).replace("œ", "oe").replace("æ", "ae"))
    if lang == OTHER or not folded.isalpha() or not folded.isascii() or len(folded) < 3:
        return folded
    french, english = _stemmers()
    if lang == EN:
        return str(english.stemWord(folded))
    short = folded.removesuffix("s")
    # `proposées`, `proposee` and `proposé` are one word; Snowball knows it by accents, which are gone.
    return str(french.stemWord(short[:-1] if short.endswith("ee") and len(short) > 4 else folded))


def _lengthened(word: str) -> str:
    """`sooooo` is `so`, `niiice` is `nice`."""
    return re.sub(r"(\w)\1{2,}", r"\1", word)
