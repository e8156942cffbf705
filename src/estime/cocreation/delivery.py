"""Digests as files below ESTIME_HOME/digests, until the part that writes to people delivers them.

One file per digest, a mail as RFC 5322 writes it, that any mail program opens. Its name is the digest's number and
nothing else; it names nobody's address. The same digest delivered again is the same file, whole at every moment.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from estime.cocreation.ports import Letter
from estime.kernel.errors import disk_full
from estime.kernel.home import home

LOG = logging.getLogger(__name__)


def to_files(letters: Sequence[Letter]) -> set[int]:
    """Write letters as files, each whole or not at all, and on the disk when this returns."""
    told = set()
    for letter in letters:
        try:
            _write(letter)
        except OSError as error:
            if disk_full(error):
                break  # the others would not fare better
            LOG.warning("a digest could not be written: %s", error.strerror)
        else:
            told.add(letter.number)
    return told


def _write(letter: Letter) -> None:
    path = letter_path(letter.number)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            raw.write(letter_message(letter).as_bytes())
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def letter_message(letter: Letter) -> EmailMessage:
    """A letter as a mail; who it goes to and from is for whoever sends it to say."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["List-Unsubscribe"] = f"<{letter.stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["X-Estime-Digest"] = str(letter.number)
    message.set_content(letter.text, cte="8bit")
    message.add_alternative(letter.html, subtype="html", cte="8bit")
    message["Content-Language"] = (
        letter.language
    )  # last: what is said of a content before goes to its first part
    return message


def letter_path(number: int) -> Path:
    """Where the file of a digest is: a thousand in a folder."""
    return home() / "digests" / f"{number // 1000:06d}" / f"{number}.eml"


def letters_forget(numbers: Iterable[int]) -> int:
    """Take files of digests away at once; returns how many were there."""
    gone = 0
    for number in numbers:
        with suppress(FileNotFoundError):
            letter_path(number).unlink()
            gone += 1
    return gone
