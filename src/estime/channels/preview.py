"""A first look into an uploaded file: what it seems to be, its first rows, how they are understood, what would come in.

Everything in a preview is plain text from a hostile file, cut to bounded lengths: pages show it escaped.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from estime.channels import registry
from estime.channels.actions import import_path
from estime.channels.errors import MappingNeeded, TruncatedSource
from estime.channels.formats.csv.records import records
from estime.channels.formats.jsonl.reader import objects
from estime.channels.headers import acts_mapping, audience_mapping, insights_mapping
from estime.channels.mapping import Mapping
from estime.channels.options import ReadOptions
from estime.channels.source import Source
from estime.kernel.errors import EstimeError
from estime.ledger.drafts import Reject

ROWS_SHOWN = 5
ROWS_TRIED = 20_000
"""How many rows a dry run reads: enough to see what a file is like, and over in seconds."""
CELL = 120
COLUMNS = 60
NO_CHANNEL = "preview"
"""Where a dry run without a channel imagines its rows: a name that is never made."""
TABLES = ("csv", "insights", "audience")
MAPPED = ("csv", "jsonl", "parquet")
"""Formats whose columns somebody may have to explain."""

Preview = dict[str, Any]


def preview_of(path: Path, options: ReadOptions, form: str = "") -> Preview:
    """What a file is, as it was told to be read. What goes wrong is told in the preview: nothing is raised."""
    told: Preview = {"format": form, "guessed": not form, "columns": [], "rows": [], "mapping": {}}
    try:
        found = registry.named(form) if form else registry.guess(path, options)
        told["format"] = found.name
        told |= _table(path, found.name, options)
        result = import_path(
            path,
            channel=options.channel or (None if found.names_channels else NO_CHANNEL),
            format=found.name,
            mapping=options.mapping,
            dry_run=True,
            options=replace(options, rows=ROWS_TRIED),
        )
    except MappingNeeded as error:
        told["needs_mapping"] = True
        return told | _error(error)
    except TruncatedSource as error:
        result_or_none = error.data.get("result")
        told |= _error(error)
        return told if result_or_none is None else told | {"result": _result(result_or_none)}
    except EstimeError as error:
        if error.code == "format-unclear" and not form:
            told |= _columns_anyway(path, options)
        return told | _error(error)
    return told | {"result": _result(result)}


def _error(error: EstimeError) -> Preview:
    return {"error": {"code": error.code, "message": error.message, "todo": error.todo.split("\n")[0]}}


def _result(result: Any) -> Preview:
    numbers = {name: getattr(result, name) for name in ("rows", "new", "known", "erased", "rejected")}
    return {
        **numbers,
        "types": dict(result.types),
        "whole": result.rows < ROWS_TRIED,
        "first_rejects": [
            {"line": r.line, "code": r.code, "reason": r.reason[:300], "raw": r.raw[:CELL]}
            for r in result.first_rejects
        ],
    }


def _columns_anyway(path: Path, options: ReadOptions) -> Preview:
    """The columns of a file that looks like none we know: perhaps somebody can say what they mean."""
    try:
        told = _table(path, "csv", options)
    except EstimeError:
        return {}
    return told | {"format": "csv", "needs_mapping": True} if len(told.get("columns", [])) > 1 else {}


def _table(path: Path, form: str, options: ReadOptions) -> Preview:
    """Columns, first rows, and which column is taken for what."""
    encoding = options.encoding or (options.mapping.encoding if options.mapping else None)
    source = Source(path, encoding)
    source.meter.limit = options.unpacked
    if form in TABLES:
        delimiter = options.delimiter or (options.mapping.delimiter if options.mapping else None)
        header, *rows = [*islice(_cells(records(source.single(), delimiter)), ROWS_SHOWN + 1)] or [[]]
        columns = [name.strip() for name in header]
    elif form == "jsonl":
        found = [item[1] for item in islice(_objects(source), ROWS_SHOWN)]
        columns = list(dict.fromkeys(key for row in found for key in _paths(row)))
        rows = [[_at(row, name) for name in columns] for row in found]
    elif form == "parquet":
        columns, rows = _parquet(source.single().path)
    else:
        return {}
    return {
        "columns": [name[:CELL] for name in columns[:COLUMNS]],
        "rows": [[cell[:CELL] for cell in row[:COLUMNS]] for row in rows],
        "mapping": _understood(form, columns, options.mapping),
    }


def _cells(found: Iterator[tuple[int, list[str]] | Reject]) -> Iterator[list[str]]:
    return (item[1] for item in found if not isinstance(item, Reject))


def _objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    return (item for item in objects(source) if not isinstance(item, Reject))


def _paths(row: dict[str, Any]) -> Iterator[str]:
    """Names that a mapping can use: keys, and one level of what is inside objects."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from (f"{key}.{inner}" for inner in value if not isinstance(value[inner], dict | list))
        else:
            yield key


def _at(row: dict[str, Any], path: str) -> str:
    first, _, rest = path.partition(".")
    value: Any = row[path] if path in row else row.get(first)
    if rest and isinstance(value, dict) and path not in row:
        value = value.get(rest)
    return value if isinstance(value, str) else "" if value is None else orjson.dumps(value).decode()


def _parquet(path: Path) -> tuple[list[str], list[list[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(batch_size=ROWS_SHOWN), None)
            names = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError):
        return [], []
    found = [] if batch is None else batch.to_pylist()
    return names, [["" if row[name] is None else str(row[name]) for name in names] for row in found]


def _understood(form: str, columns: list[str], given: Mapping | None) -> dict[str, str]:
    """Which column is taken for which field: by the mapping that was given, else by the names."""
    suggest = {"insights": insights_mapping, "audience": audience_mapping}.get(form, acts_mapping)
    try:
        mapping = given or suggest(columns)
    except MappingNeeded:
        return {}
    specs = {**mapping.fields, **mapping.observations, **mapping.channel_observations, **mapping.observation}
    return {
        name: spec.column or spec.join.join(spec.columns) or spec.template or f"= {spec.constant}"
        for name, spec in specs.items()
        if (spec.column or spec.columns or spec.template or spec.constant)
    }
