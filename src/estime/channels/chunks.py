"""Bytes out of plain, gzip and zip files, in pieces of bounded size."""

import codecs
import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from estime.channels import errors

CHUNK = 256 * 1024
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
_OTHER_PACKERS = {b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7-Zip"}

BROKEN_ZIP = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ValueError,
    OverflowError,
)
"""What Python's zip reader raises over damage, besides OSError; ValueError: names that are no text."""
ENCRYPTED = 0x1
"""Bit of a member's flags (APPNOTE 4.4.4)."""


@dataclass
class Meter:
    """How many bytes of the files on disk have been read, for progress; how many came out of packed ones.

    `limit`: how many may, None for any number.
    """

    done: int = 0
    unpacked: int = 0
    limit: int | None = None

    def unpack(self, path: Path, piece: bytes) -> bytes:
        """Count a piece that was unpacked. Raises `SourceBomb` beyond the limit."""
        self.unpacked += len(piece)
        if self.limit is not None and self.unpacked > self.limit:
            raise errors.SourceBomb(
                f"“{path.name}” unpacks to more than {self.limit >> 20:,} MiB.",
                todo="Unpack it, cut it into parts and bring them one by one; or have an administrator use"
                " `estime import`, which has no such limit.",
            )
        return piece


def unreadable(path: Path, error: Exception) -> errors.SourceUnreadable:
    """The typed error for a file that the system will not let us read."""
    detail = getattr(error, "strerror", None) or str(error)
    return errors.SourceUnreadable(
        f"“{path.name}” cannot be read: {detail}.",
        todo="Check who may read the file and whether it is whole.",
    )


def magic(path: Path) -> bytes:
    """The first bytes of a file, enough to recognise a packer."""
    try:
        with path.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        raise unreadable(path, error) from error


def is_zip(path: Path) -> bool:
    """Whether the path is a file that begins as a zip does."""
    return path.is_file() and magic(path).startswith(ZIP_MAGIC)


@contextmanager
def _zip_faults(path: Path) -> Iterator[None]:
    """What Python's own reader raises over a zip that is damaged, hostile or unusual becomes an error that says so."""
    try:
        yield
    except NotImplementedError as error:  # a method, a version or a kind of zip that it does not know
        raise errors.SourceUnreadable(
            f"“{path.name}” is packed in an unusual way.",
            todo="Unpack it first, or pack it again as a plain zip.",
        ) from error
    except OSError as error:  # without a number, or for an impossible place in the file, it is of the content
        if error.errno not in (None, errno.EINVAL):
            raise unreadable(path, error) from error
        raise _cut(path, "is cut or damaged") from error
    except BROKEN_ZIP as error:
        raise _cut(path, "is cut or damaged") from error


@contextmanager
def zip_opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip, open for reading. Raises `TruncatedSource` if nothing in it can be found."""
    with _zip_faults(path):
        try:
            archive = zipfile.ZipFile(path)
        except BROKEN_ZIP as error:
            raise errors.TruncatedSource(
                f"“{path.name}” is a zip that is cut or damaged; nothing in it can be found.",
                todo="Get the whole file and import again.",
            ) from error
    with archive:
        yield archive


def content(path: Path, member: str | None, meter: Meter) -> Iterator[bytes]:
    """The uncompressed content of a file, or of one member of a zip."""
    if member is not None:
        return _zip_member(path, member, meter)
    first = magic(path)
    for mark, packer in _OTHER_PACKERS.items():
        if first.startswith(mark):
            raise errors.SourceUnreadable(
                f"“{path.name}” is packed with {packer}.", todo="Unpack it, or pack it with gzip."
            )
    if first.startswith(GZIP_MAGIC):
        return _gzip(path, meter)
    if path.suffix == ".gz":
        raise errors.NotGzip(
            f"“{path.name}” is named .gz, but it is not gzip.",
            todo="If it is already unpacked, take .gz off its name; else download it again.",
        )
    return _plain(path, meter)


def _plain(path: Path, meter: Meter) -> Generator[bytes, None, None]:
    try:
        with path.open("rb", buffering=0) as stream:
            while piece := stream.read(CHUNK):
                meter.done += len(piece)
                yield piece
    except OSError as error:
        raise unreadable(path, error) from error


def _gzip(path: Path, meter: Meter) -> Iterator[bytes]:
    """All members of a gzip file. What can be unpacked is delivered before an error is raised."""
    decoder = zlib.decompressobj(31)
    with closing(_plain(path, meter)) as packed:
        for data in packed:
            while data:
                if decoder.eof:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    decoder = zlib.decompressobj(31)
                try:
                    piece = decoder.decompress(data, CHUNK)
                except zlib.error as error:
                    raise _cut(path, "is damaged") from error
                if piece:
                    yield meter.unpack(path, piece)
                data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if rest := decoder.flush():
        yield rest
    if not decoder.eof:
        raise _cut(path, "ends before it should")


def _zip_member(path: Path, member: str, meter: Meter) -> Iterator[bytes]:
    with zip_opened(path) as archive:
        info = archive.getinfo(member)
        if info.flag_bits & ENCRYPTED:
            raise errors.SourceUnreadable(
                f"“{path.name}/{member}” is encrypted.", todo="Unpack it with its password first."
            )
        before = meter.done
        with _zip_faults(path):
            stream = archive.open(info)
        with stream:
            unpacked = 0
            while piece := _zip_piece(stream, path):
                unpacked += len(meter.unpack(path, piece))
                meter.done = before + info.compress_size * unpacked // max(info.file_size, 1)
                yield piece


def _zip_piece(stream: IO[bytes], path: Path) -> bytes:
    with _zip_faults(path):
        return stream.read(CHUNK)


def _cut(path: Path, how: str) -> errors.TruncatedSource:
    return errors.TruncatedSource(
        f"“{path.name}” {how}; every whole row before that point has been read.",
        todo="Get the whole file and import it again: rows that are already in are recognised.",
    )


def to_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8. What is wrong stays wrong, so that its line is refused later."""
    lenient = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(lenient)
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        yield b"\xff"
