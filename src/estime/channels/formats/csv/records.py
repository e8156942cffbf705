"""Records of a CSV, found so that one broken row costs no more than itself.

A quote that is opened and never closed would swallow the rest of the file. Here a record that cannot be
parsed, or has the wrong number of cells, costs its first line only: reading goes on at the line after it.
"""

import csv
from collections import deque
from collections.abc import Iterator

from estime.channels.rows import reject
from estime.channels.source import Source
from estime.ledger.drafts import Reject

RECORD_LIMIT = 1024 * 1024
"""Characters in one record: beyond, a quote was left open."""


class _Feeder:
    """Hands physical lines to the csv module and remembers those of the record being read."""

    def __init__(self, lines: Iterator[tuple[int, str] | Reject]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._length = 0
        self.broken: Reject | None = None

    def __iter__(self) -> "_Feeder":
        return self

    def __next__(self) -> str:
        if self._again:
            item = self._again.popleft()
        else:
            found = next(self._lines)
            if found.__class__ is Reject:
                self.broken = found
                raise csv.Error("a line in it cannot be read")
            item = found  # type: ignore[assignment]  # no Reject: just asked
        if self.taken and self._length + len(item[1]) > RECORD_LIMIT:
            self._again.appendleft(item)
            raise csv.Error("a quote is opened in it and not closed")
        self.taken.append(item)
        self._length += len(item[1])
        return item[1] + "\n"

    def begin(self) -> None:
        """A record begins: forget the lines of the one before."""
        self.taken.clear()
        self._length = 0

    def back_to_second_line(self) -> None:
        """Read the record again from its second line."""
        self._again.extendleft(reversed(self.taken[1:]))


def records(source: Source, delimiter: str | None) -> Iterator[tuple[int, list[str]] | Reject]:
    """Every record with the number of its first line; the first is the header."""
    lines = source.text_lines()
    first = _first_line(lines)
    if first is None or isinstance(first, Reject):
        if first is not None:
            yield first
        return
    csv.field_size_limit(RECORD_LIMIT)
    feeder = _Feeder(_with(first, lines))
    reader = csv.reader(feeder, delimiter=delimiter or separator(first[1]), strict=True)
    width = 0
    while True:
        feeder.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield from _rejects(feeder, str(error))
            continue
        if not cells or (width != 1 and "".join(cells).isspace()):
            continue
        width = width or len(cells)
        if len(cells) == width:
            yield feeder.taken[0][0], cells
        else:
            why = f"it has {len(cells)} cells, the header {width}"
            yield _broken(feeder, why, "wrong-number-of-cells")


def _first_line(lines: Iterator[tuple[int, str] | Reject]) -> tuple[int, str] | Reject | None:
    """The first line that is not blank."""
    return next((item for item in lines if isinstance(item, Reject) or item[1].strip()), None)


def _rejects(feeder: _Feeder, why: str) -> Iterator[Reject]:
    """The line that could not be read, and the record it broke off."""
    if feeder.broken is not None:
        yield feeder.broken
        feeder.broken = None
    if feeder.taken:
        yield _broken(feeder, why)


def _broken(feeder: _Feeder, why: str, code: str = "bad-csv") -> Reject:
    number, line = feeder.taken[0]
    feeder.back_to_second_line()
    return reject(number, code, f"The row cannot be read as CSV: {why}.", line)


def _with(
    first: tuple[int, str], rest: Iterator[tuple[int, str] | Reject]
) -> Iterator[tuple[int, str] | Reject]:
    yield first
    yield from rest


def separator(header: str) -> str:
    """What stands between the cells of a header line: the most frequent of , ; tab |, outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(",;\t|", key=outside.count)
