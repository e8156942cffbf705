"""A file opened as rows of cells, in constant memory, with its encoding and delimiter found out.

Invariants: a byte order mark decides the encoding, else UTF-8 unless the caller named another; a byte that does not
fit refuses the file, because a name that is read wrongly makes two options of one; line numbers are those of the file.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from estime.cocreation.tally.errors import BallotsEmpty, BallotsInvalid, BallotsMissing, BallotsUnreadable

CELL_LIMIT = 16 * 1024 * 1024
DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

Row = tuple[int, list[str]]


def check_there(path: Path) -> None:
    """Raise unless there is something at this path."""
    if not path.exists():
        raise BallotsMissing(
            f"There is nothing at “{path.name}”.",
            todo=f"Check the path: {path.parent.resolve()} was looked in.",
        )


def rows(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Iterator[Row]:
    """Each row with the number of its line, cells stripped; empty rows are left out. The first one is the header.

    Without `delimiter`, the one that the header uses most; a header of one cell makes rows of one cell.
    """
    stream = _opened(path, encoding)
    with stream:
        try:
            head = stream.readline()
            if not head:
                raise BallotsEmpty(
                    f"“{path.name}” is empty.", todo="Check the export that made it, and export again."
                )
            found = delimiter or sniffed(head)
            csv.field_size_limit(CELL_LIMIT)
            if found is None:
                yield from _single_cells(head, stream)
                return
            reader = csv.reader(_chained(head, stream), delimiter=found)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
        except UnicodeDecodeError:
            raise BallotsUnreadable(
                f"“{path.name}” is not {stream.encoding.upper()}.",
                todo="Save it as UTF-8, or name its encoding: --encoding cp1252 for an older Excel.",
            ) from None
        except csv.Error as error:
            raise BallotsInvalid(
                f"“{path.name}” cannot be read as a table, line {reader.line_num}: {error}.",
                todo="Look at the quotation marks of that line.",
                line=reader.line_num,
            ) from None


def sniffed(head: str) -> str | None:
    """The delimiter of a header line, outside of quotation marks; None for a single column."""
    bare = "".join(part for i, part in enumerate(head.split('"')) if i % 2 == 0)
    best = max(DELIMITERS, key=bare.count)
    return best if best in bare else None


def broken(path: Path, line: int, what: str, todo: str = "") -> BallotsInvalid:
    """The error for a line that cannot be counted."""
    return BallotsInvalid(
        f"“{path.name}”, line {line}: {what}", todo=todo or "Correct that line, and count again.", line=line
    )


def _opened(path: Path, encoding: str | None) -> io.TextIOWrapper:
    check_there(path)
    if path.is_dir():
        raise BallotsUnreadable(
            f"“{path.name}” is a folder; this is counted from one file.",
            todo="Give the path of the file itself.",
        )
    try:
        name = codecs.lookup(encoding).name if encoding else "utf-8"
        stream = path.open("rb")
        start = stream.read(4)
    except LookupError:
        raise BallotsUnreadable(
            f"There is no text encoding named “{encoding}”.",
            todo="Use a name such as utf-8, cp1252 or utf-16.",
        ) from None
    except OSError as error:
        raise BallotsUnreadable(
            f"“{path.name}” cannot be read: {error.strerror}.", todo="Check who may read it."
        ) from None
    mark, coded = next(((mark, coded) for mark, coded in _MARKS if start.startswith(mark)), (b"", name))
    stream.seek(len(mark))
    return io.TextIOWrapper(stream, encoding=coded, newline="")


def _chained(head: str, stream: io.TextIOWrapper) -> Iterator[str]:
    yield head
    yield from stream


def _single_cells(head: str, stream: io.TextIOWrapper) -> Iterator[Row]:
    for number, line in enumerate(_chained(head, stream), start=1):
        cell = line.strip().strip('"').strip()
        if cell or number == 1:
            yield number, [cell]
        elif line.strip():
            yield number, [""]
