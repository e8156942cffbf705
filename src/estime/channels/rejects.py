"""The file in which refused rows wait to be mended: JSON Lines, readable by the owner only."""

import os
from pathlib import Path
from types import TracebackType

import orjson

from estime.ledger.drafts import Reject

FIRST = 10
"""How many rejects are kept at hand to show at once."""


class RejectsFile:
    """Collects rejects. The file is made with the first of them; without a path nothing is written."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._descriptor: int | None = None
        self.count = 0
        self.first: list[Reject] = []

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

    def add(self, reject: Reject) -> None:
        """Keep one refused row."""
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(reject)
        if self._path is None:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        line = {"line": reject.line, "code": reject.code, "reason": reject.reason, "raw": reject.raw}
        data = memoryview(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        while data:
            data = data[os.write(self._descriptor, data) :]
