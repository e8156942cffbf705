"""What one account did, counted from the index in one pass over the blocks that it acted in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from django.db import connection

from estime.ledger.search import rows
from estime.ledger.search import terms as t
from estime.ledger.search.find import blocks, terms
from estime.ledger.search.models import GONE
from estime.ledger.search.postings import below, bits_of, bucket_of, found
from estime.ledger.search.rows import Block


class Tally(NamedTuple):
    """Acts of one account: all; the active ones (neither of a passive type nor taken back), by kind and by month
    (UTC, counted from January 1970); of these, those with an incentive; and its standing answers to others."""

    acts: int = 0
    active: int = 0
    kinds: Mapping[str, int] = MappingProxyType({})
    months: Mapping[int, int] = MappingProxyType({})
    prompted: int = 0
    answers: int = 0


_PRESENT: dict[tuple[str, int], list[int]] = {}


def _present(version: int) -> list[int]:
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
    version, _every = blocks()
    present = set(_present(version))
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


def account_tally(account: int, passive: Sequence[str]) -> Tally:
    """Count what an account did; `passive`: types that are not active."""
    version, every = blocks()
    readable = {block.id: block for block in every if block.due != GONE}
    term = terms().account(account)
    theirs = {
        block: bits
        for (_, block), data in rows.postings([bucket_of(term)], readable).items()
        if (bits := found(data, term))
    }
    if not theirs:
        return Tally()
    told = rows.postings(_present(version), theirs)
    counting = _Counting(passive)
    for block, bits in theirs.items():
        counting.add(readable[block], bits, told)
    return counting.tally()


class _Counting:
    def __init__(self, passive: Sequence[str]) -> None:
        self._passive = [t.TYPES[name] for name in passive]
        self._kinds: Counter[str] = Counter()
        self._months: Counter[int] = Counter()
        self._acts = self._active = self._prompted = self._answers = 0

    def add(self, block: Block, theirs: int, told: dict[tuple[int, int], bytes]) -> None:
        def of(bucket: int) -> int:
            data = told.get((bucket, block.id))
            return 0 if data is None else bits_of(data) & theirs

        types = {name: bits for name, bucket in t.TYPES.items() if (bits := of(bucket))}
        standing = theirs & ~of(t.UNDONE)
        active = standing
        for bucket in self._passive:
            active &= ~of(bucket)
        votes = active & of(t.VOTE)
        self._acts += theirs.bit_count()
        self._active += active.bit_count()
        self._prompted += (active & of(t.PROMPTED)).bit_count()
        self._answers += (standing & of(t.ANSWER)).bit_count()
        self._kinds["Vote"] += votes.bit_count()
        for name, bits in types.items():
            self._kinds[name] += (bits & active & ~votes).bit_count()
        self._by_month(block, active)

    def _by_month(self, block: Block, active: int) -> None:
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
