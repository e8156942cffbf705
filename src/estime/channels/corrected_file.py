"""Refused rows as a file to mend elsewhere, and that file coming back.

The file has the columns of the rows themselves, and before them where each waits, its code and its reason. A cell
that a spreadsheet would run as a formula gets an apostrophe in front, which goes again when the file comes back.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from estime.channels.corrections import Corrected
from estime.channels.errors import CorrectionInvalid
from estime.channels.formats.csv.records import records
from estime.channels.formats.jsonl.reader import objects
from estime.channels.mending import ACT_FIELDS, TOTAL_FIELDS, Broken, broken_of, columns_of, mend
from estime.channels.models import Import
from estime.channels.options import ReadOptions
from estime.channels.refused import open_rows, rejects_path, settled_places
from estime.channels.rejects import refused_at
from estime.channels.source import Source
from estime.jobs.api import Progress
from estime.ledger.drafts import Reject

ROW, CODE, REASON, LINE = "estime_row", "estime_code", "estime_reason", "estime_line"
ACT, TOTAL = "act.", "total."
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_KEYS = 200
STEP = 1_000
FAR: Final = 1 << 62
"""No file is so long."""
Kind = Literal["csv", "jsonl"]


def rejects_written(record: Import, kind: Kind) -> Iterator[bytes]:
    """Every row that waits, as lines of a CSV or of JSON Lines."""
    if kind == "jsonl":
        for row in open_rows(record):
            raw = broken_of(record, row.place, row.reject)
            told = {ROW: row.place, CODE: row.reject.code, REASON: row.reject.reason, "row": raw.values}
            yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
        return
    names = _columns(record)
    yield "\ufeff".encode() + _csv_line([ROW, CODE, REASON, *names])
    for row in open_rows(record):
        cells = _flat(record, broken_of(record, row.place, row.reject))
        yield _csv_line(
            [
                str(row.place),
                row.reject.code,
                _safe(row.reject.reason),
                *(_safe(cells.get(n, "")) for n in names),
            ]
        )


def _columns(record: Import) -> list[str]:
    """The columns that the rows which wait need, in the order in which they come up."""
    found: dict[str, None] = {}
    for row in open_rows(record):
        broken = broken_of(record, row.place, row.reject)
        if broken.shape == "draft":
            found |= dict.fromkeys(ACT + name for name in ACT_FIELDS)
        elif len(found) < _KEYS:
            found |= dict.fromkeys(_flat(record, broken))
    return list(found)


def _flat(record: Import, broken: Broken) -> dict[str, str]:
    if broken.shape == "cells":
        return dict(zip(columns_of(record), map(str, broken.values), strict=True))
    if broken.shape == "line":
        return {LINE: str(broken.values)}
    prefix = {"draft": ACT, "total": TOTAL}.get(broken.shape, "")
    found = broken.values if isinstance(broken.values, dict) else {}
    return {prefix + name: _as_cell(value) for name, value in found.items()}


def _as_cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _csv_line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8", "replace")


def correct_from_file(
    import_id: UUID, path: Path, options: ReadOptions, by: int | None, progress: Progress
) -> Corrected:
    """Bring in the rows of a file that was mended. Rows that are missing from it go on waiting."""
    record = Import.objects.get(pk=import_id)
    source = Source(path, options.encoding)
    source.meter.limit = options.unpacked
    rows = _told(record, source)
    settled = again = 0
    while part := list(islice(rows, STEP)):
        done = mend(import_id, part, by)
        settled, again = settled + done.inside, again + len(done.refused)
        progress(min(source.meter.done, source.size()), source.size())
    return Corrected(settled, again)


def _told(record: Import, source: Source) -> Iterator[Broken]:
    found = (
        _objects(source)
        if source.path.name.removesuffix(".gz").endswith((".jsonl", ".json"))
        else _table(source)
    )
    for told in found:
        row = _row(record, told)
        if row is not None:
            yield row


def _objects(source: Source) -> Iterator[dict[str, Any]]:
    return (item[1] for item in objects(source) if not isinstance(item, Reject))


def _table(source: Source) -> Iterator[dict[str, Any]]:
    rows = records(source.single(), None)
    header = next(rows, None)
    if header is None or isinstance(header, Reject) or ROW not in [name.strip() for name in header[1]]:
        raise CorrectionInvalid(
            f"The file has no column “{ROW}”, which says where each row belongs.",
            todo="Mend the file that this page gives, and leave its first column as it is.",
        )
    names = [name.strip() for name in header[1]]
    for item in rows:
        if not isinstance(item, Reject):
            yield dict(zip(names, map(_unsafe, item[1]), strict=True))


def _row(record: Import, told: dict[str, Any]) -> Broken | None:
    """The corrected row, in the shape of the one that waits; None if none waits there."""
    try:
        place = int(str(told.get(ROW, "")))
    except ValueError:
        return None
    if not 0 <= place < FAR:
        return None
    waiting = refused_at(rejects_path(record), place)
    if waiting is None or settled_places(record, [place]):
        return None
    broken = broken_of(record, place, waiting)
    if "row" in told:
        return _given(broken, told["row"])
    if broken.shape == "cells":
        return _given(broken, [told.get(name, "") for name in columns_of(record)])
    if broken.shape == "line":
        return _given(broken, told.get(LINE, ""))
    if broken.shape == "object":
        return _given(broken, _unflattened(broken.values, told))
    prefix, names = (ACT, ACT_FIELDS) if broken.shape == "draft" else (TOTAL, TOTAL_FIELDS)
    extra = broken.values.get("extra") if isinstance(broken.values, dict) else None
    fields = {name: told.get(prefix + name, "") for name in names}
    return _given(broken, fields | ({"extra": extra} if extra else {}))


def _unflattened(before: object, told: dict[str, Any]) -> dict[str, Any]:
    """Cells of text as they stood in the object: what was text stays text, all else is read as JSON again."""
    old = before if isinstance(before, dict) else {}
    fresh: dict[str, Any] = {}
    for name, cell in told.items():
        if (
            name in (ROW, CODE, REASON, LINE)
            or name.startswith((ACT, TOTAL))
            or (cell == "" and name not in old)
        ):
            continue
        try:
            fresh[name] = cell if isinstance(old.get(name, ""), str) else orjson.loads(cell)
        except ValueError:
            fresh[name] = cell
    return fresh


def _given(broken: Broken, values: Any) -> Broken | None:
    expected = {"cells": list, "line": str}.get(broken.shape, dict)
    return Broken(broken.place, broken.code, broken.shape, values) if isinstance(values, expected) else None
