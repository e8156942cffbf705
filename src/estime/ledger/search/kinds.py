"""The few and frequent rows of the index (types, flags, channels) as bitmaps of 4,096 bytes, kept in the process.

Nearly every question asks for some of them, and they change only with their block: what was read of a block holds until
the block is made anew. The one exception are acts that are taken back later, which are noted in place: those rows are
read again whenever the index has changed.
"""

from collections.abc import Iterable

from django.db import connection

from estime.ledger.search import rows
from estime.ledger.search.postings import BITMAP, bitmap_of
from estime.ledger.search.terms import UNDONE

_MOST = 16_384
"""Rows kept: 4 kB each at most, 64 MB in all; enough for some 50 M acts."""

_Key = tuple[int, int]
_KEPT: dict[_Key, bytes] = {}
_NONE = bytes(BITMAP)
_OF: list[object] = [None, None]


def kind_bits(version: int, buckets: Iterable[int], block_ids: Iterable[int]) -> dict[_Key, bytes]:
    """The bitmaps of some rows in some blocks, by (bucket, block), of the index as of `version`."""
    _settle(version)
    wanted = [(bucket, block) for block in block_ids for bucket in buckets]
    missing = [key for key in wanted if key not in _KEPT]
    if not missing:
        return {key: _KEPT[key] for key in wanted}
    read = rows.postings_of(missing)
    fresh = {key: bitmap_of(data) if (data := read.get(key)) else _NONE for key in missing}
    told = {key: fresh[key] if key in fresh else _KEPT.get(key, _NONE) for key in wanted}
    if len(_KEPT) + len(fresh) > _MOST:
        _KEPT.clear()
    if len(fresh) <= _MOST:
        _KEPT.update(fresh)
    return told


def _settle(version: int) -> None:
    """Let go of what may have changed since the version that the kept rows were read of."""
    of = [str(connection.settings_dict["NAME"]), version]
    if of == _OF:
        return
    if of[0] != _OF[0]:
        _KEPT.clear()
    for key in [key for key in list(_KEPT) if key[0] == UNDONE]:
        _KEPT.pop(key, None)
    _OF[:] = of
