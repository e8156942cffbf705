"""Estime's own export folder, back into a ledger: the same acts, ids, account keys and totals."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from estime.channels.formats.as2 import reader as as2
from estime.channels.formats.estime.writer import PARTS
from estime.channels.identity import DerivedIds
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, Untranslatable, reject
from estime.channels.source import Source
from estime.ledger import api as ledger
from estime.ledger.drafts import ObservationDraft, Reject


def sniff(peek: Peek) -> int:
    """Certain when a folder holds the parts that an export writes."""
    return 3 if peek.is_folder and all(any(e.endswith(part) for e in peek.entries) for part in PARTS) else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Channels first (they are made as they are read), then acts, then totals."""
    entries = {entry.rsplit("/", 1)[-1]: entry for entry in source.entries()}
    if not options.dry_run:
        _restore_channels(source.entry(entries[PARTS[0]]))
    if "acts.jsonl" in entries:
        yield from as2.read(source.entry(entries["acts.jsonl"]), options)
    if "acts.parquet" in entries:
        yield from _parquet(source.entry(entries["acts.parquet"]))
    yield from _observations(source.entry(entries[PARTS[1]]))


def _lines(source: Source) -> Iterator[tuple[int, dict[str, Any]] | Reject]:
    for item in source.byte_lines():
        if isinstance(item, Reject):
            yield item
            continue
        number, line = item
        try:
            yield number, orjson.loads(line)
        except ValueError:
            yield reject(number, "bad-json", "The line is not one JSON object.", line)


def _restore_channels(source: Source) -> None:
    for item in _lines(source):
        if not isinstance(item, Reject):
            told = item[1]
            ledger.channel_ensure(
                told["name"], format=told["format"], title=told["title"], attribution=told["attribution"]
            )


def _parquet(source: Source) -> Iterator[Row]:
    import pyarrow.parquet as pq

    ids, times, number = DerivedIds(), moment_reader(None, None), 0
    for batch in pq.ParquetFile(source.path).iter_batches(batch_size=8192):
        for row in batch.to_pylist():
            number += 1
            doc = _activity(row)
            try:
                yield number, as2.translate(doc, ids, times)
            except Untranslatable as error:
                yield reject(number, error.code, error.reason, orjson.dumps(doc))


def _activity(row: dict[str, Any]) -> dict[str, Any]:
    doc = {name: value for name, value in row.items() if value is not None}
    kind = doc.pop("object_type", None)
    if kind is not None:
        doc["object"] = {"id": doc.get("object"), "type": kind}
    if "estime:extra" in doc:
        doc["estime:extra"] = orjson.loads(doc["estime:extra"])
    return doc


def _observations(source: Source) -> Iterator[Row]:
    for item in _lines(source):
        if isinstance(item, Reject):
            yield item
            continue
        number, told = item
        published = told["published"]
        yield (
            number,
            ObservationDraft(
                told["object_id"],
                told["metric"],
                told["value"],
                datetime.fromisoformat(told["observed"]),
                None if published is None else datetime.fromisoformat(published),
                told["object_type"],
                told["channel"],
            ),
        )
