"""The file in which refused rows wait to be mended: JSON Lines, readable by the owner only.

A row is known by the byte at which its line begins. Lines are only ever added, or blanked in place when somebody is
erased, so that a place means the same row for ever. Reading is bounded: a page looks at so many bytes and says
where to look on.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import orjson

from estime.ledger.drafts import Reject

FIRST = 10
"""How many rejects are kept at hand to show at once."""
ERASED = "erased"
"""The code of a line that was blanked."""


class RejectsFile:
    """Collects rejects. The file is made with the first of them; without a path nothing is written.

    `codes`: of each code how many there are, and where the first one stands.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._place = 0
        self._digest = hashlib.sha256()
        self.count = 0
        self.first: list[Reject] = []
        self.codes: dict[str, list[int]] = {}

    def __enter__(self) -> "RejectsFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def name(self) -> str:
        """Name of the file, or nothing when no row was refused."""
        return self._path.name if self._path is not None and self.count else ""

    @property
    def digest(self) -> str:
        """Of all that was refused, or nothing: two imports that refused the same have the same."""
        return self._digest.hexdigest() if self.count else ""

    def add(self, reject: Reject) -> None:
        """Keep one refused row."""
        self.count += 1
        self.codes.setdefault(reject.code, [0, self._place])[0] += 1
        if len(self.first) < FIRST:
            self.first.append(reject)
        if self._path is None:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        data = memoryview(reject_line(reject))
        self._digest.update(data)
        self._place += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]


def reject_line(reject: Reject) -> bytes:
    """A refused row as its line of the file."""
    line = {"line": reject.line, "code": reject.code, "reason": reject.reason, "raw": reject.raw}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


class Refused(NamedTuple):
    """One refused row, its place in the file, and the byte at which the next one begins."""

    place: int
    next: int
    reject: Reject


def refused_from(path: Path, start: int = 0) -> Iterator[Refused]:
    """Every whole line from a place on. A line that a kill cut short is passed over."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        stream.seek(start)
        place = start
        for line in stream:
            found = _reject(line)
            if found is not None:
                yield Refused(place, place + len(line), found)
            place += len(line)


def refused_at(path: Path, place: int) -> Reject | None:
    """The row at a place, or None where no line begins."""
    if place < 0:
        return None
    try:
        with path.open("rb") as stream:
            if place:
                stream.seek(place - 1)
                if stream.read(1) != b"\n":
                    return None
            return _reject(stream.readline())
    except FileNotFoundError:
        return None


def _reject(line: bytes) -> Reject | None:
    try:
        told = orjson.loads(line)
        return Reject(int(told["line"]), str(told["code"]), str(told["reason"]), str(told["raw"]))
    except (ValueError, KeyError, TypeError):
        return None


def blank(path: Path, refused: Refused) -> None:
    """Write over a row in place: nothing of it is left, and every other one stays where it was."""
    length = refused.next - refused.place
    line = orjson.dumps({"line": refused.reject.line, "code": ERASED, "reason": "", "raw": ""})
    if len(line) >= length:  # a reason and code so short that the blank is longer: JSON all the same
        line = orjson.dumps({"line": 0, "code": ERASED, "reason": "", "raw": ""})[: length - 1]
    with path.open("r+b") as stream:
        stream.seek(refused.place)
        stream.write(line.ljust(length - 1) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def codes_in(path: Path) -> dict[str, list[int]]:
    """What `RejectsFile.codes` would be, of a file written before they were kept."""
    codes: dict[str, list[int]] = {}
    for refused in refused_from(path):
        codes.setdefault(refused.reject.code, [0, refused.place])[0] += 1
    return codes
