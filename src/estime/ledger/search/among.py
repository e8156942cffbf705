"""Which of some acts a filter finds: for lists that were begun elsewhere, in what was read of texts.

As cheap as a page of the filter itself: a row of each of its terms for every block that the acts lie in.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from estime.ledger.models import Act
from estime.ledger.search import rows
from estime.ledger.search.find import Count, Cursor, Found, Search
from estime.ledger.search.rows import Block, part_id
from estime.ledger.search.wanted import ActFilter
from estime.ledger.search.words import parse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 500


class Among(NamedTuple):
    """`found`: those that the filter finds, in the order given. `absent`: those that the index does not hold yet."""

    found: list[Cursor]
    absent: frozenset[int]


def acts_among(told: ActFilter, seqs: Sequence[int]) -> Among:
    """Which of these acts, by their `seq`, a filter finds. An act beyond the times of the filter counts as absent."""
    acts = _placed(seqs)
    found = _Choice(told).among(acts)
    known = {seq for _, seq in acts}
    return Among(found.found, found.absent | (frozenset(seqs) - known))


def acts_keys(told: ActFilter, before: Cursor | None = None) -> Iterator[Found]:
    """Places of what a filter finds, newest first, some hundreds at a time; the last one says so (`more`)."""
    search = Search(told)
    while True:
        found = search.page(before, _AT_ONCE)
        yield found
        if not found.more:
            return
        before = found.stopped or found.acts[-1]


def acts_counted(told: ActFilter, most: int) -> Count:
    """How many acts a filter finds, counted up to about `most`."""
    return Search(told).count(most)


def words_ignored(words: str) -> tuple[str, ...]:
    """What of a search, as a person types it, cannot be looked for."""
    return parse(words).ignored


def _placed(seqs: Sequence[int]) -> list[Cursor]:
    places: dict[int, int] = {}
    for start in range(0, len(seqs), _AT_ONCE):
        part = Act.objects.filter(seq__in=list(seqs[start : start + _AT_ONCE]))
        for seq, published in part.values_list("seq", "published"):
            places[seq] = (published - _EPOCH) // timedelta(microseconds=1)
    return [(places[seq], seq) for seq in seqs if seq in places]


class _Choice(Search):
    """A filter that is asked about single acts."""

    def among(self, acts: Sequence[Cursor]) -> Among:
        """Those of these acts that are found, and those that no block holds."""
        told = self.settled(lambda: self._among(acts))
        if self.query.exact:
            return told
        kept = set(self._checked(told.found))
        return Among([act for act in told.found if act in kept], told.absent)

    def _among(self, acts: Sequence[Cursor]) -> Among:
        slots, absent = self._placed(acts)
        bits = self._matching(list({block.id: block for block, _ in slots.values()}.values()))
        found = [act for act in acts if act in slots and bits[slots[act][0].id] >> slots[act][1] & 1]
        return Among(found, absent)

    def _placed(self, acts: Sequence[Cursor]) -> tuple[dict[Cursor, tuple[Block, int]], frozenset[int]]:
        """The block and the slot of each act that is there."""
        near = {act: place for act in acts if (place := self._part(act)) is not None}
        told = rows.parts({part_id(block.id, part * rows.PART) for block, part in near.values()})
        slots = {}
        for act, (block, part) in near.items():
            ats, seqs = told[part_id(block.id, part * rows.PART)]
            at = rows.before(ats, seqs, act)
            if at < len(ats) and (int(ats[at]), int(seqs[at])) == act:
                slots[act] = (block, part * rows.PART + at)
        return slots, frozenset(seq for at, seq in acts if (at, seq) not in slots)

    def _part(self, act: Cursor) -> tuple[Block, int] | None:
        """Where an act stands if it is in the index."""
        place = bisect_right(self._blocks, act, key=lambda block: block.first) - 1
        if place < 0 or act > self._blocks[place].last:
            return None
        block = self._blocks[place]
        return block, rows.before(*block.marks, act, also_equal=True) - 1
