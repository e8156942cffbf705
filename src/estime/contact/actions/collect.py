"""Write notes into the tables of questions, and mark what has to be settled because of them.

Whatever order acts come in, the tables end the same: rows are keyed by their act, a thread keeps its earliest
opening, and whoever may be touched by a new row is settled again from all rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from estime.contact.notes import Notes

_PART = 400

_VOICE = "seq channel account key source reply thread loose published".split()
_SPOKEN = "seq channel thread account ours published".split()
_QUESTION = (
    "act channel account published key source reply thread asks named to_other to_all heard_from heard_until"
    " generation"
).split()
_READ_AGAIN = [name for name in _QUESTION if name != "act"]


def collect(notes: Notes, *, settle_later: bool) -> None:
    """Store notes, in the caller's transaction. `settle_later`: the channel is being made and settled at its end."""
    with connection.cursor() as cursor:
        _insert(cursor, "contact_voice", _VOICE, notes.voices, "ON CONFLICT (seq) DO NOTHING")
        _insert(cursor, "contact_spoken", _SPOKEN, notes.spoken, "ON CONFLICT (seq) DO NOTHING")
        moved = _openings(cursor, notes)
        rows = sorted(notes.withdrawals)
        _insert(cursor, "contact_withdrawal", ["channel", "account", "key"], rows, "ON CONFLICT DO NOTHING")
        again = ", ".join(f"{name} = excluded.{name}" for name in _READ_AGAIN)
        _insert(
            cursor,
            "contact_question",
            _QUESTION,
            [_adapted(row) for row in notes.questions],
            f"ON CONFLICT (act) DO UPDATE SET {again}, stale = {_true()}",
        )
        if not settle_later:
            _touch(cursor, notes, moved)


def _true() -> str:
    return "1" if connection.vendor == "sqlite" else "TRUE"


def _adapted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    start, ends = row[:12], row[12:14]
    return (*start, *(connection.ops.adapt_datetimefield_value(when) for when in ends), *row[14:])


def _insert(
    cursor: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], conflict: str
) -> None:
    if rows:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {conflict}", rows)


def _openings(cursor: Any, notes: Notes) -> list[int]:
    """Keep the earliest opening of each thread; returns the threads whose opening is another one now."""
    moved: list[int] = []
    rows = [(key, *told) for key, told in sorted(notes.threads.items())]
    for part in _parts(rows):
        marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(part))
        cursor.execute(
            f"INSERT INTO contact_thread (key, channel, opened, root, brand) VALUES {marks}"
            " ON CONFLICT (key) DO UPDATE SET opened = excluded.opened,"
            " root = excluded.root, brand = excluded.brand"
            " WHERE (excluded.opened, excluded.root) < (contact_thread.opened, contact_thread.root) RETURNING key",
            [value for row in part for value in row],
        )
        moved += [key for (key,) in cursor.fetchall()]
    return moved


def _touch(cursor: Any, notes: Notes, moved: Sequence[int]) -> None:
    """Mark the questions that these notes may change: replied to by us, replying to us, beside us, or taken back."""
    made = {name for voice in notes.voices for name in voice[3:5] if name is not None}
    answered = {voice[5] for voice in notes.voices if voice[5] is not None}
    back = {key for _, _, key in notes.withdrawals}
    _stale(cursor, "reply", made)
    for column in ("key", "source"):
        _stale(cursor, column, answered | back)
    _stale(cursor, "thread", moved)
    if notes.voices:
        times = [voice[8] for voice in notes.voices]
        beside = " AND (heard_until IS NULL OR (heard_until >= %s AND heard_from <= %s))"
        _stale(cursor, "thread", {voice[6] for voice in notes.voices}, beside, [min(times), max(times)])
    if notes.spoken:
        times = [told[5] for told in notes.spoken]
        rooms = {told[2] for told in notes.spoken}
        _stale(cursor, "thread", rooms, " AND published > %s AND heard_from <= %s", [min(times), max(times)])
    for part in _parts(sorted(back)):  # an answer that was taken back answers nothing
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"UPDATE contact_question SET stale = {_true()} WHERE answer IN"
            f" (SELECT seq FROM contact_voice WHERE key IN ({marks}) OR source IN ({marks}))",
            [*part, *part],
        )


def _stale(
    cursor: Any, column: str, keys: Iterable[int], more: str = "", values: Sequence[object] = ()
) -> None:
    for part in _parts(sorted(keys)):
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"UPDATE contact_question SET stale = {_true()} WHERE {column} IN ({marks}) AND NOT stale{more}",
            [*part, *values],
        )


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, _PART)):
        yield part
