"""Ids for rows that have none: the same content in the same order gets the same ids again.

An id is a hash of the row's content; the second identical row of a source gets "#2", the third "#3". So a
second import of the same file adds nothing, and two people writing "yes" in the same minute stay two acts.
"""

import hashlib
import sqlite3

import orjson

_CACHE_KIB = 32 * 1024


class DerivedIds:
    """Gives ids to rows by content. Counts on disk, in a private temporary file, so memory stays constant."""

    def __init__(self) -> None:
        self._seen: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection:
        seen = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        seen.execute("PRAGMA journal_mode = OFF")
        seen.execute("PRAGMA synchronous = OFF")
        seen.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        seen.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
        seen.execute("BEGIN")
        return seen

    def id_of(self, content: object) -> str:
        """The id of the next row with this content (anything JSON can hold; times and others as text)."""
        if self._seen is None:
            self._seen = self._open()
        packed = orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        digest = hashlib.blake2b(packed, digest_size=12).digest()
        (times,) = self._seen.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
            (digest,),
        ).fetchone()
        return f"row:{digest.hex()}" if times == 1 else f"row:{digest.hex()}#{times}"
