"""How alike two titles are. Pure: no database.

Three views of it, each from 0 to 1: how much of what was typed stands in the title (words weigh by how rare they are), how
much of the title was typed, and how many groups of three letters the two share. The first counts most, because a title is
compared while it is being typed.
"""

from functools import lru_cache

from estime.cocreation.similar.asked import Part
from estime.cocreation.similar.words import grams, words_of

ASKED_FOR, SAID, LETTERS = 0.5, 0.25, 0.25


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
    usual = total / len(parts)
    said = sum(met) / len(pairs) if usual else 0.0
    typed, there = _grams(asked_for), _grams(title)
    letters = 2 * len(typed & there) / (len(typed) + len(there)) if typed and there else 0.0
    return round(ASKED_FOR * held / total + SAID * said + LETTERS * letters, 4)


@lru_cache(maxsize=8_192)
def _grams(title: str) -> frozenset[str]:
    return frozenset().union(*(grams(word.text) for word in words_of(title)))
