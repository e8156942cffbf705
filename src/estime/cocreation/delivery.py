"""Digests as files below ESTIME_HOME/digests, until the part that writes to people delivers them.

One file per digest, a mail as RFC 5322 writes it, that any mail program opens. Its name is the digest's number and
nothing else; it names nobody's address. The same digest delivered again is the same file, whole at every moment. Files
are kept for `cocreation.digest_file_days`, then the daily sweep takes them away.
"""

import logging
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from email.charset import QP, Charset
from email.header import Header
from pathlib import Path
from typing import Final

from estime.cocreation.ports import Letter
from estime.kernel import clock
from estime.kernel.errors import disk_full
from estime.kernel.home import home

LOG = logging.getLogger(__name__)
AT_ONCE: Final = 8
"""Files written side by side: what costs is waiting for the disk, which takes several together as quickly as one."""
DAY: Final = 86_400.0
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WORDS: Final = Charset("utf-8")
_WORDS.header_encoding = QP


def to_files(letters: Sequence[Letter]) -> set[int]:
    """Write letters as files, each whole or not at all, and on the disk when this returns."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        written = [(letter.number, pool.submit(_write, letter)) for letter in letters]
        told = {number for number, done in written if _done(done, pool)}
    for folder in {letter_path(number).parent for number in told}:  # the names, too
        _sync(folder)
    return told


def _done(written: "Future[None]", pool: ThreadPoolExecutor) -> bool:
    if written.cancelled():
        return False
    try:
        written.result()
    except OSError as error:
        if disk_full(error):
            pool.shutdown(wait=False, cancel_futures=True)  # the others would not fare better
        else:
            LOG.warning("a digest could not be written: %s", error.strerror)
        return False
    return True


def _write(letter: Letter) -> None:
    path = letter_path(letter.number)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            raw.write(letter_bytes(letter))
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def letter_bytes(letter: Letter) -> bytes:
    """A letter as a mail; who it goes to and from is for whoever sends it to say.

    Written by hand: `EmailMessage` takes longer for one letter than all that was read and told for it.
    """
    edge = f"=_{secrets.token_hex(16)}"
    head = (
        f"Subject: {_header(letter.subject)}",
        f"List-Unsubscribe: <{letter.stop}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        f"X-Estime-Digest: {letter.number}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{edge}"',
        f"Content-Language: {letter.language}",
    )
    parts = (
        f'--{edge}\nContent-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n{body}'
        for kind, body in (("plain", letter.text), ("html", letter.html))
    )
    return ("\n".join(head) + "\n\n" + "\n".join(parts) + f"\n--{edge}--\n").encode()


def _header(text: str) -> str:
    """One line whatever is in it, encoded where it is not plain (RFC 2047)."""
    line = _CONTROL.sub(" ", text)
    if line.isascii() and line.isprintable() and len(line) < 900:
        return line
    return Header(line, _WORDS, header_name="Subject").encode()


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


def letters_sweep(days: int) -> int:
    """Take files away that were written longer ago than so many days; returns how many letters that were.

    What a kill left half written goes a day later, and folders that are empty then.
    """
    now, gone = clock.now().timestamp(), 0
    for folder in sorted((home() / "digests").glob("*/")):
        old = now - folder.stat().st_mtime > DAY
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                letter = path.suffix == ".eml"
                if now - path.stat().st_mtime > (days * DAY if letter else DAY):
                    path.unlink()
                    gone += letter
        if old:
            with suppress(OSError):  # not empty
                folder.rmdir()
    return gone
