"""Which files are taken in: a short list, each known by what it holds and by how its name ends, never by one alone."""

import re
import struct
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

LOOKED_AT: Final = 4096
_TAIL: Final = 2048
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileKind(NamedTuple):
    """A kind of file: its endings, what it is served as, and whether content is of this kind."""

    endings: tuple[str, ...]
    media_type: str
    holds: Callable[[BinaryIO, int], bool]


def _first(file: BinaryIO, size: int = LOOKED_AT) -> bytes:
    file.seek(0)
    return file.read(size)


def _last(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - _TAIL))
    return file.read(_TAIL)


def _is_pdf(file: BinaryIO, size: int) -> bool:
    return _first(file).startswith(b"%PDF-") and b"%%EOF" in _last(file, size)


def _is_zip(file: BinaryIO, size: int) -> bool:
    return _first(file).startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_stl(file: BinaryIO, size: int) -> bool:
    """Binary STL says how many triangles follow, 50 bytes each; the other kind is text."""
    first = _first(file)
    if size >= 84 and struct.unpack("<I", first[80:84])[0] * 50 + 84 == size:
        return True
    return bool(
        first.lstrip().startswith(b"solid") and b"endsolid" in _last(file, size) and _is_text(file, size)
    )


def _is_step(file: BinaryIO, size: int) -> bool:
    text = _first(file).removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        text.startswith(b"ISO-10303-21;")
        and b"END-ISO-10303-21;" in _last(file, size)
        and _is_text(file, size)
    )


def _is_text(file: BinaryIO, size: int) -> bool:
    """UTF-8, or one of the old one-byte encodings: no control characters but those of lines and tabs."""
    file.seek(0)
    while piece := file.read(1 << 20):
        if _CONTROL.search(piece):
            return False
    return not _looks_like_markup(_first(file))


def _looks_like_markup(first: bytes) -> bool:
    """HTML under another name: harmless as it is served here, not where it is put next."""
    begin = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    return begin.startswith((b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php"))


def _is_mp3(file: BinaryIO, size: int) -> bool:
    """Frames of MPEG audio, after a tag or at once: version, layer 3, a bit rate and a sampling rate that exist."""
    first = _first(file, 10)
    at = 0
    if first[:3] == b"ID3" and len(first) == 10:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(first[6:10], (21, 14, 7, 0), strict=True))
    file.seek(at)
    frame = file.read(65_536).lstrip(b"\x00")[:4]
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2 or frame[1] & 0x18 == 0x08:
        return False
    return frame[2] >> 4 not in (0, 15) and frame[2] >> 2 & 3 != 3


def _is_mp4(file: BinaryIO, size: int) -> bool:
    first = _first(file, 12)
    return first[4:8] == b"ftyp" and first[8:12] in (
        *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"),
        *(b"M4V ", b"M4A ", b"M4VP", b"dash", b"mmp4"),
    )


KINDS: Final = (
    FileKind(("pdf",), "application/pdf", _is_pdf),
    FileKind(("zip",), "application/zip", _is_zip),
    FileKind(("stl",), "model/stl", _is_stl),
    FileKind(("step", "stp"), "model/step", _is_step),
    FileKind(("csv",), "text/csv; charset=utf-8", _is_text),
    FileKind(("txt",), "text/plain; charset=utf-8", _is_text),
    FileKind(("md",), "text/markdown; charset=utf-8", _is_text),
    FileKind(("mp3",), "audio/mpeg", _is_mp3),
    FileKind(("mp4", "m4v", "m4a"), "video/mp4", _is_mp4),
)
MEDIA_TYPES: Final = frozenset(kind.media_type for kind in KINDS)


def kind_called(ending: str) -> FileKind | None:
    """The kind whose names end like this."""
    return next((kind for kind in KINDS if ending in kind.endings), None)
