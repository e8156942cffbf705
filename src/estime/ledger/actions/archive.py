"""Copy new acts into the lake, as numbers: no text, no handle, no identifier of a source.

Each archive reads every act that was committed since the last one, however late its commit landed (`reading.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
from django.db import connection

from estime.kernel.home import secret
from estime.kernel.ids import lake_key_sql
from estime.kernel.lake import Lake
from estime.ledger.models import Account, Channel
from estime.ledger.reading import acts_between, reading_horizon
from estime.ledger.sources import arrow_reader

ACTS = "acts"
STATS = ["batch", "seq", "day"]
MANY_FILES = 40
RUN = 1_000_000
"""How many rows are put in the order of their types at once; a few hundred megabytes."""

_READ = """
SELECT t.seq, t.channel_id, t.actor_id AS account, t.type, t.object_type, t.source_id, t.object_id, t.in_reply_to,
 t.context, {published} AS published, t.value, CASE WHEN t.incentive IS NULL THEN 1 ELSE 0 END AS spontaneous,
 CASE WHEN t.on_behalf_of IS NULL THEN 0 ELSE 1 END AS spoken_for
FROM ledger_act t WHERE {span} {without} ORDER BY t.seq
"""
_READ_SCHEMA = pa.schema(
    [(name, pa.int64()) for name in ("seq", "channel_id", "account")]
    + [
        (name, pa.string())
        for name in "type object_type source_id object_id in_reply_to context published".split()
    ]
    + [("value", pa.float64()), ("spontaneous", pa.int64()), ("spoken_for", pa.int64())]
)

_NUMBERS = """
SELECT {batch}::BIGINT AS batch, seq::BIGINT AS seq, c.name AS channel, account::BIGINT AS account, type,
 object_type, {source_key} AS source_key, {object_key} AS object_key, {reply_key} AS reply_key,
 {thread_key} AS thread_key,
 published::TIMESTAMPTZ AS published, date_diff('day', DATE '1970-01-01', published::TIMESTAMP::DATE)::INTEGER AS day,
 value::DOUBLE AS value,
 spontaneous = 1 AS spontaneous, spoken_for = 1 AS spoken_for
FROM fresh JOIN channels c ON c.id = fresh.channel_id
"""


class Archived(NamedTuple):
    """What an archive did: how many acts went into the lake, and the cursor after it."""

    acts: int
    batch: int


def archive(lake: Lake, *, progress: Callable[[int], None] | None = None) -> Archived:
    """Append the acts that are new since the last archive to the lake, in one commit."""
    before = lake.cursor(ACTS) or 0
    batch = reading_horizon()
    if batch <= before:
        return Archived(0, before)
    with closing(duckdb.connect(config={"threads": 2})) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("channels", _channels())
        with arrow_reader(_query(before, batch), _READ_SCHEMA) as reader:
            counted = _Counted(reader, progress)
            engine.register("fresh", counted.reader())
            rows = engine.sql(_NUMBERS.format(batch=batch, **_keys())).to_arrow_reader(100_000)
            lake.append(ACTS, by_type(rows), batch, stats=STATS)
    if len(lake.files(ACTS)) > MANY_FILES:
        lake.compact(ACTS)
        lake.vacuum(ACTS)
    return Archived(counted.rows, batch)


def archived(url: str) -> int | None:
    """How far the lake at this address has read the ledger; None when it holds nothing."""
    return Lake(url).cursor(ACTS)


def by_type(rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The same rows, a million at a time in the order of their types: who reads some types skips most of a file."""
    return pa.RecordBatchReader.from_batches(rows.schema, _runs(rows))


def _runs(rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    for batch in rows:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= RUN:
            yield from pa.Table.from_batches(waiting).sort_by("type").to_batches()
            waiting = []
    if waiting:
        yield from pa.Table.from_batches(waiting).sort_by("type").to_batches()


class _Counted:
    """Lets record batches through and counts their rows on the way."""

    def __init__(self, reader: pa.RecordBatchReader, progress: Callable[[int], None] | None) -> None:
        self._reader, self._progress, self.rows = reader, progress, 0

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self._reader.schema, self._batches())

    def _batches(self) -> Any:
        for batch in self._reader:
            self.rows += batch.num_rows
            if self._progress is not None:
                self._progress(self.rows)
            yield batch


def _query(before: int, batch: int) -> str:
    published = "t.published || ''" if connection.vendor == "sqlite" else "t.published"
    erased = ", ".join(str(key) for key in erased_keys())
    without = f"AND t.actor_id NOT IN ({erased})" if erased else ""
    return _READ.format(span=acts_between(before, batch), published=published, without=without)


def erased_keys() -> list[int]:
    """Accounts that were erased: their acts stay out of the lake for good."""
    channels = Channel.objects.values_list("pk", flat=True)
    erased = Account.objects.filter(channel_id__in=list(channels), handle__isnull=True)
    return list(erased.values_list("key", flat=True))


def _channels() -> pa.Table:
    rows = list(Channel.objects.values_list("pk", "name"))
    key = secret().hex()
    return pa.table(
        {
            "id": pa.array([pk for pk, _ in rows], pa.int64()),
            "name": [name for _, name in rows],
            "prefix": [f"{key}{name}\0" for _, name in rows],
        }
    )


def _keys() -> dict[str, str]:
    columns = {
        "source_key": "source_id",
        "object_key": "object_id",
        "reply_key": "in_reply_to",
        "thread_key": "context",
    }
    return {name: lake_key_sql("c.prefix", column) for name, column in columns.items()}
