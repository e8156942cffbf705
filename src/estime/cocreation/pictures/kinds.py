"""What a file is by its first bytes, whatever its name and its sender say."""

from typing import Final, NamedTuple

LOOKED_AT: Final = 512
_HEIF: Final = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


class Kind(NamedTuple):
    """What it is, and the reader that may open it: none where it is no picture that is taken in."""

    name: str
    reader: str = ""


def kind_of(first: bytes) -> Kind:
    """The kind of a file, from its first `LOOKED_AT` bytes; the name is empty where it is nothing we know."""
    if first.startswith(b"\xff\xd8\xff"):
        return Kind("jpeg", "JPEG")
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("png", "PNG")
    if first.startswith((b"GIF87a", b"GIF89a")):
        return Kind("gif", "GIF")
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return Kind("webp", "WEBP")
    return Kind(_refused(first))


def _refused(first: bytes) -> str:
    if first[4:8] == b"ftyp":
        if first[8:12] in _HEIF:
            return "heic"
        return "avif" if first[8:12] in (b"avif", b"avis") else "video"
    if b"<svg" in first.lower():
        return "svg"
    beginnings = {
        b"%PDF-": "pdf",
        b"BM": "bmp",
        b"II*\x00": "tiff",
        b"MM\x00*": "tiff",
        b"\x1aE\xdf\xa3": "video",
    }
    return next((name for begin, name in beginnings.items() if first.startswith(begin)), "")
