"""What one account did, from the index: its acts are looked up once, and everything is counted from them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from django.db import connection

from estime.ledger.search import rows
from estime.ledger.search import terms as t
from estime.ledger.search.find import Cursor, acts_in, blocks, terms
from estime.ledger.search.kinds import kind_bits
from estime.ledger.search.models import GONE
from estime.ledger.search.postings import below, bucket_of, found, highest
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


class OfAccount:
    """The acts of one account, and the answers to it, in every block that can be read."""

    def __init__(self, account: int) -> None:
        self._version, every = blocks()
        self._blocks = [block for block in every if block.due != GONE]
        numbers = terms()
        self._theirs = self._holding(numbers.account(account))
        self._received = self._holding(numbers.answered(account))
        self._kinds = kinds_present_in(self._version)

    def _holding(self, term: int) -> dict[int, int]:
        read = rows.postings([bucket_of(term)], [block.id for block in self._blocks])
        return {block: bits for (_, block), data in read.items() if (bits := found(data, term))}

    def tally(self, passive: Sequence[str]) -> Tally:
        """Count what it did; `passive`: types that are not active."""
        counting = _Counting(passive)
        told = kind_bits(self._version, self._kinds, self._theirs)
        for block in self._blocks:
            if block.id in self._theirs:
                kinds = {bucket: told[bucket, block.id] & self._theirs[block.id] for bucket in self._kinds}
                counting.add(block, self._theirs[block.id], kinds)
        return counting.tally()

    def newest(self, most: int) -> list[Cursor]:
        """Its newest acts."""
        return self._newest(self._theirs, most)[0]

    def answers_given(self, most: int) -> tuple[list[Cursor], bool]:
        """The newest of its standing answers to others, and whether there are more."""
        told = kind_bits(self._version, (t.ANSWER, t.UNDONE), self._theirs)
        given = {
            block: bits & told[t.ANSWER, block] & ~told[t.UNDONE, block]
            for block, bits in self._theirs.items()
        }
        return self._newest(given, most)

    def answers_received(self, most: int) -> tuple[list[Cursor], bool]:
        """The newest standing answers of others to it, and whether there are more."""
        return self._newest(self._standing_received(), most)

    def received(self) -> int:
        """How many standing answers of others it has."""
        return sum(bits.bit_count() for bits in self._standing_received().values())

    def _standing_received(self) -> dict[int, int]:
        told = kind_bits(self._version, (t.UNDONE,), self._received)
        return {block: bits & ~told[t.UNDONE, block] for block, bits in self._received.items()}

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


class _Counting:
    def __init__(self, passive: Sequence[str]) -> None:
        self._passive = {t.TYPES[name] for name in passive}
        self._kinds: Counter[str] = Counter()
        self._months: Counter[int] = Counter()
        self._acts = self._active = self._prompted = self._answers = 0

    def add(self, block: Block, theirs: int, kinds: Mapping[int, int]) -> None:
        standing = theirs & ~kinds.get(t.UNDONE, 0)
        active = standing
        for bucket in self._passive & kinds.keys():
            active &= ~kinds[bucket]
        votes = active & kinds.get(t.VOTE, 0)
        self._acts += theirs.bit_count()
        self._active += active.bit_count()
        self._prompted += (active & kinds.get(t.PROMPTED, 0)).bit_count()
        self._answers += (standing & kinds.get(t.ANSWER, 0)).bit_count()
        self._kinds["Vote"] += votes.bit_count()
        others = active & ~votes
        for name, bucket in t.TYPES.items():
            if bucket in kinds and bucket not in self._passive:
                self._kinds[name] += (kinds[bucket] & others).bit_count()
        self._by_month(block, active)

    def _by_month(self, block: Block, active: int) -> None:
        if len(block.months) == 1:
            self._months[block.months[0][0]] += active.bit_count()
            return
        ends = [*(slot for _, slot in block.months[1:]), block.acts]
        for (month, start), end in zip(block.months, ends, strict=True):
            self._months[month] += (active & below(end) & ~below(start)).bit_count()

    def tally(self) -> Tally:
        return Tally(
            self._acts,
            self._active,
            {kind: acts for kind, acts in sorted(self._kinds.items()) if acts},
            {month: acts for month, acts in sorted(self._months.items()) if acts},
            self._prompted,
            self._answers,
        )
