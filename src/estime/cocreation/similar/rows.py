"""The index's rows, in and out: what SQLite and PostgreSQL need told differently, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]
T = TypeVar("T")
_AT_ONCE = 20_000
"""Rows of one statement on PostgreSQL; SQLite takes them one by one."""
MARKS = 900
"""Values that stand in one statement, at most."""

POSTINGS = "cocreation_title_posting"
BODIES = "cocreation_title_body"
ENTRY = "contribution, space, challenge, title, terms, body"


def packed(stems: Iterable[int]) -> bytes:
    """Stems as they stand in an entry."""
    return np.array(list(stems), "<i8").tobytes()


def unpacked(data: Any) -> list[int]:
    """The other way round."""
    return np.frombuffer(bytes(data), "<i8").tolist()  # type: ignore[no-any-return]


def insert_entries(cursor: CursorWrapper, entries: Sequence[Row]) -> set[int]:
    """Put entries in; which of them were not there. Another transaction's is waited for, and then it was there."""
    told = _insert(
        cursor, f"cocreation_title ({ENTRY})", entries, "ON CONFLICT DO NOTHING RETURNING contribution"
    )
    return {contribution for (contribution,) in told}


def insert_words(cursor: CursorWrapper, words: Sequence[Row]) -> dict[bytes, int]:
    """Put words in (word, french, english, titles); their keys."""
    told = _insert(
        cursor, "cocreation_title_word (word, french, english, titles)", words, "RETURNING word, id"
    )
    return {bytes(word): key for word, key in told}


def insert_numbers(cursor: CursorWrapper, table: str, columns: Sequence[str], made: Sequence[Row]) -> None:
    """Put rows of whole numbers in, however many; those that are there stay."""
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", made)
        return
    arrays = ", ".join(["%s::bigint[]"] * len(columns))
    for part in chunks(made, _AT_ONCE):
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",
            [list(column) for column in zip(*part, strict=True)],
        )


def _insert(cursor: CursorWrapper, into: str, made: Sequence[Row], then: str) -> list[Row]:
    told: list[Row] = []
    for part in chunks(made, MARKS // 6):
        marks = ", ".join(["(" + ", ".join(["%s"] * len(part[0])) + ")"] * len(part))
        cursor.execute(f"INSERT INTO {into} VALUES {marks} {then}", [value for row in part for value in row])
        told += cursor.fetchall()
    return told


def heads_of(cursor: CursorWrapper, contributions: Sequence[int]) -> dict[int, int]:
    """Of those that were brought together into something, what leads to them: their head, or 0 if that is not shown."""
    told = select_in(
        cursor,
        "SELECT c.id, CASE WHEN h.hidden OR h.withdrawn IS NOT NULL THEN 0 ELSE h.id END FROM cocreation_contribution c"
        " JOIN cocreation_contribution h ON h.id = c.together_id WHERE c.id IN ({marks})",
        contributions,
    )
    return dict(told)


def leading(heads: dict[int, int], contributions: Iterable[int]) -> list[int]:
    """What a list shows of contributions: heads in place of their parts, each once, in its best place."""
    shown = (heads.get(each, each) for each in contributions)
    return [each for each in dict.fromkeys(shown) if each]


def select_in(cursor: CursorWrapper, statement: str, values: Iterable[Any]) -> list[Row]:
    """A statement with `{marks}` for values, however many there are."""
    found: list[Row] = []
    for part in chunks(values, MARKS):
        cursor.execute(statement.format(marks=", ".join(["%s"] * len(part))), part)
        found += cursor.fetchall()
    return found


def chunks(values: Iterable[T], most: int) -> Iterator[list[T]]:
    """Values, so many at a time."""
    left = iter(values)
    while part := list(islice(left, most)):
        yield part
