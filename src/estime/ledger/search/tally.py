"""What one account did, from the index: its acts are looked up once, and everything is counted from them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from django.db import connection

from estime.ledger.search import rows
from estime.ledger.search import terms as t
from estime.ledger.search.find import Cursor, Standing, acts_in, blocks, terms
from estime.ledger.search.kinds import kind_bits
from estime.ledger.search.postings import (
    I64,
    SLOTS,
    U64,
    below,
    bucket_of,
    bytes_of,
    found,
    highest,
    matrix_of,
)
from estime.ledger.search.rows import Block

_AT_ONCE = 64


class Tally(NamedTuple):
    """Acts of one account: all; the active ones (neither of a passive type nor taken back), by kind and by month
    (UTC, counted from January 1970); of these, those with an incentive; and its standing answers to others."""

    acts: int = 0
    active: int = 0
    kinds: Mapping[str, int] = MappingProxyType({})
    months: Mapping[int, int] = MappingProxyType({})
    prompted: int = 0
    answers: int = 0


class OfAccount(Standing):
    """The acts of one account, and the answers to it, in every block that can be read."""

    def __init__(self, account: int) -> None:
        self._account = account
        self._begin()

    def _begin(self) -> None:
        super()._begin()
        numbers = terms()
        theirs, received = numbers.account(self._account), numbers.answered(self._account)
        read = rows.postings([bucket_of(theirs)], [block.id for block in self._blocks])  # both are in it
        self._theirs = {block: bits for (_, block), data in read.items() if (bits := found(data, theirs))}
        self._received = {block: bits for (_, block), data in read.items() if (bits := found(data, received))}
        self._kinds = kinds_present_in(self._version)

    def tally(self, passive: Sequence[str]) -> Tally:
        """Count what it did; `passive`: types that are not active."""
        return self.settled(lambda: self._tally({t.TYPES[name] for name in passive}))

    def _tally(self, passive: set[int]) -> Tally:
        return _counted(self._words(), passive) if self._theirs else Tally()

    def types(self) -> dict[str, int]:
        """How many acts of each AS2 type it did, those it took back too."""
        kinds = self.settled(self._words).kinds if self._theirs else {}
        counts = {name: _count(kinds[bucket]) for name, bucket in t.TYPES.items() if bucket in kinds}
        return {name: acts for name, acts in sorted(counts.items()) if acts}

    def _words(self) -> "_Words":
        places = [place for place, block in enumerate(self._blocks) if block.id in self._theirs]
        held = [self._blocks[place] for place in places]
        table = matrix_of([bytes_of(self._theirs[block.id]) for block in held])
        which, where = np.nonzero(table)
        theirs, every = table[which, where], np.array(places, np.int64)[which]
        tables = _tables(self._version, self._blocks, self._kinds)
        kinds = {bucket: tables[bucket][every, where] & theirs for bucket in self._kinds}
        return _Words(held, which, where, theirs, kinds)

    def newest(self, most: int) -> list[Cursor]:
        """Its newest acts."""
        return self.settled(lambda: self._newest(self._theirs, most)[0])

    def answers_given(self, most: int) -> tuple[list[Cursor], bool]:
        """The newest of its standing answers to others, and whether there are more."""
        return self.settled(lambda: self._newest(self._given(), most))

    def _given(self) -> dict[int, int]:
        told = kind_bits(self._version, (t.ANSWER, t.UNDONE), self._theirs)
        return {
            block: bits & _int(told[t.ANSWER, block]) & ~_int(told[t.UNDONE, block])
            for block, bits in self._theirs.items()
        }

    def answers_received(self, most: int) -> tuple[list[Cursor], bool]:
        """The newest standing answers of others to it, and whether there are more."""
        return self.settled(lambda: self._newest(self._standing_received(), most))

    def received(self) -> int:
        """How many standing answers of others it has."""
        return self.settled(lambda: sum(bits.bit_count() for bits in self._standing_received().values()))

    def _standing_received(self) -> dict[int, int]:
        told = kind_bits(self._version, (t.UNDONE,), self._received)
        return {block: bits & ~_int(told[t.UNDONE, block]) for block, bits in self._received.items()}

    def _newest(self, held: Mapping[int, int], most: int) -> tuple[list[Cursor], bool]:
        taken = acts_in(list(islice(self._slots(held), most + 1)))
        return taken[:most], len(taken) > most

    def _slots(self, held: Mapping[int, int]) -> Iterator[tuple[Block, int]]:
        for block in reversed(self._blocks):
            left = held.get(block.id, 0)
            while left:
                for slot in highest(left, _AT_ONCE):
                    yield block, slot
                    left ^= 1 << slot


_PRESENT: dict[tuple[str, int], list[int]] = {}
_TABLES: dict[tuple[str, int], dict[int, U64]] = {}


def _tables(version: int, every: Sequence[Block], buckets: Sequence[int]) -> dict[int, U64]:
    """Of each type and flag one table of a row a block, kept until the index changes: 1.25 MB for 10 M acts each."""
    key = (str(connection.settings_dict["NAME"]), version)
    known = _TABLES.get(key)
    if known is None:
        told = kind_bits(version, buckets, [block.id for block in every])
        known = {bucket: matrix_of([told[bucket, block.id] for block in every]) for bucket in buckets}
        _TABLES.clear()
        _TABLES[key] = known
    return known


def kinds_present_in(version: int) -> list[int]:
    """The types and flags that occur at all."""
    key = (str(connection.settings_dict["NAME"]), version)
    known = _PRESENT.get(key)
    if known is None:
        known = _occurring((*t.TYPES.values(), *t.FLAGS))
        _PRESENT.clear()
        _PRESENT[key] = known
    return known


def kinds_present() -> list[str]:
    """The types that occur in the ledger, and Vote if there are votes; by name."""
    present = set(kinds_present_in(blocks()[0]))
    kinds = [name for name, bucket in t.TYPES.items() if bucket in present]
    return sorted([*kinds, "Vote"] if t.VOTE in present else kinds)


def _occurring(buckets: Sequence[int]) -> list[int]:
    """Those of some rows that any block has: one query, one seek each."""
    spans = ((bucket, rows.posting_id(bucket, 0), rows.posting_id(bucket + 1, 0)) for bucket in buckets)
    told = ", ".join(f"({bucket}, {first}, {beyond})" for bucket, first, beyond in spans)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH wanted (bucket, first, beyond) AS (VALUES {told}) SELECT bucket FROM wanted"
            " WHERE EXISTS (SELECT 1 FROM ledger_search_posting p WHERE p.id >= first AND p.id < beyond)"
        )
        return [bucket for (bucket,) in cursor.fetchall()]


def _int(bitmap: bytes) -> int:
    return int.from_bytes(bitmap, "little")


def _count(table: U64) -> int:
    return int(np.bitwise_count(table).sum())


class _Words(NamedTuple):
    """The words of 64 slots in which an account has acts: most have them in few of a block's 512. `which` of the blocks
    `held`, and `where` in it; all of its acts there, and those of each type and flag."""

    held: list[Block]
    which: I64
    where: I64
    theirs: U64
    kinds: dict[int, U64]


def _counted(words: _Words, passive: set[int]) -> Tally:
    kinds, nothing = words.kinds, np.zeros_like(words.theirs)
    standing = words.theirs & ~kinds.get(t.UNDONE, nothing)
    active = standing.copy()
    for bucket in passive & kinds.keys():
        active &= ~kinds[bucket]
    votes = active & kinds.get(t.VOTE, nothing)
    others = active & ~votes
    counts = {"Vote": _count(votes)} | {
        name: _count(kinds[bucket] & others)
        for name, bucket in t.TYPES.items()
        if bucket in kinds and bucket not in passive
    }
    return Tally(
        _count(words.theirs),
        _count(active),
        {kind: acts for kind, acts in sorted(counts.items()) if acts},
        _by_month(words, active),
        _count(active & kinds.get(t.PROMPTED, nothing)),
        _count(standing & kinds.get(t.ANSWER, nothing)),
    )


def _by_month(words: _Words, active: U64) -> dict[int, int]:
    months: Counter[int] = Counter()
    edges = np.searchsorted(words.which, np.arange(len(words.held) + 1)).tolist()
    counts = np.concatenate(([0], np.cumsum(np.bitwise_count(active), dtype=np.int64)))
    for number, block in enumerate(words.held):
        begin, end = edges[number], edges[number + 1]
        if len(block.months) == 1:
            months[block.months[0][0]] += int(counts[end] - counts[begin])
            continue
        row = np.zeros(SLOTS // 64, np.uint64)
        row[words.where[begin:end]] = active[begin:end]
        bits = _int(row.tobytes())
        ends = [*(slot for _, slot in block.months[1:]), block.acts]
        for (month, start), stop in zip(block.months, ends, strict=True):
            months[month] += (bits & below(stop) & ~below(start)).bit_count()
    return {month: acts for month, acts in sorted(months.items()) if acts}
