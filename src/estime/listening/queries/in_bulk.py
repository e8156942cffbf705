"""Readings as numbers for the lake: through Arrow, in constant memory, and only what is new to whoever asks.

A *mark* says how much somebody has: how often all texts were read, and up to which step. Marks only grow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from estime.ledger import api as ledger
from estime.listening.queries.marks import STEPS

_READ: Final = """
SELECT r.seq, r.channel, r.account, r.day, r.toward, r.positive - r.negative AS valence,
 CASE WHEN r.unclear AND r.toward IS NULL THEN 1 ELSE 0 END AS unclear
FROM listening_reading r WHERE r.step > {since} AND r.step <= {upto} ORDER BY r.seq
"""
_AS_READ: Final = pa.schema(
    [(name, pa.int64()) for name in ("seq", "channel", "account", "day", "toward", "valence", "unclear")]
)
_FIELDS: "tuple[pa.Field[Any], ...]" = (
    pa.field("seq", pa.int64()),
    pa.field("channel", pa.string()),
    pa.field("account", pa.int64()),
    pa.field("day", pa.int32()),
    pa.field("toward", pa.int16()),
    pa.field("valence", pa.int16()),
    pa.field("unclear", pa.bool_()),
)
COLUMNS: Final = pa.schema(_FIELDS)


def whole_since(since: int | None, mark: int) -> bool:
    """Whether all readings are to be taken anew by somebody who has them up to the mark `since`."""
    return since is None or since // STEPS != mark // STEPS or since > mark


@contextmanager
def readings_since(since: int | None, mark: int) -> Iterator[pa.RecordBatchReader]:
    """What was read between two marks; everything up to the second one if `whole_since`."""
    first = 0 if since is None or whole_since(since, mark) else since % STEPS
    query = _READ.format(since=first, upto=mark % STEPS)
    places = {pk: name for name, (pk, _) in ledger.channel_formats().items()}
    with ledger.arrow_reader(query, _AS_READ) as reader:
        yield pa.RecordBatchReader.from_batches(COLUMNS, _told(reader, places))


def _told(reader: pa.RecordBatchReader, places: dict[int, str]) -> Iterator[pa.RecordBatch]:
    numbers, names = pa.array(list(places), pa.int64()), pa.array(list(places.values()), pa.string())
    for batch in reader:
        columns = {name: batch.column(name) for name in COLUMNS.names}
        at = pc.index_in(pc.cast(columns["channel"], pa.int64()), value_set=numbers)
        columns["channel"] = pc.take(names, at)
        yield pa.RecordBatch.from_arrays(
            [pc.cast(columns[field.name], field.type) for field in COLUMNS], schema=COLUMNS
        )
