"""Pictures that members bring: read apart, made anew without metadata, kept under the hash of what they became.

The original is never kept: not its place and time, not the name of its camera, not what hides behind the pixels. Moving
pictures become their first frame: what moves by itself cannot be stopped by who reads (WCAG 2.2.2).
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.pictures.decoding import picture_decode
from estime.cocreation.pictures.errors import PictureBroken, PictureGone, PictureTooLarge, PictureUnknown
from estime.cocreation.pictures.kinds import LOOKED_AT, kind_of
from estime.cocreation.storage import (
    Part,
    Readable,
    arriving,
    pieces,
    stored_forget,
    stored_path,
    stored_sweep,
)
from estime.kernel.configuration import configuration
from estime.kernel.home import pictures_dir

MEDIA_TYPE: Final = "image/webp"
_SUFFIX: Final = {"main": ".webp", "thumb": ".thumb.webp"}
Size = Literal["main", "thumb"]


class PictureTaken(NamedTuple):
    """A picture as it is kept. `animated`: it moved, and only its first frame is kept."""

    sha256: str
    width: int
    height: int
    bytes: int
    thumb_width: int
    thumb_height: int
    animated: bool
    media_type: str = MEDIA_TYPE


def picture_take(stream: Readable, *, most: int | None = None) -> PictureTaken:
    """Take a picture in; the same one twice is kept once. `most` bytes, else `cocreation.picture_mb` of the settings.

    Raises `PictureTooLarge`, `PictureUnknown`, `PictureTooManyPixels`, `PictureBroken`, `PictureTooHeavy`,
    `PicturesBusy` or `StorageFull`; then nothing of it is kept.
    """
    limit = configuration().cocreation.picture_mb << 20 if most is None else most
    with ExitStack() as stack:
        part = stack.enter_context(arriving(pictures_dir()))
        for piece in pieces(stream, limit):
            part.write(piece)
        if part.size > limit:
            raise _too_large(limit)
        made = picture_decode(part.file, _reader(part))
        main = stack.enter_context(arriving(pictures_dir()))
        main.write(made.main)
        thumb = stack.enter_context(arriving(pictures_dir()))
        thumb.write(made.thumb)
        digest = main.digest
        thumb.keep(_SUFFIX["thumb"], digest)  # first: where there is a picture there is its thumbnail
        main.keep(_SUFFIX["main"])
    return PictureTaken(
        digest, made.width, made.height, len(made.main), made.thumb_width, made.thumb_height, made.animated
    )


def picture_path(sha256: str, size: Size = "main") -> Path:
    """Where a picture is. Raises `PictureGone`."""
    try:
        path = stored_path(pictures_dir(), sha256, _SUFFIX[size])
    except ValueError:
        path = None
    if path is None or not path.is_file():
        raise PictureGone(
            _("This picture is not here any more."), todo=_("Go back to the page it belongs to.")
        )
    return path


def picture_forget(sha256: str) -> bool:
    """Take a picture away at once, whoever else brought the same one; returns whether it was there."""
    return stored_forget(pictures_dir(), sha256, _SUFFIX.values())


def pictures_sweep(known: Callable[[list[str]], set[str]]) -> int:
    """Take away what nobody refers to any more, a day after it came. `known`: which of some hashes somebody does."""
    return stored_sweep(pictures_dir(), known)


def picture_headers(sha256: str, *, public: bool) -> dict[str, str]:
    """What is said to a browser beside a picture: it never changes, and is a picture whatever anybody says.

    It is asked for again after ten minutes: one that is hidden must not live on in what others keep.
    """
    return {
        "Content-Type": MEDIA_TYPE,
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin" if public else "same-origin",
        "Cache-Control": f"{'public' if public else 'private'}, max-age=600",
        "ETag": f'"{sha256}"',
    }


def _reader(part: Part) -> str:
    part.file.seek(0)
    kind = kind_of(part.file.read(LOOKED_AT))
    if part.size == 0:
        raise PictureBroken(_("This picture holds nothing."), todo=_("Bring the picture again."))
    if not kind.reader:
        raise _unknown(kind.name)
    return kind.reader


def _too_large(limit: int) -> PictureTooLarge:
    return PictureTooLarge(
        _("This picture has more than %(number)s MiB.") % {"number": limit >> 20},
        todo=_("Make it smaller (2,000 pixels wide are plenty) and bring it again."),
        limit=limit,
    )


def _unknown(kind: str) -> PictureUnknown:
    todo = {
        "heic": _(
            "Share it from your phone as JPEG: on an iPhone, Settings, Camera, Formats, “Most Compatible”; or send it"
            " to yourself by e-mail, which makes a JPEG of it."
        ),
        "svg": _("A drawing in SVG can hold programs. Export it as PNG, and bring that."),
        "video": _("This is a film. Bring a picture of it, or a link to it."),
        "pdf": _("This is a PDF. Bring the page as a picture: a screenshot will do."),
    }.get(kind, _("Save it as JPEG or PNG, and bring that."))
    names = {"heic": "HEIC", "svg": "SVG", "avif": "AVIF", "bmp": "BMP", "tiff": "TIFF"}
    what = (
        _("Pictures in %(format)s cannot be taken here.") % {"format": names[kind]}
        if kind in names
        else _("This is not a picture in JPEG, PNG, WebP or GIF.")
    )
    return PictureUnknown(what, todo=todo, kind=kind)
