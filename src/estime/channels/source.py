"""A source opened and cut into lines, in constant memory whatever its size.

Invariants: a line longer than LINE_LIMIT is skipped while streaming and becomes a reject; a source that is
cut short delivers every whole line first and raises TruncatedSource then; line numbers are those of the file.
"""

import codecs
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from estime.channels import chunks, errors
from estime.channels.rows import RAW_LIMIT, reject
from estime.ledger.drafts import Reject

LINE_LIMIT = 16 * 1024 * 1024
DOCUMENT_LIMIT = 256 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass
class Source:
    """One file, one member of a zip, or one folder, with the encoding its text is in.

    `found`: what a reader finds out about the whole and others need: `columns` of a table, its `delimiter`.
    """

    path: Path
    encoding: str | None = None
    member: str | None = None
    meter: chunks.Meter = field(default_factory=chunks.Meter)
    found: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.encoding is not None:
            try:
                self.encoding = codecs.lookup(self.encoding).name
            except LookupError:
                raise errors.EncodingUnknown(
                    f"There is no text encoding named “{self.encoding}”.",
                    todo="Use a name such as utf-8, cp1252, latin-1 or utf-16.",
                    encoding=self.encoding,
                ) from None

    @property
    def name(self) -> str:
        """What to call it in messages: the file's name, without the folders above it."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def is_folder(self) -> bool:
        """Whether it holds other files: a folder, or a zip not narrowed to one member."""
        return self.path.is_dir() or (self.member is None and chunks.is_zip(self.path))

    def entries(self) -> list[str]:
        """Names of the files inside, with / between folders, sorted."""
        try:
            if self.path.is_dir():
                return sorted(
                    p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()
                )
            with chunks.zip_opened(self.path) as archive:
                names = [i.filename for i in archive.infolist() if not i.is_dir()]
            return sorted(n for n in names if not n.startswith("__MACOSX/"))
        except OSError as error:
            raise chunks.unreadable(self.path, error) from error

    def entry(self, name: str) -> "Source":
        """One of the files inside."""
        if self.path.is_dir():
            return Source(self.path / name, self.encoding, None, self.meter, self.found)
        return Source(self.path, self.encoding, name, self.meter, self.found)

    def size(self) -> int:
        """Bytes on disk, of all files inside when it is a folder."""
        if self.path.is_dir():
            return sum(p.stat().st_size for p in self.path.rglob("*") if p.is_file())
        return self.path.stat().st_size

    def single(self) -> "Source":
        """Itself when it is one file, or the only file of a zip."""
        check_path(self.path)
        if self.path.is_dir():
            raise errors.SourceIsFolder(
                f"“{self.path.name}” is a folder; this format is one file.",
                todo="Give the path of the file itself, or name the format of the folder with --as.",
            )
        if self.member is not None or not chunks.is_zip(self.path):
            return self
        names = self.entries()
        if len(names) != 1:
            raise errors.ArchiveUnclear(
                f"“{self.path.name}” holds {len(names)} files; this format is one file.",
                todo="Unpack it and give the path of the file to read.",
                entries=names[:20],
            )
        return self.entry(names[0])

    def chunks(self) -> Iterator[bytes]:
        """The content, uncompressed, in pieces of bounded size, without its byte order mark."""
        pieces = chunks.content(self.path, self.member, self.meter)
        first = next(pieces, b"")
        while len(first) < 4 and (more := next(pieces, b"")):
            first += more
        if self.encoding in (None, "utf-8", "utf-8-sig", "utf-16", "utf-32"):
            first = self._without_mark(first)
        if first:
            yield first
        yield from pieces

    def _without_mark(self, first: bytes) -> bytes:
        for mark, codec in _BOMS:
            if first.startswith(mark):
                self.encoding = codec
                return first[len(mark) :]
        if self.encoding in ("utf-16", "utf-32"):
            self.encoding += "-le"
        return first

    def byte_lines(self) -> Iterator[tuple[int, bytes] | Reject]:
        """Every line with its number, from 1, without its line feed.

        Lines are in the source's own encoding (`encoding`, None meaning UTF-8), except that encodings in
        which a line feed is not the byte 10 are turned into UTF-8 on the way. They are not checked: see
        `text_lines`.
        """
        pieces = self.chunks()
        first = next(pieces, b"")
        if not first:
            raise errors.SourceEmpty(
                f"“{self.name}” is empty.", todo="Check the export that made it, and export again."
            )
        pieces = _chained(first, pieces)
        if self.encoding is not None and not _line_feed_is_ten(self.encoding):
            pieces = chunks.to_utf8(pieces, self.encoding)
            self.encoding = "utf-8"
        return _lines(pieces)

    def text_lines(self) -> Iterator[tuple[int, str] | Reject]:
        """Every line as text, checked: what cannot be decoded, or holds a NUL, is a reject."""
        lines = self.byte_lines()
        encoding = self.encoding or "utf-8"
        for item in lines:
            if isinstance(item, Reject):
                yield item
                continue
            number, content = item
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text:
                yield self.problem(number, content) or (number, text)
            else:
                yield number, text

    def problem(self, line: int, content: bytes) -> Reject | None:
        """What is wrong with a line as text, or None."""
        if b"\0" in content:
            return reject(line, "nul-byte", _nul_reason(content), content)
        try:
            content.decode(self.encoding or "utf-8")
        except UnicodeDecodeError as error:
            return reject(
                line, "bad-encoding", _encoding_reason(content, self.encoding, error.start), content
            )
        return None

    def document(self) -> bytes:
        """The whole content, as UTF-8, for formats that cannot be read by line."""
        pieces: list[bytes] = []
        total = 0
        for piece in self.chunks():
            pieces.append(piece)
            total += len(piece)
            if total > DOCUMENT_LIMIT:
                raise errors.DocumentTooLarge(
                    f"“{self.name}” is one JSON document of more than {DOCUMENT_LIMIT >> 20} MiB.",
                    todo="Export it in parts, or as JSON Lines (one object per line).",
                )
        whole = b"".join(pieces)
        if self.encoding not in (None, "utf-8", "utf-8-sig"):
            whole = b"".join(chunks.to_utf8(iter([whole]), self.encoding))
        return whole


def check_path(path: Path) -> None:
    """Raise unless there is a readable file or folder at this path."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise errors.SourceMissing(
            f"There is no file “{path.name}” there.",
            todo=f"Check the path: {path.parent.resolve()} was looked in.",
        ) from None
    except (OSError, ValueError) as error:
        raise chunks.unreadable(path, error) from error
    if stat.S_ISDIR(mode):
        return
    if not stat.S_ISREG(mode):
        raise errors.SourceUnreadable(
            f"“{path.name}” is neither a file nor a folder.", todo="Save the content to a file first."
        )
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise chunks.unreadable(path, error) from error
    if empty:
        raise errors.SourceEmpty(
            f"“{path.name}” is empty.", todo="Check the export that made it, and export again."
        )


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _line_feed_is_ten(encoding: str) -> bool:
    try:
        return "\n".encode(encoding) == b"\n" and encoding != "utf-7"
    except (LookupError, UnicodeError):
        return True


def _lines(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes] | Reject]:
    """Cut pieces into lines. An unfinished line before a cut is left out: it could pass for whole."""
    number = 0
    begun: list[bytes] = []
    length = 0
    for piece in pieces:
        head, *rest = piece.split(b"\n")
        length += len(head)
        if length <= LINE_LIMIT:
            begun.append(head)
        elif len(begun) > 1:
            begun = [b"".join(begun)[:RAW_LIMIT]]
        if not rest:
            continue
        number += 1
        yield (number, b"".join(begun)) if length <= LINE_LIMIT else _too_long(number, begun)
        last = rest.pop()
        for line in rest:
            number += 1
            yield number, line
        begun = [last]
        length = len(last)
    if length:
        number += 1
        yield (number, b"".join(begun)) if length <= LINE_LIMIT else _too_long(number, begun)


def _too_long(number: int, begun: list[bytes]) -> Reject:
    reason = (
        f"The line is longer than {LINE_LIMIT >> 20} MiB: no single act is; "
        "perhaps the file is not written one row per line."
    )
    return reject(number, "line-too-long", reason, b"".join(begun))


def _nul_reason(content: bytes) -> str:
    if content.count(0) * 3 > len(content):
        return "Every other byte is NUL: this looks like UTF-16 without its mark; try --encoding utf-16-le."
    return "The line holds a NUL byte, which no text has: the file is damaged there, or it is not text."


def _encoding_reason(content: bytes, encoding: str | None, position: int) -> str:
    used = encoding or "utf-8"
    reason = f"Byte {position + 1} of the line is not {used.upper()}."
    if used in ("utf-8", "utf-8-sig"):
        for likely, label in (("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
            try:
                content.decode(likely)
            except UnicodeDecodeError:
                continue
            return f"{reason} It looks like {label}: try --encoding {likely}."
    return f"{reason} Try another one with --encoding."
