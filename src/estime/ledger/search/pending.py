"""What is in the ledger and not in the index yet, and what it changes about acts that are.

Late commits are never missed: the span is read as the lake reads it (`reading.py`). What is written here of
acts that were read is written only if nobody was erased in between.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.reading import acts_between
from estime.ledger.search.places import Act, acts_at
from estime.ledger.search.postings import I64
from estime.ledger.search.rows import at_sql, insert, select_in
from estime.ledger.search.terms import Terms
from estime.ledger.sources import arrow_reader

_HELD = 100_000
"""Up to so many acts that wait are held in memory; of more, those that a batch may settle are looked up."""
_SCHEMA = pa.schema(
    [(name, pa.int64()) for name in ("seq", "at", "channel_id", "actor_id")]
    + [(name, pa.string()) for name in ("type", "object_type", "object_id", "source_id")]
)


_PIECE = 250_000


class Undo(NamedTuple):
    seq: int
    actor: int
    channel: int
    target: str


class Pending(NamedTuple):
    """Acts to be indexed, in the order of time, and indexed acts that must be told anew.

    `undone`: acts that were taken back; `answers`: acts whose parent has come in; `settled`: what came that was
    waited for.
    """

    ats: I64
    seqs: I64
    undone: list[Act]
    answers: list[Act]
    settled: list[int]


def pending(terms: Terms, before: int, horizon: int, check: Callable[[], None]) -> Pending:
    """Read the acts between two positions; note who made what, what was undone, and what waited for them.

    `check` is called in every transaction that writes, and raises where that must not be any more.
    """
    waiting = _Waiting()
    ats, seqs, undos, settled = [], [], [], []
    answers: list[int] = []
    late: list[Undo] = []
    for batch in _read(before, horizon):
        columns = batch.to_pydict()
        ats.append(np.array(columns["at"], np.int64))
        seqs.append(np.array(columns["seq"], np.int64))
        made, taken = _made_and_taken(terms, columns)
        undos += taken
        with transaction.atomic(), connection.cursor() as cursor:
            check()
            insert(cursor, "ledger_search_made", ("key", "seq"), sorted(made), once=True)
        if waiting.any:
            answered, undone_early = waiting.of(key for key, _ in made), _sources(terms, columns)
            repented = waiting.of(undone_early)
            settled += [*answered, *repented]
            answers += [seq for acts in answered.values() for seq in acts]
            late += _undone_before_they_came(repented, undone_early)
    told = [undo for undo in undos if not undo.target.startswith(ERASED_PREFIX)]
    undone, missing = _targets([*told, *late])
    _remember(terms, undone, missing, check)
    return Pending(*_in_time(ats, seqs), undone=undone, answers=acts_at(answers), settled=settled)


def _read(before: int, horizon: int) -> Iterator[pa.RecordBatch]:
    for span in _spans(before, horizon):
        query = f"""SELECT t.seq, {at_sql("t.published")} AS at, t.channel_id, t.actor_id, t.type, t.object_type,
 t.object_id, CASE WHEN t.source_id LIKE '{ERASED_PREFIX}%' THEN NULL ELSE t.source_id END AS source_id
 FROM ledger_act t WHERE {span}"""
        with arrow_reader(query, _SCHEMA) as reader:
            yield from reader


def _spans(before: int, horizon: int) -> Iterator[str]:
    """SQLite in pieces: while a query is being read, what is written beside it piles up (5.6 GB at 10 M acts)."""
    if connection.vendor != "sqlite":
        yield acts_between(before, horizon)
        return
    for start in range(before, horizon, _PIECE):
        yield acts_between(start, min(start + _PIECE, horizon))


def _in_time(ats: list[I64], seqs: list[I64]) -> tuple[I64, I64]:
    if not ats:
        return np.array([], np.int64), np.array([], np.int64)
    at, seq = np.concatenate(ats), np.concatenate(seqs)
    order = np.lexsort((seq, at))
    return at[order], seq[order]


def _made_and_taken(terms: Terms, columns: dict[str, list[Any]]) -> tuple[list[tuple[int, int]], list[Undo]]:
    made, taken = [], []
    names = ("seq", "channel_id", "actor_id", "type", "object_type", "object_id")
    for seq, channel, actor, kind, what, thing in zip(*(columns[name] for name in names), strict=True):
        if thing is None:
            continue
        if kind == "Create" and what != "Vote":
            made.append((terms.place("o", channel, thing), seq))
        elif kind == "Undo":
            taken.append(Undo(seq, actor, channel, thing))
    return made, taken


class _Waiting:
    """What waits for an act that is not here, by the number of that act."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, seq FROM ledger_search_waiting LIMIT %s", [_HELD + 1])
            found = cursor.fetchall()
        self.any = bool(found)
        self._all = _by_key(found) if len(found) <= _HELD else None

    def of(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Which acts wait for these."""
        if self._all is not None:
            return {key: self._all[key] for key in keys if key in self._all}
        return _by_key(
            select_in("SELECT key, seq FROM ledger_search_waiting WHERE key IN {marks}", set(keys))
        )


def _by_key(found: Iterable[tuple[Any, ...]]) -> dict[int, list[int]]:
    waiting: dict[int, list[int]] = {}
    for key, seq in found:
        waiting.setdefault(key, []).append(seq)
    return waiting


def _sources(terms: Terms, columns: dict[str, list[Any]]) -> dict[int, tuple[int, str]]:
    """The acts of a batch by the number that an undoing of them waits for."""
    told = zip(columns["channel_id"], columns["source_id"], strict=True)
    return {terms.place("s", *act): act for act in told if act[1] is not None}


def _undone_before_they_came(
    waiting: dict[int, list[int]], sources: dict[int, tuple[int, str]]
) -> list[Undo]:
    """An undoing can be told before the act that it undoes."""
    early = {seq: sources[key] for key, seqs in waiting.items() for seq in seqs}
    actors = select_in("SELECT seq, actor_id FROM ledger_act WHERE seq IN {marks}", early)
    return [Undo(seq, actor, *early[seq]) for seq, actor in actors]


def _targets(undos: list[Undo]) -> tuple[list[Act], list[Undo]]:
    """The acts that were undone by whoever did them, and the undoings whose act is not here."""
    found: dict[tuple[int, str], Act] = {}
    for channel in {undo.channel for undo in undos}:
        names = sorted({undo.target for undo in undos if undo.channel == channel})
        query = (
            f"SELECT source_id, seq, {at_sql('published').replace('%', '%%')}, actor_id FROM ledger_act"
            f" WHERE channel_id = {int(channel)} AND source_id IN {{marks}}"
        )
        found |= {(channel, source): Act(*rest) for source, *rest in select_in(query, names)}
    undone, missing = {}, []
    for undo in undos:
        act = found.get((undo.channel, undo.target))
        if act is None:
            missing.append(undo)
        elif act.actor == undo.actor:
            undone[act.seq] = act
    return list(undone.values()), missing


def _remember(terms: Terms, undone: list[Act], missing: list[Undo], check: Callable[[], None]) -> None:
    wait = [(terms.place("s", undo.channel, undo.target), undo.seq) for undo in missing]
    with transaction.atomic(), connection.cursor() as cursor:
        check()
        insert(cursor, "ledger_search_undone", ("seq",), [(act.seq,) for act in undone], once=True)
        insert(cursor, "ledger_search_waiting", ("key", "seq"), wait, once=True)
