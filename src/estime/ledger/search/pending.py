"""What is in the ledger and not in the index yet, and what it changes about acts that are.

Late commits are never missed: the span is read as the lake reads it (`actions/archive.py`).
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.search.places import Act, acts_at
from estime.ledger.search.postings import I64
from estime.ledger.search.rows import at_sql, insert, select_in
from estime.ledger.search.terms import Terms
from estime.ledger.sources import arrow_reader

_SCHEMA = pa.schema(
    [(name, pa.int64()) for name in ("seq", "at", "channel_id", "actor_id")]
    + [(name, pa.string()) for name in ("type", "object_type", "object_id", "source_id")]
)


class Undo(NamedTuple):
    seq: int
    actor: int
    channel: int
    target: str


class Pending(NamedTuple):
    """Acts to be indexed, in the order of time, and indexed acts that must be told anew.

    `undone`: acts that were taken back; `answers`: acts whose parent has come in.
    """

    ats: I64
    seqs: I64
    undone: list[Act]
    answers: list[Act]
    settled: list[tuple[int, int]]


def pending(terms: Terms, before: int, horizon: int, beat: Callable[[], None]) -> Pending:
    """Read the acts between two positions; note who made what, what was undone, and what waited for them.

    `beat` is called now and then: it is a long way through millions.
    """
    waiting = _waiting()
    ats, seqs, undos, settled = [], [], [], []
    late: list[Undo] = []
    for batch in _read(before, horizon):
        beat()
        columns = batch.to_pydict()
        ats.append(np.array(columns["at"], np.int64))
        seqs.append(np.array(columns["seq"], np.int64))
        made, taken = _made_and_taken(terms, columns)
        undos += taken
        with transaction.atomic(), connection.cursor() as cursor:
            insert(cursor, "ledger_search_made", ("key", "seq"), made, once=True)
        if waiting:
            settled += [(key, seq) for key, _ in made for seq in waiting.get(key, ())]
            late += _undone_before_they_came(terms, columns, waiting)
    told = [undo for undo in undos if not undo.target.startswith(ERASED_PREFIX)]
    undone, missing = _targets([*told, *late])
    _remember(terms, undone, missing)
    return Pending(
        *_in_time(ats, seqs),
        undone=undone,
        answers=acts_at([seq for _, seq in settled]),
        settled=settled,
    )


def _read(before: int, horizon: int) -> Iterator[pa.RecordBatch]:
    if connection.vendor == "sqlite":
        span = f"t.seq > {before} AND t.seq <= {horizon}"
    else:
        span = f"t.xid >= '{before}'::xid8 AND t.xid < '{horizon}'::xid8"
    query = f"""SELECT t.seq, {at_sql("t.published")} AS at, t.channel_id, t.actor_id, t.type, t.object_type,
 t.object_id, CASE WHEN t.source_id LIKE '{ERASED_PREFIX}%' THEN NULL ELSE t.source_id END AS source_id
 FROM ledger_act t WHERE {span}"""
    with arrow_reader(query, _SCHEMA) as reader:
        yield from reader


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


def _waiting() -> dict[int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, seq FROM ledger_search_waiting")
        waiting: dict[int, list[int]] = {}
        for key, seq in cursor.fetchall():
            waiting.setdefault(key, []).append(seq)
        return waiting


def _undone_before_they_came(
    terms: Terms, columns: dict[str, list[Any]], waiting: dict[int, list[int]]
) -> list[Undo]:
    """An undoing can be told before the act that it undoes."""
    early: dict[int, tuple[int, str]] = {}
    for channel, source in zip(columns["channel_id"], columns["source_id"], strict=True):
        if source is not None:
            for seq in waiting.get(terms.place("s", channel, source), ()):
                early[seq] = (channel, source)
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


def _remember(terms: Terms, undone: list[Act], missing: list[Undo]) -> None:
    wait = [(terms.place("s", undo.channel, undo.target), undo.seq) for undo in missing]
    with transaction.atomic(), connection.cursor() as cursor:
        insert(cursor, "ledger_search_undone", ("seq",), [(act.seq,) for act in undone], once=True)
        insert(cursor, "ledger_search_waiting", ("key", "seq"), wait, once=True)
