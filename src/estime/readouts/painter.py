"""A program of its own: one stand-alone SVG on standard input, its picture as PNG on standard output.

`pictures.py` starts it when somebody wants a picture: pages load no engine, and few of all pictures are ever wanted.
"""

import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import vl_convert

SCALE = 2
"""Pixels for each unit of the SVG's width: 1,280 across, enough for a slide."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def painted(svg: str) -> bytes:
    """The picture, as small as it gets without losing a pixel; in our own type, whatever the machine has."""
    vl_convert.register_font_directory(str(Path(__file__).with_name("fonts")))
    return packed(vl_convert.svg_to_png(svg, scale=SCALE))


def packed(png: bytes) -> bytes:
    """The same pixels in a third of the bytes: the renderer packs for speed."""
    chunks = list(_chunks(png))
    pixels = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    kept = [(name, data) for name, data in chunks if name in (b"IHDR", b"PLTE", b"tRNS")]
    kept += [(b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in kept)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    sys.stdout.buffer.write(painted(sys.stdin.buffer.read().decode()))
