"""Bring the index up to date with the ledger. It is outside of every append, so that imports do not wait for it.

Each block is one transaction. A process that is killed leaves whole blocks; what they hold already is known by its
`seq` when the same span is read again. Two at once: the second leaves. An erasure that commits while a block is being
built is seen before the block is written, and the block is built again.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from estime.kernel import clock
from estime.kernel.collection import collection_paused
from estime.kernel.home import secret
from estime.ledger.reading import reading_horizon
from estime.ledger.search import rows
from estime.ledger.search.build import Built, build
from estime.ledger.search.models import GONE, STALE, SearchState, SearchWaiting
from estime.ledger.search.pending import Pending, pending
from estime.ledger.search.places import Act, by_block, slots_in
from estime.ledger.search.postings import I64, SLOTS, bits_of, packed, slots_of
from estime.ledger.search.rows import Block
from estime.ledger.search.terms import UNDONE, Terms

_HELD = timedelta(minutes=2)
Progress = Callable[[int], None]


class Indexed(NamedTuple):
    """What came into the index. `busy`: another process is at it, nothing was done here."""

    acts: int
    blocks: int
    busy: bool = False


class _Lost(Exception):
    """Another process took over."""


class _Erased(Exception):
    """Somebody was erased while acts were read: what was read may be of them."""


def index_acts(progress: Progress | None = None, *, anew: bool = False) -> Indexed:
    """Bring the index up to date with the ledger; `anew` makes all of it again. Safe at any time."""
    holder = secrets.token_hex(12)
    if not _take(holder):
        return Indexed(0, 0, busy=True)
    try:
        with collection_paused():
            return _Filling(holder, progress or (lambda acts: None)).run(anew)
    except _Lost:
        return Indexed(0, 0, busy=True)
    finally:
        SearchState.objects.filter(holder=holder).update(holder="", held_until=None)


def index_forget() -> None:
    """Have the index made anew, because the ledger is another one (a restore)."""
    with transaction.atomic(), connection.cursor() as cursor:
        rows.drop_everything(cursor)
        SearchState.objects.update_or_create(
            pk=1,
            defaults={
                "cursor": 0,
                "holder": "",
                "held_until": None,
                "version": _fresh(),
                "erasures": _fresh(),
            },
        )


def _take(holder: str) -> bool:
    now = clock.now()
    SearchState.objects.get_or_create(pk=1)
    free = SearchState.objects.filter(pk=1, holder="") | SearchState.objects.filter(pk=1, held_until__lt=now)
    return free.update(holder=holder, held_until=now + _HELD) == 1


def _erasures() -> int:
    """How many erasures there were: another number, and what was read before may be of somebody erased."""
    return SearchState.objects.values_list("erasures", flat=True).get(pk=1)


def _fresh() -> int:
    """A new version: a number that never stood before, so that nothing kept is taken for current."""
    return secrets.randbits(62)


class _Filling:
    """One run."""

    def __init__(self, holder: str, progress: Progress) -> None:
        self._holder, self._progress = holder, progress
        self._terms = Terms(secret())
        self._acts = self._blocks = 0

    def run(self, anew: bool) -> Indexed:
        before, until = SearchState.objects.get(pk=1).cursor, reading_horizon()
        if anew or before > until:  # beyond the ledger: it was moved here from another server
            index_forget()
            before = 0
            if not _take(self._holder):
                raise _Lost
        fresh = self._read(before, until)
        self._tell_anew(fresh)
        self._fill(fresh)
        with transaction.atomic():
            self._state()
            SearchState.objects.filter(pk=1).update(cursor=until, indexed=clock.now())
        return Indexed(self._acts, self._blocks)

    def _read(self, before: int, until: int) -> Pending:
        while True:
            with suppress(_Erased):
                return pending(self._terms, before, until, partial(self._check, _erasures()))

    def _check(self, seen: int) -> None:
        """In a transaction that writes what was read: nobody was erased since, and the turn is still ours."""
        if self._state().erasures != seen:
            raise _Erased
        self._hold()

    def _state(self) -> SearchState:
        """The state, locked until the transaction ends. Raises when somebody else holds it."""
        state = SearchState.objects.select_for_update().get(pk=1)
        if state.holder != self._holder:
            raise _Lost
        return state

    def _hold(self) -> None:
        """Say that this process is still at it. Raises when somebody else took over."""
        if not SearchState.objects.filter(holder=self._holder).update(held_until=clock.now() + _HELD):
            raise _Lost

    def _changed(self) -> None:
        SearchState.objects.filter(pk=1).update(version=_fresh(), held_until=clock.now() + _HELD)

    def _tell_anew(self, fresh: Pending) -> None:
        """Acts that are indexed and were undone since, or whose parent came in."""
        if not (fresh.undone or fresh.answers or fresh.settled):
            return
        blocks = rows.blocks()
        undone, answers = by_block(blocks, fresh.undone), by_block(blocks, fresh.answers)
        with transaction.atomic(), connection.cursor() as cursor:
            self._state()
            for block, acts in undone:
                _flag(cursor, block, acts)
            rows.mark(cursor, [block.id for block, _ in answers], STALE)
            for keys in rows.chunks(fresh.settled):
                SearchWaiting.objects.filter(key__in=keys).delete()
            self._changed()

    def _fill(self, fresh: Pending) -> None:
        blocks = rows.blocks()
        if blocks:
            self._stretch(blocks, fresh.ats, fresh.seqs, True)
        else:
            self._segment(None, fresh.ats, fresh.seqs, True)

    def _stretch(self, blocks: list[Block], ats: I64, seqs: I64, newest: bool) -> None:
        """Bring acts into blocks side by side: each goes into the last one that begins before it, or the first."""
        edges = [0, *(rows.before(ats, seqs, block.first) for block in blocks[1:]), len(seqs)]
        for number, block in enumerate(blocks):
            span = slice(edges[number], edges[number + 1])
            self._segment(block, ats[span], seqs[span], newest and number == len(blocks) - 1)

    def _segment(self, block: Block | None, ats: I64, seqs: I64, newest: bool) -> None:
        """Bring acts into the stretch of time that one block covers; it becomes several when there are too many."""
        while len(seqs) or (block is not None and block.due):
            held = (np.array([], np.int64), np.array([], np.int64)) if block is None else rows.acts_of(block)
            all_ats, all_seqs = _merged(held, (ats, seqs))
            if block is not None and not block.due and len(all_seqs) == len(held[1]):
                return  # all of them are there: the run before was cut off
            most = (
                SLOTS
                if newest or len(all_seqs) > 2 * SLOTS or len(all_seqs) <= SLOTS
                else -(-len(all_seqs) // 2)
            )
            built = self._replace(block, held, (all_ats[:most], all_seqs[:most]))
            self._acts += int(np.isin(seqs, all_seqs[: built.acts]).sum()) if len(seqs) else 0
            self._progress(self._acts)
            end = (int(all_ats[built.acts - 1]), int(all_seqs[built.acts - 1]))
            rest = _after((ats, seqs), end)
            ats, seqs = ats[rest], seqs[rest]
            beyond = _beyond(held, end)
            if len(beyond) > 1:
                self._stretch(beyond, ats, seqs, newest)
                return
            block = beyond[0] if beyond else None

    def _replace(self, block: Block | None, held: tuple[I64, I64], acts: tuple[I64, I64]) -> Built:
        """Write the block of these acts, and one of what `block` held beyond them, in place of `block`."""
        while True:
            seen = _erasures()
            built = build(self._terms, *acts)
            end = (int(acts[0][built.acts - 1]), int(acts[1][built.acts - 1]))
            left = _after(held, end)
            written = [(acts[0][: built.acts], acts[1][: built.acts], built)]
            ats, seqs = held[0][left], held[1][left]
            while len(seqs):
                more = build(self._terms, ats, seqs)
                written.append((ats[: more.acts], seqs[: more.acts], more))
                ats, seqs = ats[more.acts :], seqs[more.acts :]
            if self._write(block, written, seen):
                return built

    def _write(self, block: Block | None, written: list[tuple[I64, I64, Built]], seen: int) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            if self._state().erasures != seen:
                return False
            if block is not None:
                rows.drop_blocks(cursor, [block])
            for ats, seqs, built in written:
                rows.insert_block(cursor, ats, seqs, built.months, built.data)
                rows.insert(cursor, "ledger_search_waiting", ("key", "seq"), built.waiting, once=True)
                self._blocks += 1
            self._changed()
        return True


def _beyond(held: tuple[I64, I64], end: tuple[int, int]) -> list[Block]:
    """The blocks in which what an old block held beyond `end` stands now."""
    if not _after(held, end).any():
        return []
    last = (int(held[0][-1]), int(held[1][-1]))
    return [block for block in rows.blocks() if end < block.first <= last]


def _after(acts: tuple[I64, I64], key: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which of these acts come after (at, seq)."""
    later: npt.NDArray[np.bool_] = (acts[0] > key[0]) | ((acts[0] == key[0]) & (acts[1] > key[1]))
    return later


def _merged(held: tuple[I64, I64], fresh: tuple[I64, I64]) -> tuple[I64, I64]:
    ats, seqs = np.concatenate([held[0], fresh[0]]), np.concatenate([held[1], fresh[1]])
    seqs, first = np.unique(seqs, return_index=True)
    ats = ats[first]
    order = np.lexsort((seqs, ats))
    return ats[order], seqs[order]


def _flag(cursor: CursorWrapper, block: Block, acts: list[Act]) -> None:
    """Note in a block that acts were undone."""
    slots = slots_in(block, acts)
    if not slots or block.due == GONE:
        return
    pk = rows.posting_id(UNDONE, block.id)
    known = rows.postings([UNDONE], [block.id]).get((UNDONE, block.id))
    bits = bits_of(known) if known else 0
    for slot in slots:
        bits |= 1 << slot
    cursor.execute("DELETE FROM ledger_search_posting WHERE id = %s", [pk])
    rows.insert(cursor, "ledger_search_posting", ("id", "data"), [(pk, packed(slots_of(bits)))])
