"""The whole ledger as a folder of open files: what `formats.estime.reader` reads back to the same ledger.

`acts.jsonl` (Activity Streams 2.0) or `acts.parquet`, `observations.jsonl`, `channels.jsonl`. The order of acts is the
ledger's. It holds personal data: handles and texts.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from estime.channels.errors import ExportFolderTaken
from estime.channels.formats.as2.writer import line
from estime.ledger import api as ledger

PARTS = ("channels.jsonl", "observations.jsonl")
Progress = Callable[[int, int, int], None]


class Exported(NamedTuple):
    """What an export holds."""

    acts: int
    observations: int
    channels: int


def export_ledger(folder: Path, form: str = "as2", *, progress: Progress | None = None) -> Exported:
    """Write the ledger into an empty folder, readable by its owner only. Raises `ExportFolderTaken`."""
    if form not in ("as2", "parquet"):
        raise ExportFolderTaken(f"There is no export format “{form}”.", todo="Use as2 or parquet.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportFolderTaken(
            f"“{folder.name}” is there already.", todo="Name a folder that does not exist yet."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    try:
        return _export(folder, form, progress or (lambda done, total, count: None))
    except BaseException:  # also when it is stopped: half an export is none
        for file in folder.iterdir():
            file.unlink()
        raise


def _export(folder: Path, form: str, told: Progress) -> Exported:
    """The channels last: without them a folder is no export, so one cut off cannot pass for whole."""
    total = ledger.count()
    write = _write_as2 if form == "as2" else _write_parquet
    acts = write(folder, lambda done: told(done, total, done))
    observed = ledger.observations().to_pylist()
    _write_lines(folder / PARTS[1], map(_json, observed))
    channels = [{name: getattr(c, name) for name in _CHANNEL} for c in ledger.channels()]
    _write_lines(folder / PARTS[0], map(_json, channels))
    return Exported(acts, len(observed), len(channels))


_CHANNEL = ("name", "title", "format", "attribution")


def _json(data: dict[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE)


def _write_lines(path: Path, lines: Iterator[bytes]) -> None:
    with path.open("wb") as out:
        out.writelines(lines)


def _write_as2(folder: Path, told: Callable[[int], None]) -> int:
    acts = 0
    with (folder / "acts.jsonl").open("wb") as out:
        for drafts in ledger.acts_as_drafts():
            out.writelines(map(line, drafts))
            acts += len(drafts)
            told(acts)
    return acts


def _write_parquet(folder: Path, told: Callable[[int], None]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    acts = 0
    schema = pa.schema([(name, getattr(pa, kind)()) for name, kind in _COLUMNS.items()])
    with pq.ParquetWriter(folder / "acts.parquet", schema, compression="zstd") as out:
        for drafts in ledger.acts_as_drafts():
            docs = [orjson.loads(line(draft)) for draft in drafts]
            out.write_table(pa.Table.from_pylist([_flat(doc) for doc in docs], schema))
            acts += len(docs)
            told(acts)
    return acts


_COLUMNS = dict.fromkeys(
    "id type actor published object object_type inReplyTo context content estime:lang estime:unit estime:incentive"
    " estime:onBehalfOf estime:channel estime:id estime:recorded estime:account estime:extra".split(),
    "string",
) | {"estime:value": "float64"}


def _flat(doc: dict[str, Any]) -> dict[str, Any]:
    """The activity as one row: the object's type in a column of its own, unknown fields as JSON text."""
    if isinstance(doc.get("object"), dict):
        made = doc["object"]
        doc["object"], doc["object_type"] = made.get("id"), made.get("type")
    for lang, content in doc.pop("contentMap", {}).items():
        doc["content"], doc["estime:lang"] = content, lang
    if "estime:extra" in doc:
        doc["estime:extra"] = orjson.dumps(doc["estime:extra"], option=orjson.OPT_SORT_KEYS).decode()
    return doc
