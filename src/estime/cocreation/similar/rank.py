"""How alike two titles are. Pure: no database.

Three views of it, each from 0 to 1: how much of what was typed stands in the title (rare words weigh more), how much of
the title was typed, and how many groups of three letters the two share. The second counts least, because a title is
compared while it is being typed. The weights were chosen on half of the cases in tests/cocreation/similar/cases.json;
what they are exactly hardly matters (decision 17).
"""

from functools import lru_cache

from estime.cocreation.similar.asked import LIGHT, Part
from estime.cocreation.similar.words import READ, fold, grams, words_of

BEGUN = 6
"""Groups of three letters from which on a title may be taken for the one that is being typed."""
ASKED_FOR, SAID, LETTERS = 0.45, 0.15, 0.4


def alike(asked_for: str, parts: list[Part], title: str, terms: list[int]) -> float:
    """How alike a title is to what was typed."""
    words = words_of(title)
    if not words or not parts:
        return 0.0
    pairs = list(zip(terms[::2], terms[1::2], strict=True))
    total = held = 0.0
    met = [0.0] * len(pairs)
    for part in parts:
        best, where = 0.0, -1
        for at, (french, english) in enumerate(pairs):
            sure = max(part.stems.get(french, 0.0), part.stems.get(english, 0.0))
            if at < len(words) and part.begins and words[at].text.startswith(part.word.text):
                sure = max(sure, 0.9)
            if sure > best:
                best, where = sure, at
        total += part.weight
        held += part.weight * best
        if where >= 0:
            met[where] = max(met[where], best)
    weights = [LIGHT if word.light else 1.0 for word in words[: len(pairs)]]
    said = sum(one * weight for one, weight in zip(met, weights, strict=False)) / sum(weights)
    typed, there = _grams(asked_for[:READ]), _grams(title[:READ])
    letters = 2 * len(typed & there) / (len(typed) + len(there)) if typed and there else 0.0
    score = ASKED_FOR * held / total + SAID * said + LETTERS * letters
    if len(typed) >= BEGUN and fold(title[:READ]).startswith(fold(asked_for[:READ])):
        score = (1 + score) / 2  # what is typed letter by letter comes before what shares its words
    return round(score, 4)


@lru_cache(maxsize=2_048)
def _grams(title: str) -> frozenset[str]:
    return frozenset().union(*(grams(word.text) for word in words_of(title)))
