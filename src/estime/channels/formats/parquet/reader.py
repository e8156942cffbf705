"""Parquet files: by a mapping, or by the obvious names of the columns. Read batch by batch."""

from collections.abc import Iterator
from typing import Any

from estime.channels.errors import DocumentInvalid
from estime.channels.formats.jsonl.reader import translator_for
from estime.channels.headers import acts_mapping
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, attempt
from estime.channels.source import Source

_BATCH = 8_192


def sniff(peek: Peek) -> int:
    """Certain when the file begins with Parquet's mark."""
    return 3 if peek.head.startswith("PAR1") else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every row as the mapping says, or as the names of the columns suggest."""
    import pyarrow as pa  # on demand: it is large, and only this format needs it
    import pyarrow.parquet as pq

    source = source.single()
    try:
        file = pq.ParquetFile(source.path)
        source.found["columns"] = list(file.schema_arrow.names)
        translator = translator_for(options, file.schema_arrow.names, acts_mapping)
        number, size, total = 0, source.path.stat().st_size, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in _rows(batch):
                number += 1
                yield from attempt(number, row, translator.translate)
            source.meter.done = size * number // total
    except (pa.ArrowException, OSError) as error:
        detail = str(error).partition("\n")[0][:200]
        raise DocumentInvalid(
            f"“{source.name}” cannot be read as Parquet: {detail}",
            todo="Get the whole file: Parquet keeps its table of contents at the end, so a cut file is lost.",
        ) from error


def _rows(batch: Any) -> list[dict[str, Any]]:
    """Rows as dicts. Nanoseconds, which Python's times do not have, are cut to microseconds."""
    import pyarrow as pa

    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            micro = batch.column(place).cast(pa.timestamp("us", column.type.tz), safe=False)
            batch = batch.set_column(place, column.name, micro)
    rows: list[dict[str, Any]] = batch.to_pylist()
    return rows
