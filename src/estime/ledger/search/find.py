"""Which acts a filter finds, newest or oldest first, and how many.

Block after block in the order of time, a few at first and then more at once: a page of frequent acts reads one
block, and the worst filter reads each of its terms once in every block (306 blocks of 10 M acts). Nothing sorts.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection

from estime.kernel.home import secret
from estime.ledger.search import rows
from estime.ledger.search.kinds import kind_bits
from estime.ledger.search.models import GONE
from estime.ledger.search.postings import below, found, highest, lowest
from estime.ledger.search.rows import PART, Block, BlockGone, part_id
from estime.ledger.search.terms import Terms
from estime.ledger.search.wanted import ActFilter, Clause, wanted

Cursor = tuple[int, int]
"""An act's place in time: microseconds since 1970, seq."""

ENDLESS: Cursor = (1 << 62, 0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXAMINED = 2_000
"""Texts that are read at most for one page, where the index alone cannot tell (phrases)."""
_AT_ONCE = (1, 8, 64, 512)
_TRIES = 3
_PAGE = 64
_CHECKED = 100
"""Texts that are read at a time, where the index alone cannot tell."""

T = TypeVar("T")


class Count(NamedTuple):
    """How many; `more`: at least that many, it was not counted further; `about`: the texts may rule some out."""

    acts: int
    more: bool = False
    about: bool = False


class Found(NamedTuple):
    """Acts in the order asked for. `more`: there are others beyond. `stopped`: texts were read up to there only."""

    acts: list[Cursor]
    more: bool
    stopped: Cursor | None = None


@lru_cache(maxsize=8)
def _terms(key: bytes) -> Terms:
    return Terms(key)


def terms() -> Terms:
    """The terms of this installation."""
    return _terms(secret())


_BLOCKS: dict[tuple[str, int], list[Block]] = {}


def blocks() -> tuple[int, list[Block]]:
    """(version, every block that can be read, oldest first); kept in the process until the index changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM ledger_search_state WHERE id = 1")
        row = cursor.fetchone()
    version = row[0] if row else 0
    key = (str(connection.settings_dict["NAME"]), version)
    known = _BLOCKS.get(key)
    if known is None:
        known = rows.blocks()
        _BLOCKS.clear()
        _BLOCKS[key] = known
    return version, known


class Standing:
    """The index as it stood when it was looked at first. Should it change meanwhile, it is looked at again."""

    _looking = False

    def _begin(self) -> None:
        """Look at the index as it stands now."""
        self._version, every = blocks()
        self._blocks = [block for block in every if block.due != GONE]

    def settled(self, look: Callable[[], T]) -> T:
        """What a look tells, none of it from before a change and some from after. Looks within a look are one."""
        if self._looking:
            return look()
        for _ in range(_TRIES):
            self._looking = True
            try:
                with suppress(BlockGone):
                    told = look()
                    if blocks()[0] == self._version:
                        return told
            finally:
                self._looking = False
            self._begin()
        return look()

    @property
    def version(self) -> int:
        """The state of the index that was looked at."""
        return self._version


class Search(Standing):
    """One filter over the index as it stands; what was read of a block is kept for the next question."""

    def __init__(self, told: ActFilter) -> None:
        self._told, self._wanted = told, wanted(terms(), told)
        self.query = self._wanted.query
        self._low = _moment(told.since) or (0, 0)
        self._high = _moment(told.until) or ENDLESS
        self._begin()

    def _begin(self) -> None:
        super()._begin()
        self._blocks = [
            block for block in self._blocks if block.last >= self._low and block.first < self._high
        ]
        self._known: dict[int, int] = {}

    def page(self, after: Cursor | None, most: int, *, newest_first: bool = True) -> Found:
        """Up to `most` acts beyond `after` (older ones, or with newest_first=False newer ones)."""
        return self.settled(lambda: self._page(after, most, newest_first))

    def _page(self, after: Cursor | None, most: int, newest_first: bool) -> Found:
        taken: list[Cursor] = []
        examined = 0
        slots = self._slots(after, newest_first)
        at_once = most + 1 if self.query.exact else _CHECKED
        while fresh := acts_in(list(islice(slots, at_once))):
            examined += len(fresh)
            taken += fresh if self.query.exact else self._checked(fresh)
            if len(taken) > most:
                return Found(taken[:most], True)
            if not self.query.exact and examined >= EXAMINED:
                return Found(taken, True, fresh[-1])
        return Found(taken, False)

    def _slots(self, after: Cursor | None, newest_first: bool) -> Iterator[tuple[Block, int]]:
        """What is found, one after the other."""
        for block, bits in self._hits(after, newest_first):
            left = bits
            while left:
                slots = highest(left, _PAGE) if newest_first else lowest(left, _PAGE)
                for slot in slots:
                    yield block, slot
                    left ^= 1 << slot

    def _checked(self, acts: list[Cursor]) -> list[Cursor]:
        read = rows.select_in(
            "SELECT seq, content FROM ledger_act WHERE seq IN {marks}", [seq for _, seq in acts]
        )
        texts = dict(read)
        return [act for act in acts if self.query.found_in(texts.get(act[1]) or "")]

    def count(self, most: int) -> Count:
        """How many, counted up to about `most`."""
        return self.settled(lambda: self._count(most))

    def _count(self, most: int) -> Count:
        acts = 0
        for _block, bits in self._hits(None, True):
            if acts > most:
                break
            acts += bits.bit_count()
        return Count(acts, acts > most, not self.query.exact)

    def total(self) -> int:
        """How many, to the last one (candidates, where the texts decide)."""
        return self.settled(lambda: sum(bits.bit_count() for _, bits in self._hits(None, True)))

    def _hits(self, after: Cursor | None, newest_first: bool) -> Iterator[tuple[Block, int]]:
        """Blocks with what is found in them, beyond `after`."""
        low, high = self._low, self._high
        if after is not None:
            low, high = (
                (low, min(high, after)) if newest_first else (max(low, (after[0], after[1] + 1)), high)
            )
        within = [block for block in self._blocks if block.last >= low and block.first < high]
        if newest_first:
            within.reverse()
        start, step = 0, 0
        while start < len(within):
            part = within[start : start + _AT_ONCE[min(step, len(_AT_ONCE) - 1)]]
            start, step = start + len(part), step + 1
            told = self._matching(part)
            for block in part:
                bits = told[block.id]
                if bits:
                    bits &= _between(block, low, high)
                if bits:
                    yield block, bits

    def _matching(self, part: Sequence[Block]) -> dict[int, int]:
        """What is found in each of some blocks, whatever its time."""
        fresh = [block for block in part if block.id not in self._known]
        alive = {block.id: block.all for block in fresh}
        for clause in self._wanted.clauses:
            if not alive:
                break
            alive = self._narrowed(clause, alive)
        for block in fresh:
            self._known[block.id] = alive.get(block.id, 0)
        return {block.id: self._known[block.id] for block in part}

    def _narrowed(self, clause: Clause, alive: dict[int, int]) -> dict[int, int]:
        terms = [key for key in clause.keys if key.term is not None]
        read = rows.postings({key.bucket for key in terms}, alive) if terms else {}
        kinds = [key.bucket for key in clause.keys if key.term is None]
        bits_of_kinds = kind_bits(self._version, kinds, alive)
        left = {}
        for block, bits in alive.items():
            told = 0
            for bucket in kinds:
                told |= int.from_bytes(bits_of_kinds[bucket, block], "little")
            for bucket, term in terms:
                data = read.get((bucket, block))
                if data is not None and term is not None:
                    told |= found(data, term)
            bits &= ~told if clause.negative else told
            if bits:
                left[block] = bits
        return left


def _between(block: Block, low: Cursor, high: Cursor) -> int:
    bits = block.all
    if low > block.first:
        bits &= ~below(rows.slot_of(block, low))
    if high <= block.last:
        bits &= below(rows.slot_of(block, high))
    return bits


def acts_in(slots: list[tuple[Block, int]]) -> list[Cursor]:
    """Which acts stand in these slots. Raises `BlockGone`."""
    told = rows.parts({part_id(block.id, slot) for block, slot in slots})
    found_acts = []
    for block, slot in slots:
        ats, seqs = told[part_id(block.id, slot)]
        found_acts.append((int(ats[slot % PART]), int(seqs[slot % PART])))
    return found_acts


def _moment(when: datetime | None) -> Cursor | None:
    return None if when is None else ((when - _EPOCH) // timedelta(microseconds=1), 0)
