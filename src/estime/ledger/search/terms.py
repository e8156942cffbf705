"""What an act can be found by, as numbers that say nothing without the installation's secret.

The index holds no word, handle or identifier of a source, only keyed hashes of them (57 bits): its files tell nobody
what was written, not even after a page of the database was freed. Two terms share a number about once in 10^16 pairs.
"""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise

from estime.ledger.search.postings import beside, common, who
from estime.ledger.search.words import GRAMS, Part
from estime.ledger.vocabulary import ACTIVITY_TYPES

TYPES = {name: 2_000 + number for number, name in enumerate(sorted(ACTIVITY_TYPES))}
VOTE, TEXT, ANSWER, PROMPTED, SPOKEN_FOR, UNDONE, ERASED = FLAGS = tuple(range(3_000, 3_007))
CHANNELS = 10_000
"""Few and frequent: each has rows of its own. Of channels: CHANNELS + its primary key."""

_PAIRS = 1 << 14
"""Pairs of neighbouring words share this many numbers: they narrow a phrase down, the text decides."""
_KEPT = 200_000
_ASKED = 8
"""Words of a phrase that the index is asked for; the text is read anyway."""


class Terms:
    """The numbers of this installation; what was asked lately is remembered."""

    def __init__(self, secret: bytes) -> None:
        self._key = blake2b(secret, digest_size=32, person=b"estime-search").digest()
        self._words: dict[str, tuple[int, ...]] = {}
        self._pairs = [self._number(f"b{n}") for n in range(_PAIRS)]

    def _number(self, text: str) -> int:
        return common(self._hashed(text))

    def _hashed(self, text: str) -> int:
        made = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key).digest()
        return int.from_bytes(made, "little") >> 6

    def account(self, key: int) -> int:
        return who(self._hashed(f"a{key}"))

    def answered(self, key: int) -> int:
        """Texts that answer a text of this account; they are read together with its own acts."""
        return beside(self._hashed(f"r{key}"), self.account(key))

    def place(self, kind: str, channel: int, identifier: str) -> int:
        """An identifier of a channel. `kind`: o done to or made, i in reply to, x in this thread, s the act itself."""
        return self._number(f"{kind}{channel}\0{identifier}")

    def word(self, word: str) -> tuple[int, ...]:
        """The word itself, then its beginnings."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) > _KEPT:
                self._words.clear()
            grams = tuple(self._number(f"p{word[:n]}") for n in GRAMS if len(word) > n)
            known = self._words[word] = (self._number(f"w{word}"), *grams)
        return known

    def pair(self, first: int, second: int) -> int:
        return self._pairs[(first * 0x9E3779B1 + second) % _PAIRS]

    def of_text(self, words: list[str]) -> set[int]:
        """Everything that a text is found by."""
        told = [self.word(word) for word in words]
        found = set().union(*told)
        pairs, most = self._pairs, _PAIRS
        heads = [numbers[0] for numbers in told]
        found.update(pairs[(first * 0x9E3779B1 + second) % most] for first, second in pairwise(heads))
        return found

    def of_part(self, part: Part) -> Iterator[tuple[int, ...]]:
        """Of what is looked for: groups of which each must be there by one at least. Phrases need the text as well."""
        if part.begins:
            stem = part.words[0]
            length = min(len(stem), GRAMS[-1])
            gram = self._number(f"p{stem[:length]}")
            yield (gram, self._number(f"w{stem}")) if len(stem) <= GRAMS[-1] else (gram,)
            return
        heads = [self.word(word)[0] for word in part.words[:_ASKED]]
        for head in heads:
            yield (head,)
        for first, second in pairwise(heads):
            yield (self.pair(first, second),)
