"""Names of files as people gave them, made fit to be shown and to be saved under anywhere."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 100
_FORBIDDEN: Final = re.compile(r'[<>:"|?*%]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)


def file_name_clean(told: str, ending: str = "") -> str:
    """A name without folders, without what cannot be seen or turns letters round, that every system can save.

    With `ending`, that is how the name ends, whatever it ended with: what is served as a PDF is called one.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]
    seen = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in last)
    stem, dot, end = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(" .").rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", end):
        stem, end = stem + dot + end, ""
    stem = stem.strip(" .") or "file"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    end = (ending.lstrip(".") or end).lower()
    return _short(stem, LONGEST - len(end) - 1) + (f".{end}" if end else "")


def name_ending(told: str) -> str:
    """How a name ends, without the dot, in small letters; empty where it does not say."""
    _stem, dot, end = told.rpartition(".")
    return end.strip().lower() if dot else ""


def _short(stem: str, most: int) -> str:
    """Its beginning and its end, where versions are told; within the 255 bytes that file systems allow."""
    while len(stem) > most or len(stem.encode()) > 200:
        most = min(most, len(stem)) - 1
        half = most // 2
        stem = stem[:half].rstrip() + "…" + stem[len(stem) - (most - half - 1) :].lstrip("…")
    return stem
