"""A chart that stands alone, as PNG: painted by a process of its own when it is first wanted, then kept."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from threading import Semaphore
from typing import Final

from django.utils.translation import gettext as _

from estime.kernel.errors import EstimeError
from estime.readouts.models import Picture

_PAINTER: Final = Path(__file__).with_name("painter.py")
_ROOM: Final = Semaphore(1)
"""One at a time in each process of the server: each takes a processor for half a second."""
WAIT: Final = 10.0
SECONDS: Final = 30.0


class PictureUnpainted(EstimeError):
    """The picture could not be painted now: others are being painted, or the painter failed."""

    code = "picture-unpainted"
    exit_code = 3


def picture_png(svg: str) -> bytes:
    """The picture of a stand-alone SVG of ours. Raises `PictureUnpainted`."""
    digest = hashlib.sha256(svg.encode()).hexdigest()
    known = _kept(digest)
    if known is not None:
        return known
    if not _ROOM.acquire(timeout=WAIT):
        raise PictureUnpainted(_("Other pictures are just being painted: ask again in a moment."))
    try:
        known = _kept(digest)  # whoever was before us may have wanted the same
        if known is not None:
            return known
        png = _painted(svg)
        Picture.objects.bulk_create([Picture(digest=digest, png=png)], ignore_conflicts=True)
        return png
    finally:
        _ROOM.release()


def _kept(digest: str) -> bytes | None:
    png = Picture.objects.filter(digest=digest).values_list("png", flat=True).first()
    return None if png is None else bytes(png)


def _painted(svg: str) -> bytes:
    words = [sys.executable, "-I", "-B", str(_PAINTER)]
    known = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(
            words, input=svg.encode(), capture_output=True, env=known, cwd="/", timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PictureUnpainted(_("The picture could not be painted. Take the SVG instead.")) from error
    return done.stdout
