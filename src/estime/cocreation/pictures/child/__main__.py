"""A program of its own: reads one hostile picture, and writes it anew as two WebP pictures.

It is started by `decoding.py` with nothing of the server in it: no Django, no environment, no open file but the picture
and the answer. Before it looks at a byte of the picture it gives up for good the right to more memory, processor time,
output, files, sockets and processes. What a picture may do to it ends with it.

Standard input: the picture. Arguments: its reader, the most pixels, the longest side of picture and thumbnail.
Standard output: one line of JSON, then both WebP pictures: {"width", "height", "main", "thumb_width", "thumb_height",
"thumb", "animated"}, or {"refused": "pixels" | "broken" | "heavy"}.
"""

import io
import json
import resource
import sys
import warnings

MEMORY = 1 << 30
SECONDS = 20
OUTPUT = 16 << 20
PROFILE = 4 << 20
"""Bytes of a colour profile; a larger one is left alone."""
QUALITY = 82
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""EXIF's orientation → Pillow's number of the transposition that undoes it."""


def _limit(what: int, limit: int) -> None:
    resource.setrlimit(what, (limit, limit))


_limit(resource.RLIMIT_AS, MEMORY)
_limit(resource.RLIMIT_CPU, SECONDS)
_limit(resource.RLIMIT_FSIZE, OUTPUT)
_limit(resource.RLIMIT_CORE, 0)

import copy  # within the limits
import encodings.ascii
import encodings.latin_1
import encodings.utf_16

from PIL import (
    ExifTags,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageColor,
    ImageFile,
    ImageFilter,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

LOADED = (
    *(GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin),
    *(ExifTags, ImageColor, ImageFile, ImageFilter, ImagePalette, copy, encodings),
)
"""All that Pillow would load on its way, once no more file may be opened; TIFF's is how it reads EXIF."""
Image.preinit()


def main() -> None:
    reader, most, longest, thumb = sys.argv[1], *map(int, sys.argv[2:5])
    content = sys.stdin.buffer.read()
    _limit(resource.RLIMIT_NOFILE, 3)
    _limit(resource.RLIMIT_NPROC, 0)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = most
    try:
        told, pictures = _anew(content, reader, longest, thumb)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        told, pictures = {"refused": "pixels"}, b""
    except MemoryError:
        told, pictures = {"refused": "heavy"}, b""
    except Exception:  # whatever a hostile picture makes of Pillow
        told, pictures = {"refused": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pictures)
    sys.stdout.buffer.flush()


def _anew(content: bytes, reader: str, longest: int, thumb: int) -> tuple[dict[str, object], bytes]:
    with Image.open(io.BytesIO(content), formats=[reader, "MPO"] if reader == "JPEG" else [reader]) as opened:
        most = Image.MAX_IMAGE_PIXELS or 0
        if opened.width * opened.height > most:
            raise Image.DecompressionBombError
        animated = bool(getattr(opened, "is_animated", False)) and reader != "JPEG"
        opened.seek(0)
        opened.draft("RGB", (longest, longest))
        opened.load()
        turn, profile = _orientation(opened), opened.info.get("icc_profile")
        picture = _small(_flat(opened), longest)
    picture = _srgb(picture, profile)
    if turn in _TURNS:
        picture = picture.transpose(Image.Transpose(_TURNS[turn]))
    small = _small(picture.copy(), thumb)
    one, two = _webp(picture), _webp(small)
    told: dict[str, object] = {
        "width": picture.width,
        "height": picture.height,
        "main": len(one),
        "thumb_width": small.width,
        "thumb_height": small.height,
        "thumb": len(two),
        "animated": animated,
    }
    return told, one + two


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # damaged EXIF says nothing
        return 1


def _flat(picture: Image.Image) -> Image.Image:
    """Eight bits per colour and nothing to look through: what was hidden behind is gone, the ground is white."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGB", "CMYK", "L"):
        return picture
    if picture.mode in ("1", "F", "YCbCr", "LAB", "HSV"):
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, (255, 255, 255))
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _small(picture: Image.Image, longest: int) -> Image.Image:
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Colours as every screen shows them; a profile that cannot be read is left alone."""
    if isinstance(profile, bytes) and 0 < len(profile) <= PROFILE:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if made is not None:
                return made
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture.convert("RGB")


def _webp(picture: Image.Image) -> bytes:
    """The pixels and nothing else: a new picture, which has never known what came with the old one."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


if __name__ == "__main__":
    main()
