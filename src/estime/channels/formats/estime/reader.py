"""Estime's own export folder, back into a ledger: the same acts, ids, account keys and totals."""

from collections.abc import Iterator
from typing import Any

import orjson

from estime.channels.errors import DocumentInvalid, SourceEmpty
from estime.channels.formats.as2 import reader as as2
from estime.channels.formats.estime.writer import PARTS
from estime.channels.identity import DerivedIds
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Draft, Row, Untranslatable, attempt, reject
from estime.channels.source import Source
from estime.ledger import api as ledger
from estime.ledger.drafts import ObservationDraft, Reject


def sniff(peek: Peek) -> int:
    """Certain when a folder holds the parts that an export writes."""
    return 3 if peek.is_folder and all(any(e.endswith(part) for e in peek.entries) for part in PARTS) else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Channels first (they are made as they are read), then acts, then totals."""
    entries = {entry.rsplit("/", 1)[-1]: entry for entry in source.entries()}
    if not entries.keys() >= set(PARTS):
        raise DocumentInvalid(
            f"“{source.name}” is no export of Estime: it lacks {' or '.join(PARTS)}.",
            todo="Give the folder that `estime export` wrote, whole.",
        )
    if not options.dry_run:
        _restore_channels(source.entry(entries[PARTS[0]]))
    if "acts.jsonl" in entries:
        yield from _exported(source.entry(entries["acts.jsonl"]), options)
    if "acts.parquet" in entries:
        yield from _parquet(source.entry(entries["acts.parquet"]))
    yield from _observations(source.entry(entries[PARTS[1]]))


def _exported(source: Source, options: ReadOptions) -> Iterator[Row]:
    try:
        for row in as2.read(source, options):
            if isinstance(row, Reject) or getattr(row[1], "origin", None) is not None:
                yield row
            else:
                yield reject(row[0], "bad-origin", "The line does not say which channel and act it was.", "")
    except SourceEmpty:  # a ledger without acts
        return


def _lines(source: Source) -> Iterator[tuple[int, dict[str, Any]] | Reject]:
    try:
        yield from _objects(source)
    except SourceEmpty:  # a ledger without totals
        return


def _objects(source: Source) -> Iterator[tuple[int, dict[str, Any]] | Reject]:
    for item in source.byte_lines():
        if isinstance(item, Reject):
            yield item
            continue
        number, line = item
        try:
            told = orjson.loads(line)
        except ValueError:
            told = None
        if isinstance(told, dict):
            yield number, told
        else:
            yield reject(number, "bad-json", "The line is not one JSON object.", line)


def _restore_channels(source: Source) -> None:
    for item in _lines(source):
        if not isinstance(item, Reject):
            told = {name: value for name, value in item[1].items() if isinstance(value, str)}
            ledger.channel_ensure(
                told.get("name", ""),
                format=told.get("format", ""),
                title=told.get("title", ""),
                attribution=told.get("attribution", ""),
            )


def _parquet(source: Source) -> Iterator[Row]:
    ids, times, number = DerivedIds(), moment_reader(None, None), 0
    for batch in _file(source).iter_batches(batch_size=8192):
        for row in batch.to_pylist():
            number += 1
            doc = _activity(row)
            try:
                yield number, as2.translate(doc, ids, times)
            except Untranslatable as error:
                yield reject(number, error.code, error.reason, orjson.dumps(doc))


def _file(source: Source) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if source.member is not None:
        raise DocumentInvalid(f"“{source.name}” is packed.", todo="Unpack the zip, and give its folder.")
    try:
        return pq.ParquetFile(source.path)
    except (pa.ArrowException, OSError) as error:
        raise DocumentInvalid(
            f"“{source.name}” cannot be read as Parquet.", todo="Get the whole export, or export again."
        ) from error


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
        yield from attempt(*item, _observation)


def _observation(told: dict[str, Any]) -> list[Draft]:
    times = moment_reader(None, None)
    published, recorded = told.get("published"), told.get("recorded")
    texts = [told.get(name) for name in ("object_id", "metric", "channel")]
    value, kind = told.get("value"), told.get("object_type")
    if not all(isinstance(text, str) for text in texts) or not isinstance(kind, str | None):
        raise Untranslatable("bad-field", "The line does not name object, metric and channel.")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Untranslatable("bad-number", "“value” is not a number.")
    seen = None if published is None else times(published)
    object_id, metric, channel = map(str, texts)
    known = None if recorded is None else times(recorded)
    observed = times(told.get("observed"))
    return [ObservationDraft(object_id, metric, float(value), observed, seen, kind, channel, known)]
