"""A file on its way in from a browser: written as it comes, under a name of our own, readable by the owner only.

What the browser says of the file is not trusted: its name is kept to be shown, its end (".csv") only where it is one
we know, because the format is seen from both. The content is looked at later, by a job.
"""

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from typing import NamedTuple

from estime.channels.errors import UploadTooLarge
from estime.kernel.errors import StorageFull
from estime.kernel.home import uploads_dir

NAME_LENGTH = 120
_ENDS = re.compile(
    r"\.(?:csv|tsv|txt|json|jsonl|ndjson|zip|parquet)(?:\.gz)?$|\.gz$", re.IGNORECASE | re.ASCII
)


class Arrived(NamedTuple):
    """A whole file: how it is kept, how long it is, and the hash of what it holds."""

    kept_as: str
    size: int
    digest: str


class Incoming:
    """Takes a file piece by piece. Raises `UploadTooLarge` beyond the limit and `StorageFull` on a full disk."""

    def __init__(self, file_name: str, limit: int) -> None:
        found = _ENDS.search(file_name)
        self.kept_as = secrets.token_hex(16) + (found.group().lower() if found else "")
        self._limit = limit
        self._path = uploads_dir() / f"{self.kept_as}.part"
        self._size = 0
        self._hash = hashlib.sha256()
        try:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise _no_room(error) from error

    def write(self, piece: bytes) -> None:
        """Keep a piece; on an error nothing of the file stays."""
        self._size += len(piece)
        if self._size > self._limit:
            self.drop()
            raise too_large(self._limit)
        self._hash.update(piece)
        left = memoryview(piece)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError as error:
            self.drop()
            raise _no_room(error) from error

    def finish(self) -> Arrived:
        """The file is whole: on the disk for good, under its name."""
        try:
            os.fsync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1
            self._path.rename(uploads_dir() / self.kept_as)
        except OSError as error:
            self.drop()
            raise _no_room(error) from error
        return Arrived(self.kept_as, self._size, self._hash.hexdigest())

    def drop(self) -> None:
        """Nothing of it stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._path.unlink(missing_ok=True)


def arrived_drop(arrived: Arrived) -> None:
    """Take away a file that nobody remembers."""
    (uploads_dir() / arrived.kept_as).unlink(missing_ok=True)


def too_large(limit: int) -> UploadTooLarge:
    """The error that says how large a file may be."""
    return UploadTooLarge(
        f"The file is larger than {limit >> 20:,} MiB, which is the most that is taken in here.",
        todo="Pack it with gzip or cut it into parts; or have an administrator use `estime import`, which takes any"
        " size.",
        limit=limit,
    )


def _no_room(error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The disk is full: the file was not kept.", todo="Make room and bring it again.")
    return error


def shown_name(told: str) -> str:
    """A file name to be shown: without folders, without characters that cannot be seen or turn the line around."""
    last = re.split(r"[/\\]", told)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    if len(clean) > NAME_LENGTH:
        clean = clean[: NAME_LENGTH // 2] + "…" + clean[-NAME_LENGTH // 2 + 1 :]
    return clean or "file"
