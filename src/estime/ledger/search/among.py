"""Which of some acts a filter finds: for lists that were begun elsewhere, in what was read of texts.

As cheap as a page of the filter itself: a row of each of its terms for every block that the acts lie in.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from estime.ledger.search import rows
from estime.ledger.search.find import Cursor, Found, Search, acts_in
from estime.ledger.search.places import acts_at
from estime.ledger.search.rows import Block, part_id
from estime.ledger.search.wanted import ActFilter
from estime.ledger.search.words import parse

_AT_ONCE = (64, 128, 256, 500)


class Among(NamedTuple):
    """`found`: those that the filter finds, in the order given. `absent`: those that the index does not hold yet."""

    found: list[Cursor]
    absent: frozenset[int]


class Choice(Search):
    """A filter that is asked several things; what was read of the index is kept from one to the next."""

    def among(self, seqs: Sequence[int]) -> Among:
        """Which of these acts, by their `seq`, are found. An act beyond the times of the filter counts as absent."""
        places = {act.seq: act.at for act in acts_at(seqs)}
        acts = [(places[seq], seq) for seq in seqs if seq in places]
        told = self.settled(lambda: self._among(acts))
        if not self.query.exact:
            kept = set(self._checked(told.found))
            told = told._replace(found=[act for act in told.found if act in kept])
        return told._replace(absent=told.absent | (frozenset(seqs) - places.keys()))

    def each(self, before: Cursor | None = None) -> Iterator[Found]:
        """Places of what is found, newest first, few and then more at a time; the last one says so (`more`)."""
        step = 0
        while True:
            found = self.page(before, _AT_ONCE[min(step, len(_AT_ONCE) - 1)])
            yield found
            if not found.more:
                return
            before, step = found.stopped or found.acts[-1], step + 1

    def reach(self, most: int) -> Cursor | None:
        """Where the `most`-th newest of what the index finds stands; None if there are fewer. No text is read."""
        return self.settled(lambda: self._reach(most))

    def _reach(self, most: int) -> Cursor | None:
        for nth, slot in enumerate(self._slots(None, newest_first=True), 1):
            if nth == most:
                return acts_in([slot])[0]
        return None

    def _among(self, acts: Sequence[Cursor]) -> Among:
        slots = self._placed(acts)
        bits = self._matching(list({block.id: block for block, _ in slots.values()}.values()))
        found = [act for act in acts if act in slots and bits[slots[act][0].id] >> slots[act][1] & 1]
        return Among(found, frozenset(seq for at, seq in acts if (at, seq) not in slots))

    def _placed(self, acts: Sequence[Cursor]) -> dict[Cursor, tuple[Block, int]]:
        """The block and the slot of each act that is there."""
        near: dict[int, list[Cursor]] = {}
        for act in acts:
            place = bisect_right(self._blocks, act, key=lambda block: block.first) - 1
            if self._low <= act < self._high and place >= 0 and act <= self._blocks[place].last:
                near.setdefault(place, []).append(act)
        slots = {}
        for place, theirs in near.items():
            block = self._blocks[place]
            slots.update({act: (block, slot) for act, slot in _slots_of(block, theirs)})
        return slots


def acts_among(told: ActFilter, seqs: Sequence[int]) -> Among:
    """Which of these acts, by their `seq`, a filter finds (`Choice.among`)."""
    return Choice(told).among(seqs)


def acts_keys(told: ActFilter) -> Iterator[Found]:
    """Places of all that a filter finds (`Choice.each`)."""
    return Choice(told).each()


def words_ignored(words: str) -> tuple[str, ...]:
    """What of a search, as a person types it, cannot be looked for."""
    return parse(words).ignored


def _slots_of(block: Block, acts: Sequence[Cursor]) -> Iterable[tuple[Cursor, int]]:
    """Those of some acts within a block's times that it holds, with their slots: all looked up at once."""
    asked = np.array(acts, np.int64).reshape(-1, 2)
    wanted = sorted({int(part) - 1 for part in rows.before_each(*block.marks, asked, also_equal=True)})
    told = rows.parts([part_id(block.id, part * rows.PART) for part in wanted])
    pieces = [told[part_id(block.id, part * rows.PART)] for part in wanted]
    ats, seqs = (np.concatenate(each) for each in zip(*pieces, strict=True))
    slots = np.concatenate(
        [part * rows.PART + np.arange(len(piece[0])) for part, piece in zip(wanted, pieces, strict=True)]
    )
    at = np.minimum(rows.before_each(ats, seqs, asked), len(ats) - 1)
    there = (ats[at] == asked[:, 0]) & (seqs[at] == asked[:, 1])
    return [(act, int(slot)) for act, slot, held in zip(acts, slots[at], there, strict=True) if held]
