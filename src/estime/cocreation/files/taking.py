"""Files that people give others to work with (*Coulisses*): looked at, kept as they are, and only ever handed out.

A file is what both its content and its name say, of a short list. It is never opened in a page of ours: it is served to
be saved, under a name of its own, with headers that forbid a browser to make anything else of it.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from estime.cocreation.files.archives import archive_check
from estime.cocreation.files.errors import FileBroken, FileGone, FileTooLarge, FileUnknown, FilmTellsPlace
from estime.cocreation.files.kinds import KINDS, MEDIA_TYPES, FileKind, kind_called
from estime.cocreation.files.names import file_name_clean, name_ending
from estime.cocreation.pictures.kinds import LOOKED_AT, kind_of
from estime.cocreation.pictures.taking import PictureTaken, picture_take
from estime.cocreation.storage import (
    PIECE,
    Part,
    Readable,
    arriving,
    pieces,
    stored_path,
    stored_sweep,
)
from estime.kernel.configuration import configuration
from estime.kernel.home import files_dir

PICTURES: Final = ("jpg", "jpeg", "png", "webp", "gif")
_PLACE: Final = re.compile(
    rb"\xa9xyz..\x15\xc7[+-]\d\d|\xa9xyz....[+-]\d\d|com\.apple\.quicktime\.location", re.DOTALL
)


class FileTaken(NamedTuple):
    """A file as it is kept; `name` is fit to be shown and saved under."""

    sha256: str
    name: str
    media_type: str
    bytes: int


def attachment_take(stream: Readable, name: str) -> FileTaken | PictureTaken:
    """Take in what somebody attaches: a picture is made anew as every picture is, whatever else is kept as it is.

    Raises what `picture_take` and `file_take` raise.
    """
    if name_ending(file_name_clean(name)) in PICTURES:
        return picture_take(stream)
    return file_take(stream, name)


def file_take(stream: Readable, name: str, *, most: int | None = None) -> FileTaken:
    """Take a file in; the same content twice is kept once. `most` bytes, else `cocreation.file_mb` of the settings.

    Raises `FileTooLarge`, `FileUnknown`, `FileBroken`, `ArchiveRefused`, `FilmTellsPlace` or `StorageFull`; then
    nothing of it is kept.
    """
    limit = configuration().cocreation.file_mb << 20 if most is None else most
    shown = file_name_clean(name)
    kind = kind_called(name_ending(shown))
    if kind is None:
        raise _unknown()
    with arriving(files_dir()) as part:
        for piece in pieces(stream, limit):
            part.write(piece)
        if part.size > limit:
            raise _too_large(limit)
        _check(part, kind)
        digest = part.keep("")
    return FileTaken(digest, shown, kind.media_type, part.size)


def file_path(sha256: str) -> Path:
    """Where a file is. Raises `FileGone`."""
    try:
        path = stored_path(files_dir(), sha256, "")
    except ValueError:
        path = None
    if path is None or not path.is_file():
        raise FileGone(_("This file is not here any more."), todo=_("Go back to the page it belongs to."))
    return path


def files_sweep(known: Callable[[list[str]], set[str]]) -> int:
    """Take away what nobody refers to any more, a day after it came. `known`: which of some hashes somebody does."""
    return stored_sweep(files_dir(), known)


def file_headers(name: str, media_type: str, sha256: str) -> dict[str, str]:
    """What is said to a browser beside a file: save it under this name, and make nothing else of it."""
    return {
        "Content-Type": media_type if media_type in MEDIA_TYPES else "application/octet-stream",
        "Content-Disposition": str(content_disposition_header(True, file_name_clean(name))),
        "X-Content-Type-Options": "nosniff",
        "X-Download-Options": "noopen",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
        "ETag": f'"{sha256}"',
    }


def kinds_taken() -> tuple[str, ...]:
    """How names may end, for whoever is asked for a file; pictures come beside."""
    return tuple(ending for kind in KINDS for ending in kind.endings)


def _check(part: Part, kind: FileKind) -> None:
    if part.size == 0:
        raise FileBroken(_("This file holds nothing."), todo=_("Bring it again."))
    part.file.seek(0)
    if kind_of(part.file.read(LOOKED_AT)).reader or not kind.holds(part.file, part.size):
        raise FileUnknown(
            _("This file does not hold what its name says (.%(ending)s).") % {"ending": kind.endings[0]},
            todo=_("Save it anew from the program it was made with, and bring that."),
            ending=kind.endings[0],
        )
    if kind.media_type == "application/zip":
        archive_check(part.file, part.size)
    if kind.media_type == "video/mp4" and _tells_place(part.file):
        raise FilmTellsPlace(
            _("This film says where it was made, and everybody who saves it could read that."),
            todo=_(
                "Share it from your phone without its location (an option when you share), and bring that."
            ),
        )


def _tells_place(file: BinaryIO) -> bool:
    file.seek(0)
    before = b""
    while piece := file.read(PIECE):
        if _PLACE.search(before + piece):
            return True
        before = piece[-64:]
    return False


def _too_large(limit: int) -> FileTooLarge:
    return FileTooLarge(
        _("This file has more than %(number)s MiB.") % {"number": limit >> 20},
        todo=_("Make it smaller, cut it into parts, or put a link to it into your text."),
        limit=limit,
    )


def _unknown() -> FileUnknown:
    endings = ", ".join(f".{ending}" for ending in (*PICTURES, *kinds_taken()))
    return FileUnknown(
        _("Files of this kind cannot be taken here."),
        todo=_("These can: %(endings)s. Or put a link to it into your text.") % {"endings": endings},
    )
