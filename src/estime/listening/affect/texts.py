"""Texts from a file, one at a time: a column of a CSV, a field of JSON Lines, or the lines of any other
file.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from estime.listening.affect.errors import AffectColumnMissing, AffectFileUnreadable

COLUMN: Final = "text"
_LONGEST_FIELD: Final = 64 * 1024 * 1024


def texts_of(path: Path, column: str | None = None, encoding: str = "utf-8-sig") -> Iterator[str]:
    """The texts of a file, in order. A row whose text is missing gives "", so that every row has its answer.

    Raises `AffectFileUnreadable` and `AffectColumnMissing`, the latter before any text where the file has a
    header.
    """
    with _opened(path, encoding) as lines:
        if path.suffix.lower() in {".csv", ".tsv"}:
            yield from _of_table(lines, path, column or COLUMN)
        elif path.suffix.lower() in {".jsonl", ".ndjson"}:
            yield from _of_json(lines, path, column or COLUMN)
        else:
            for line in lines:
                yield line.rstrip("\r\n")


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    try:
        with path.open(encoding=encoding, newline="") as lines:
            yield lines
    except (OSError, LookupError) as error:
        raise AffectFileUnreadable(
            f"{path.name} cannot be read: {error}", todo="Check the path and the encoding."
        ) from error
    except UnicodeDecodeError as error:
        raise AffectFileUnreadable(
            f"{path.name} is not {encoding} text at byte {error.start}.",
            todo="Name the encoding it has: --encoding cp1252",
        ) from error
    except csv.Error as error:
        raise AffectFileUnreadable(
            f"{path.name} is no table: {error}", todo="Save it as CSV once more."
        ) from error


def _of_table(lines: TextIO, path: Path, column: str) -> Iterator[str]:
    csv.field_size_limit(_LONGEST_FIELD)
    head = lines.readline()
    marks = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=head.count)
    names = next(csv.reader([head], delimiter=marks), [])
    if column not in names:
        raise AffectColumnMissing(
            f"{path.name} has no column {column}.",
            todo=f"Name one of its columns with --column: {', '.join(names[:20])}",
            columns=names,
        )
    at = names.index(column)
    for row in csv.reader(lines, delimiter=marks):
        if row:
            yield row[at] if at < len(row) else ""


def _of_json(lines: TextIO, path: Path, column: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise AffectFileUnreadable(
                f"Line {number} of {path.name} is no JSON.", todo="Give one JSON object a line.", line=number
            ) from error
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict) and column in found:
            yield str(found[column] or "")
        else:
            raise AffectColumnMissing(
                f"Line {number} of {path.name} has no field {column}.",
                todo="Name the field with --column.",
                line=number,
            )
