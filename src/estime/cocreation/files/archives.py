"""Zips, looked at and never unpacked: what would harm whoever unpacks them is refused.

Only the list at a zip's end is read, and only if it is short: the list itself can be a bomb. Refused are sizes that no
honest folder has, files that share their bytes (46 MB that unpack to 4.5 PB do), names that lead out of the folder,
archives in archives, programs, and what is locked or cannot be read.
"""

import re
import struct
import zipfile
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from estime.cocreation.files.errors import ArchiveRefused, FileBroken

ENTRIES: Final = 5_000
LIST: Final = 1 << 20
"""Bytes of the list of files."""
UNPACKED: Final = 2 << 30
RATIO: Final = 100
"""So many times its size is the most that a zip may unpack to, beyond the first `FREE` bytes."""
FREE: Final = 50 << 20
_END: Final = b"PK\x05\x06"
_ARCHIVES: Final = frozenset("zip 7z rar gz tgz bz2 xz tar zst lz4 iso img dmg cab jar war".split())
_PROGRAMS: Final = frozenset(
    "exe dll scr com bat cmd msi msp ps1 psm1 vbs vbe jse wsf wsh hta lnk pif reg cpl scf url app apk ipa deb rpm sh"
    " command desktop docm xlsm pptm".split()
)


def archive_check(file: BinaryIO, size: int) -> None:
    """Raises `ArchiveRefused` for a zip that could harm, `FileBroken` for one that cannot be read."""
    _check_list(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        OverflowError,
        struct.error,
        UnicodeError,
    ) as error:
        raise _broken() from error
    if not entries:
        raise _broken()
    _check_sizes(entries, size)
    for entry in entries:
        _check_entry(entry)


def _check_list(file: BinaryIO, size: int) -> None:
    """That the list of files is short and stands at the end, before anything reads it."""
    file.seek(max(0, size - 65_557 - 20))
    tail = file.read(65_557 + 20)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise _broken()
    count, length, start = struct.unpack("<HII", tail[at + 10 : at + 20])
    if tail[max(0, at - 20) : at].startswith(b"PK\x06\x07") or 0xFFFFFFFF in (length, start):
        raise _refused("zip64", _("This zip is made for very large files (ZIP64)."))
    if count > ENTRIES or length > LIST:
        raise _refused("entries", _("This zip holds too many files."))


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > ENTRIES:
        raise _refused("entries", _("This zip holds too many files."))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED or unpacked > FREE + RATIO * size:
        raise _refused("bomb", _("This zip would unpack to much more than a folder of work holds."))
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise _refused("overlap", _("Files in this zip share their bytes, as no honest zip’s do."))
        end = (
            entry.header_offset
            + 30
            + len(entry.filename.encode("utf-8", "replace")) // 4
            + entry.compress_size
        )
    if end > size:
        raise _broken()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = re.split(r"[/\\]", name)
    if ".." in parts or name[:1] in ("/", "\\") or re.match(r"[A-Za-z]:", name) or "\x00" in name:
        raise _refused("path", _("A file in this zip would be put outside of its folder."))
    if entry.flag_bits & 0x1:
        raise _refused("locked", _("This zip is locked with a password, so it cannot be looked at."))
    if entry.external_attr >> 28 == 0xA:
        raise _refused("link", _("This zip holds a link to something outside of it."))
    ending = name.rpartition(".")[2].strip(" .").lower() if "." in parts[-1] else ""
    if ending in _ARCHIVES:
        raise _refused("nested", _("This zip holds another archive."))
    if ending in _PROGRAMS:
        raise _refused("program", _("This zip holds a program (.%(ending)s).") % {"ending": ending})


def _refused(why: str, words: str) -> ArchiveRefused:
    todo = {
        "zip64": _("Zip the folder anew with the program of your computer, and bring that."),
        "locked": _("Zip it anew without a password, and bring that."),
        "nested": _("Unpack it, zip everything as one folder, and bring that."),
        "program": _("Take it out and zip the rest; what people are to run can be linked to."),
    }.get(why, _("Zip only what people need to work on this, and bring that."))
    return ArchiveRefused(words, todo=todo, why=why)


def _broken() -> FileBroken:
    return FileBroken(
        _("This zip cannot be read: it may have been cut off on its way, or be damaged."),
        todo=_("Bring it again."),
    )
