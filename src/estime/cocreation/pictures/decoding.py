"""Has a picture read by a process that may do nothing else (`child/`), and believes nothing that it answers."""

import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, BinaryIO, Final, NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.pictures.errors import (
    PictureBroken,
    PicturesBusy,
    PictureTooHeavy,
    PictureTooManyPixels,
)
from estime.kernel.home import pictures_dir

PIXELS: Final = 64_000_000
LONGEST: Final = 1600
THUMB: Final = 480
SECONDS: Final = 30.0
"""Of the clock; of processor time `child/` allows itself less."""
AT_ONCE: Final = 2
"""In one process of the server: each may take 1 GiB and a processor."""
WAIT: Final = 20.0
ANSWER: Final = 16 << 20
_CHILD: Final = Path(__file__).with_name("child") / "__main__.py"
_ROOM = BoundedSemaphore(AT_ONCE)
_PIXELS_ONLY: Final = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


class Made(NamedTuple):
    """A picture made anew, large and small, as WebP without metadata."""

    main: bytes
    thumb: bytes
    width: int
    height: int
    thumb_width: int
    thumb_height: int
    animated: bool


def picture_decode(file: BinaryIO, reader: str) -> Made:
    """Read a picture apart from everything else. Raises a typed error for what is too large, broken or hostile."""
    if not _ROOM.acquire(timeout=WAIT):
        raise PicturesBusy(
            _("Many pictures are being brought at this moment."), todo=_("Bring this one again in a minute.")
        )
    try:
        answer = _run(file, reader)
    finally:
        _ROOM.release()
    return _made(answer)


def _run(file: BinaryIO, reader: str) -> bytes:
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    words = [sys.executable, "-I", "-B", str(_CHILD), reader, str(PIXELS), str(LONGEST), str(THUMB)]
    known = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    with tempfile.TemporaryFile(dir=pictures_dir()) as out:
        try:
            done = subprocess.run(
                words,
                stdin=file,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=known,
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _refused("heavy") from error
        if done.returncode != 0:
            raise _refused("heavy" if done.returncode < 0 else "broken")
        out.seek(0)
        return out.read(ANSWER + 1)


def _made(answer: bytes) -> Made:
    """What the answer holds, if it is what it has to be."""
    line, _newline, pictures = answer.partition(b"\n")
    try:
        told: dict[str, Any] = json.loads(line[:1000])
        refused = str(told.get("refused", ""))
        sizes = [
            int(told.get(name, 0)) for name in ("width", "height", "thumb_width", "thumb_height", "main")
        ]
    except (ValueError, TypeError, AttributeError) as error:
        raise _refused("broken") from error
    width, height, thumb_width, thumb_height, length = sizes
    if refused:
        raise _refused(refused)
    main, thumb = pictures[:length], pictures[length:]
    if not (_bare_webp(main) and _bare_webp(thumb) and all(1 <= size <= LONGEST for size in sizes[:4])):
        raise _refused("broken")
    return Made(main, thumb, width, height, thumb_width, thumb_height, told.get("animated") is True)


def _bare_webp(content: bytes) -> bool:
    """Whether this is one WebP file that holds pixels and nothing else, from its first byte to its last."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return False
    if struct.unpack("<I", content[4:8])[0] + 8 != len(content):
        return False
    at, chunks = 12, set()
    while at + 8 <= len(content):
        size = struct.unpack("<I", content[at + 4 : at + 8])[0]
        chunks.add(content[at : at + 4])
        at += 8 + size + size % 2
    return at == len(content) and chunks <= _PIXELS_ONLY and bool(chunks & {b"VP8 ", b"VP8L"})


def _refused(why: str) -> PictureBroken | PictureTooHeavy | PictureTooManyPixels:
    if why == "pixels":
        return PictureTooManyPixels(
            _("This picture has more than %(number)s million pixels.") % {"number": PIXELS // 1_000_000},
            todo=_("Make it smaller (2,000 pixels wide are plenty) and bring it again."),
            most=PIXELS,
        )
    if why == "heavy":
        return PictureTooHeavy(
            _("This picture takes too long to read."), todo=_("Save it anew as JPEG or PNG, and bring that.")
        )
    return PictureBroken(
        _("This picture cannot be read: it may have been cut off on its way, or be damaged."),
        todo=_("Bring it again; or open it on your device, save it anew as JPEG or PNG, and bring that."),
    )
