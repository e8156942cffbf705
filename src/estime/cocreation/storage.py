"""Files that members bring, kept under the hash of what they hold: `ab/cdef….webp` in a folder of ESTIME_HOME.

Invariants: a file is there whole and on the disk, or not at all; the same content twice is one file; no name that
anybody gave becomes part of a path. A file that nobody refers to (the page that brought it failed, a row is gone)
goes with the next sweep, a day later at the earliest: taking the same content again makes it young again, and both are
done under the folder's lock, so that a file which is just being taken cannot be swept away.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from django.utils.translation import gettext as _

from estime.kernel import clock
from estime.kernel.errors import StorageFull, disk_full

PIECE: Final = 256 * 1024
YOUNG: Final = 24 * 3600.0
"""Seconds for which a file stays that nobody refers to (yet)."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ASKED_AT_ONCE: Final = 500


class Readable(Protocol):
    """What a file may come from: an upload, a file, bytes in memory."""

    def read(self, size: int, /) -> bytes: ...


def stored_path(folder: Path, digest: str, suffix: str) -> Path:
    """Where content is kept, whether it is there or not. Raises `ValueError` for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 in lower case")
    return folder / digest[:2] / f"{digest[2:]}{suffix}"


class Part:
    """A file on its way in; its digest and size are those of what was written so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / f".part-{secrets.token_hex(12)}"
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self.file: BinaryIO = os.fdopen(descriptor, "w+b")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self.file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def keep(self, suffix: str, digest: str = "") -> str:
        """On the disk for good, under its own digest or the one given; returns it."""
        told = digest or self.digest
        path = stored_path(self._folder, told, suffix)
        self.file.flush()
        os.fsync(self.file.fileno())
        with _locked(self._folder, fcntl.LOCK_SH):
            if path.exists() and path.stat().st_size == self.size:
                os.utime(path)
                return told
            if not path.parent.exists():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                _sync(self._folder)
            self.path.replace(path)
            _sync(path.parent)
        return told


@contextmanager
def arriving(folder: Path) -> Iterator[Part]:
    """Take a file in; nothing stays of what was not kept. A full disk raises `StorageFull`."""
    part = None
    try:
        part = Part(folder)
        yield part
    except OSError as error:
        if not disk_full(error):
            raise
        raise StorageFull(
            _("There is no room left where this would be kept."),
            todo=_("Nothing was changed. Tell the people who run this site, and try again later."),
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.file.close()
            part.path.unlink(missing_ok=True)


def pieces(stream: Readable, most: int) -> Iterator[bytes]:
    """What a stream holds, piece by piece, and at most one byte more than `most`: who gets that byte knows."""
    left = most + 1
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def stored_forget(folder: Path, digest: str, suffixes: Iterable[str]) -> bool:
    """Take content away at once; returns whether it was there."""
    paths = [stored_path(folder, digest, suffix) for suffix in suffixes]
    with _locked(folder, fcntl.LOCK_EX):
        there = [path for path in paths if path.exists()]
        for path in there:
            path.unlink(missing_ok=True)
    for parent in {path.parent for path in there}:
        _sync(parent)
    return bool(there)


def stored_sweep(folder: Path, known: Callable[[list[str]], set[str]]) -> int:
    """Take away what nobody refers to: `known` says to which of some digests somebody does. Returns how many went."""
    before = clock.now().timestamp() - YOUNG
    gone = sum(_remove_old([path], folder, before) for path in folder.glob(".part-*"))
    paths = (path for path in folder.glob("[0-9a-f][0-9a-f]/*") if _older(path, before))
    while some := list(islice(paths, _ASKED_AT_ONCE)):
        digests = {path: path.parent.name + path.name.partition(".")[0] for path in some}
        wanted = known(sorted(set(digests.values())))
        gone += _remove_old([path for path in some if digests[path] not in wanted], folder, before)
    return gone


def _remove_old(paths: list[Path], folder: Path, before: float) -> int:
    with _locked(folder, fcntl.LOCK_EX):
        old = [path for path in paths if _older(path, before)]
        for path in old:
            path.unlink(missing_ok=True)
    return len(old)


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """The folder's lock, shared by whoever takes files in and alone for whoever takes them away."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    """The names in a folder are on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
