"""From acts side by side in time to the block that they are found by."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from django.db import connection

from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.search import terms as t
from estime.ledger.search.postings import I64, SLOTS, U16, pack, packed
from estime.ledger.search.rows import select_in
from estime.ledger.search.terms import TYPES, Terms
from estime.ledger.search.words import SEARCHED, words_of

MOST = 12_000_000
"""Entries of a block: a block of very long texts holds fewer acts."""
_READ_AT_ONCE = 4_096
_COLUMNS = f"""t.seq, t.channel_id, t.actor_id, t.type, t.object_type, t.object_id, t.in_reply_to, t.context,
 substr(t.content, 1, {SEARCHED}), t.incentive IS NOT NULL, t.on_behalf_of IS NOT NULL, a.handle IS NULL"""
_ACTS = f'SELECT {_COLUMNS} FROM ledger_act t JOIN ledger_account a ON a."key" = t.actor_id WHERE t.seq'


class Row(NamedTuple):
    seq: int
    channel: int
    actor: int
    type: str
    object_type: str | None
    object_id: str | None
    in_reply_to: str | None
    context: str | None
    content: str | None
    prompted: bool
    spoken_for: bool
    erased: bool

    @property
    def vote(self) -> bool:
        return self.object_type == "Vote"

    @property
    def text(self) -> bool:
        """A text is a Create of anything but a vote, as in the measures of replies."""
        return self.type == "Create" and not self.vote


class Built(NamedTuple):
    """A block's bytes; how many of the acts are in it; and which of them wait for what they answer (key, seq)."""

    acts: int
    data: list[tuple[int, bytes]]
    months: list[tuple[int, int]]
    waiting: list[tuple[int, int]]


class _Sheet:
    """What is gathered while acts are read: terms with the slots they occur in."""

    def __init__(self) -> None:
        self.terms: list[int] = []
        self.counts: list[int] = []
        self.slots: list[int] = []
        self.kinds: dict[int, list[int]] = {}
        self.waiting: list[tuple[int, int]] = []

    def add(self, slot: int, found: set[int], kinds: list[int]) -> None:
        self.terms.extend(found)
        self.counts.append(len(found))
        self.slots.append(slot)
        for kind in kinds:
            self.kinds.setdefault(kind, []).append(slot)

    def data(self) -> Iterator[tuple[int, bytes]]:
        slots = np.repeat(np.array(self.slots, np.uint16), self.counts)
        yield from pack(np.array(self.terms, np.uint64), slots)
        for kind, where in self.kinds.items():
            yield kind, packed(_u16(where))


def _u16(slots: list[int]) -> U16:
    return np.array(slots, np.uint16)


def build(terms: Terms, ats: I64, seqs: I64) -> Built:
    """The block of the first of these acts: as many as it takes."""
    sheet, used = _Sheet(), 0
    for start in range(0, min(len(seqs), SLOTS), _READ_AT_ONCE):
        part = seqs[start : min(start + _READ_AT_ONCE, SLOTS)].tolist()
        rows = _acts(part)
        answered = _answered(terms, rows)
        undone = {
            seq for (seq,) in select_in("SELECT seq FROM ledger_search_undone WHERE seq IN {marks}", part)
        }
        for place, seq in enumerate(part):
            _note(sheet, start + place, rows[seq], terms, answered, seq in undone)
        used = start + len(part)
        if len(sheet.terms) > MOST:
            break
    return Built(used, list(sheet.data()), _months(ats[:used]), sheet.waiting)


def _acts(seqs: list[int]) -> dict[int, Row]:
    if max(seqs) - min(seqs) + 1 == len(seqs):
        with connection.cursor() as cursor:
            cursor.execute(f"{_ACTS} BETWEEN %s AND %s", [min(seqs), max(seqs)])
            return {row[0]: Row(*row) for row in cursor.fetchall()}
    return {row[0]: Row(*row) for row in select_in(_ACTS + " IN {marks}", seqs)}


def _answered(terms: Terms, rows: dict[int, Row]) -> dict[int, int]:
    """Whom each answer answers: the key of the parent's number to the account that made it."""
    keys = {
        terms.place("o", row.channel, row.in_reply_to)
        for row in rows.values()
        if row.text and row.in_reply_to is not None
    }
    found = select_in(
        "SELECT m.key, t.actor_id FROM ledger_search_made m JOIN ledger_act t ON t.seq = m.seq WHERE m.key IN {marks}",
        keys,
    )
    return dict(found)


def _note(sheet: _Sheet, slot: int, row: Row, terms: Terms, answered: dict[int, int], undone: bool) -> None:
    kinds = [t.CHANNELS + row.channel, TYPES[row.type]]
    found: set[int] = set()
    places = (("o", row.object_id), ("i", row.in_reply_to), ("x", row.context))
    found.update(terms.place(kind, row.channel, told) for kind, told in places if told is not None)
    if row.content:
        kinds.append(t.TEXT)
        found |= terms.of_text(words_of(row.content))
    if row.erased:
        kinds.append(t.ERASED)
    else:
        found.add(terms.account(row.actor))
        if row.text:
            found |= _answer(sheet, kinds, row, terms, answered)
    flags = (
        (row.vote, t.VOTE),
        (row.prompted, t.PROMPTED),
        (row.spoken_for, t.SPOKEN_FOR),
        (undone, t.UNDONE),
    )
    kinds.extend(flag for held, flag in flags if held)
    sheet.add(slot, found, kinds)


def _answer(sheet: _Sheet, kinds: list[int], row: Row, terms: Terms, answered: dict[int, int]) -> set[int]:
    """An answer to somebody else's text is found by whom it answers; one whose parent is not here waits for it."""
    if row.in_reply_to is None:
        return set()
    key = terms.place("o", row.channel, row.in_reply_to)
    whom = answered.get(key)
    if whom is None and not row.in_reply_to.startswith(ERASED_PREFIX):
        sheet.waiting.append((key, row.seq))
    if whom == row.actor:
        return set()
    kinds.append(t.ANSWER)
    return set() if whom is None else {terms.answered(whom)}


def _months(ats: I64) -> list[tuple[int, int]]:
    """Where in the block each month (UTC, counted from January 1970) begins or goes on."""
    months = ats.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    starts = np.flatnonzero(np.concatenate(([True], months[1:] != months[:-1])))
    return [(int(months[slot]), int(slot)) for slot in starts]
