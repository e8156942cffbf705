"""The index's rows, in and out: the only SQL that knows how they are numbered."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import orjson
from django.db import connection
from django.db.backends.utils import CursorWrapper

from estime.ledger.models import Channel
from estime.ledger.search import terms
from estime.ledger.search.models import CURRENT, GONE
from estime.ledger.search.postings import EVERY_BUCKET, I64

PART = 128
_BLOCK_BITS = 40
_CHUNK = 900

AT = {
    "sqlite": "CAST(strftime('%s', {0}) AS INTEGER) * 1000000"
    " + CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER)",
    "postgresql": "(extract(epoch from {0}) * 1000000)::bigint",
}
"""Microseconds since 1970 of a column of times."""


class BlockGone(Exception):
    """A block was written anew since it was read that it is there."""


class Block(NamedTuple):
    """What is known of a block before its rows are read. `first` and `last`: (microseconds, seq)."""

    id: int
    first: tuple[int, int]
    last: tuple[int, int]
    acts: int
    months: tuple[tuple[int, int], ...]
    marks: tuple[I64, I64]
    due: int

    @property
    def all(self) -> int:
        """The bitmap of all its slots."""
        return (1 << self.acts) - 1


def at_sql(column: str) -> str:
    """Not for use with parameters: a driver would read the percent sign as one."""
    return AT[connection.vendor].format(column)


def posting_id(bucket: int, block: int) -> int:
    return bucket << _BLOCK_BITS | block


def kind_buckets() -> list[int]:
    """The rows that are not spread over buckets: types, flags and channels."""
    channels = [terms.CHANNELS + pk for pk in Channel.objects.values_list("pk", flat=True)]
    return [*terms.TYPES.values(), *terms.FLAGS, *channels]


def blocks() -> list[Block]:
    """Every block, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, first_at, first_seq, last_at, last_seq, acts, months, marks, due FROM ledger_search_block"
            " ORDER BY first_at, first_seq"
        )
        return [
            Block(
                pk,
                (fa, fs),
                (la, ls),
                acts,
                tuple((m, s) for m, s in orjson.loads(months)),
                _halves(marks),
                due,
            )
            for pk, fa, fs, la, ls, acts, months, marks, due in cursor.fetchall()
        ]


def _halves(marks: bytes) -> tuple[I64, I64]:
    told = np.frombuffer(marks, "<i8")
    return told[: len(told) // 2], told[len(told) // 2 :]


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def select_in(query: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a query that ends in `IN {marks}`, for any number of values."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for part in chunks(list(values)):
            if postgresql:  # one array is parsed in a tenth of the time of nine hundred parameters
                cursor.execute(query.replace(" IN {marks}", " = ANY(%s)"), [list(part)])
            else:
                cursor.execute(query.format(marks=f"({', '.join(['%s'] * len(part))})"), list(part))
            yield from cursor.fetchall()


def postings(buckets: Iterable[int], block_ids: Iterable[int]) -> dict[tuple[int, int], bytes]:
    """The rows of some buckets in some blocks, by (bucket, block)."""
    return postings_of((bucket, block) for bucket in buckets for block in block_ids)


def postings_of(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Rows by (bucket, block)."""
    ids = sorted(posting_id(bucket, block) for bucket, block in keys)
    mask = (1 << _BLOCK_BITS) - 1
    rows = select_in("SELECT id, data FROM ledger_search_posting WHERE id IN {marks}", ids)
    return {(pk >> _BLOCK_BITS, pk & mask): bytes(data) for pk, data in rows}


_PARTS: dict[tuple[str, int], tuple[I64, I64]] = {}
_PARTS_KEPT = 4_096
"""Eight megabytes: half a million acts."""


def parts(wanted: Collection[int]) -> dict[int, tuple[I64, I64]]:
    """(ats, seqs) of some parts, by their ids (`part_id`). Raises `BlockGone`.

    Kept in the process: what a part holds never changes, and no other one is ever given its id (`_unused`).
    """
    name = str(connection.settings_dict["NAME"])
    told = {pk: part for pk in wanted if (part := _PARTS.get((name, pk))) is not None}
    ids = set(wanted) - told.keys()
    if not ids:
        return told
    read = select_in("SELECT id, ats, seqs FROM ledger_search_part WHERE id IN {marks}", sorted(ids))
    fresh = {pk: (np.frombuffer(ats, "<i8"), np.frombuffer(seqs, "<i8")) for pk, ats, seqs in read}
    if len(fresh) != len(ids):
        raise BlockGone
    if len(_PARTS) + len(fresh) > _PARTS_KEPT:
        _PARTS.clear()
    _PARTS.update({(name, pk): part for pk, part in fresh.items()})
    return told | fresh


def part_id(block: int, slot: int) -> int:
    return block << 8 | slot // PART


def acts_of(block: Block) -> tuple[I64, I64]:
    """(ats, seqs) of a whole block, in the order of slots."""
    told = parts([part_id(block.id, slot) for slot in range(0, block.acts, PART)])
    ordered = [told[pk] for pk in sorted(told)]
    return np.concatenate([ats for ats, _ in ordered]), np.concatenate([seqs for _, seqs in ordered])


def slot_of(block: Block, key: tuple[int, int]) -> int:
    """How many acts of a block come before (microseconds, seq): the slot of that act if it is there."""
    if key <= block.first:
        return 0
    if key > block.last:
        return block.acts
    part = before(*block.marks, key, also_equal=True) - 1
    pk = part_id(block.id, part * PART)
    return part * PART + before(*parts([pk])[pk], key)


def before(ats: I64, seqs: I64, key: tuple[int, int], *, also_equal: bool = False) -> int:
    """How many of these acts, in the order of time, come before (at, seq)."""
    begin, end = np.searchsorted(ats, key[0], "left"), np.searchsorted(ats, key[0], "right")
    side: Literal["left", "right"] = "right" if also_equal else "left"
    return int(begin) + int(np.searchsorted(seqs[begin:end], key[1], side))


def before_each(ats: I64, seqs: I64, keys: I64, *, also_equal: bool = False) -> I64:
    """`before` of each (at, seq) in the rows of `keys`: (n, 2) to (n,)."""
    begin, end = (np.searchsorted(ats, keys[:, 0], side) for side in ("left", "right"))
    told = begin.copy()
    alone = np.flatnonzero(end - begin == 1)
    one, key = seqs[begin[alone]], keys[alone, 1]
    told[alone] += (one <= key) if also_equal else (one < key)
    for row in np.flatnonzero(end - begin > 1):  # acts of the same moment
        told[row] += np.searchsorted(
            seqs[begin[row] : end[row]], keys[row, 1], "right" if also_equal else "left"
        )
    return told


def insert(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    once: bool = False,
) -> None:
    """Bulk insert; `once`: rows that are there already are passed over."""
    raw: Any = cursor.cursor
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        kind, marks = "INSERT OR IGNORE" if once else "INSERT", ", ".join("?" * len(columns))
        raw.connection.executemany(f"{kind} INTO {table} ({names}) VALUES ({marks})", rows)
        return
    target = f"{table}_fresh" if once else table
    if once:
        cursor.execute(f"CREATE TEMP TABLE {target} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")
    with raw.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if once:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {target} ON CONFLICT DO NOTHING")
        cursor.execute(f"DROP TABLE {target}")


def _unused(cursor: CursorWrapper) -> int:
    """The number of a new block: one that never stood before, so that nothing kept of another is taken for it."""
    while True:
        block = secrets.randbits(_BLOCK_BITS - 1) + 1
        cursor.execute("SELECT 1 FROM ledger_search_block WHERE id = %s", [block])
        if cursor.fetchone() is None:
            return block


def insert_block(
    cursor: CursorWrapper,
    ats: I64,
    seqs: I64,
    months: list[tuple[int, int]],
    data: Iterable[tuple[int, bytes]],
) -> int:
    """Write one block and what is found in it; returns its id."""
    block = _unused(cursor)
    ends = map(int, (ats[0], seqs[0], ats[-1], seqs[-1]))
    marks = ats[::PART].tobytes() + seqs[::PART].tobytes()
    cursor.execute(
        "INSERT INTO ledger_search_block"
        " (id, first_at, first_seq, last_at, last_seq, acts, months, marks, due)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [block, *ends, len(seqs), orjson.dumps(months).decode(), marks, CURRENT],
    )
    starts = range(0, len(seqs), PART)
    pieces = (
        (
            block << 8 | start // PART,
            seqs[start : start + PART].tobytes(),
            ats[start : start + PART].tobytes(),
        )
        for start in starts
    )
    insert(cursor, "ledger_search_part", ("id", "seqs", "ats"), pieces)
    told = ((posting_id(bucket, block), packed) for bucket, packed in data)
    insert(cursor, "ledger_search_posting", ("id", "data"), told)
    return block


def drop_postings(cursor: CursorWrapper, block_ids: Sequence[int]) -> None:
    """Take away all that blocks are found by."""
    every = [*EVERY_BUCKET, *kind_buckets()]
    ids = sorted(posting_id(bucket, block) for block in block_ids for bucket in every)
    for part in chunks(ids):
        marks = ", ".join(map(str, part))
        cursor.execute(f"DELETE FROM ledger_search_posting WHERE id IN ({marks})")


def drop_blocks(cursor: CursorWrapper, gone: Sequence[Block]) -> None:
    drop_postings(cursor, [block.id for block in gone])
    for block in gone:
        cursor.execute(
            "DELETE FROM ledger_search_part WHERE id BETWEEN %s AND %s", [block.id << 8, block.id << 8 | 255]
        )
        cursor.execute("DELETE FROM ledger_search_block WHERE id = %s", [block.id])


def mark(cursor: CursorWrapper, block_ids: Iterable[int], due: int) -> None:
    """Have blocks made again; what is GONE stays so."""
    for block in block_ids:
        cursor.execute(
            "UPDATE ledger_search_block SET due = %s WHERE id = %s AND due <> %s", [due, block, GONE]
        )


def drop_everything(cursor: CursorWrapper) -> None:
    """Empty the index; the state stays."""
    for table in ("block", "posting", "part", "made", "waiting", "undone"):
        cursor.execute(
            f"{'DELETE FROM' if connection.vendor == 'sqlite' else 'TRUNCATE'} ledger_search_{table}"
        )
