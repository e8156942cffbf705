"""The few and frequent rows of the index (types, flags, channels) as bitmaps of 4,096 bytes, kept in the process.

Nearly every question asks for some of them, and they change only with their block: what was read of a block holds until
the block is made anew, under another number. The one exception are acts that are taken back later, which are noted in
place: those rows are kept for one state of the index only. Several threads share what is kept; none relies on what it
saw there a moment ago.
"""

from collections.abc import Iterable

from django.db import connection

from estime.ledger.search import rows
from estime.ledger.search.postings import BITMAP, bitmap_of
from estime.ledger.search.terms import UNDONE

_MOST = 16_384
"""Rows kept: 4 kB each at most, 64 MB in all; enough for some 50 M acts."""

_Key = tuple[int, int]
_NONE = bytes(BITMAP)


class _Kept:
    """What was read of one database: rows that hold as long as their block, and those of one state of the index."""

    def __init__(self) -> None:
        self.lasting: dict[_Key, bytes] = {}
        self.undone: tuple[int, dict[_Key, bytes]] = (0, {})

    def of(self, bucket: int, version: int) -> dict[_Key, bytes]:
        """Where the rows of a bucket are kept."""
        if bucket != UNDONE:
            return self.lasting
        undone = self.undone
        if undone[0] != version:
            undone = self.undone = (version, {})
        return undone[1]


_KEPT: dict[str, _Kept] = {}


def kind_bits(version: int, buckets: Iterable[int], block_ids: Iterable[int]) -> dict[_Key, bytes]:
    """The bitmaps of some rows in some blocks, by (bucket, block), of the index as of `version`."""
    blocks, kept = list(block_ids), _kept_here()
    told: dict[_Key, bytes] = {}
    missing: list[_Key] = []
    for bucket in buckets:
        known = kept.of(bucket, version)
        for block in blocks:
            key = (bucket, block)
            bits = known.get(key)
            if bits is None:
                missing.append(key)
            else:
                told[key] = bits
    if missing:
        told |= _read(kept, version, missing)
    return told


def _read(kept: _Kept, version: int, missing: list[_Key]) -> dict[_Key, bytes]:
    read = rows.postings_of(missing)
    fresh = {key: bitmap_of(data) if (data := read.get(key)) else _NONE for key in missing}
    if len(kept.lasting) + len(fresh) > _MOST:
        kept.lasting.clear()
    if len(fresh) <= _MOST:
        for key, bits in fresh.items():
            kept.of(key[0], version)[key] = bits
    return fresh


def _kept_here() -> _Kept:
    database = str(connection.settings_dict["NAME"])
    kept = _KEPT.get(database)
    if kept is None:
        _KEPT.clear()
        kept = _KEPT[database] = _Kept()
    return kept
