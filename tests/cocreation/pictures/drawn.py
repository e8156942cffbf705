"""Pictures made in code, honest ones and others."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SECRET = b"48.8566N-2.3522E-secret"
"""Stands in whatever metadata a picture may carry."""


def swapped_profile() -> bytes:
    """A colour profile for which red is blue: that of sRGB with two entries called by each other's name."""
    return SRGB.replace(b"rXYZ", b"none").replace(b"bXYZ", b"rXYZ").replace(b"none", b"bXYZ")


def drawn(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.convert(mode).save(out, form, **options)
    return out.getvalue()


def moving(form: str) -> bytes:
    frames = [Image.new("RGB", (40, 30), (number * 40, 0, 0)) for number in range(5)]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=50)
    return out.getvalue()


def exif(turn: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = turn
    made[0x010F] = SECRET.decode()
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    made.get_ifd(0x8825)[29] = SECRET.decode()
    return made


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + SECRET + b"</rdf:RDF></x:xmpmeta>"


def png(*chunks: tuple[bytes, bytes], width: int = 8, height: int = 8, pixels: bytes | None = None) -> bytes:
    """A PNG with chunks of one's own before its pixels; its sizes may lie."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 200) if pixels is None else pixels
    whole = [(b"IHDR", header), *chunks, (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in whole
    )


def gif_larger_than_it_says() -> bytes:
    """A screen of 1 × 1 with a frame of 65,535 × 65,535 on it."""
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
        b"\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x44\x01\x00\x3b"
    )
