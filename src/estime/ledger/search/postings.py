"""Which acts of one block have which term, packed. Pure: numbers and bytes.

A block holds up to 32,768 acts in the order of time; an act's place in it is its slot. The terms of a block are spread
over 1,024 buckets, one row of the database each, so that asking for one term reads a few kilobytes of each block. What
accounts are found by is in 512 more: less than a kilobyte each, for a person is looked up in every block.
Layout of a bucket, little-endian: n (u32), m (u32) · n high parts (u32), sorted · n low parts (u16) · n values (u32):
the only slot, or 2^31 + which of the lists · m + 1 ends of lists (u32) · m lists: slots (u16), or from 2,048 slots on
a bitmap (4,096 bytes).

Sets of slots are Python's whole numbers used as bitmaps: bit s is slot s. AND, OR and counting of 32,768 bits take
about a microsecond each.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

SLOTS = 32_768
BUCKETS = 1_024
WHO = 512
EVERY_BUCKET = range(BUCKETS + WHO)
_BITS = 11
_BUCKET = (1 << _BITS) - 1
BITMAP = SLOTS // 8
_MANY = BITMAP // 2
_LIST = 1 << 31
_FEW = 24

U64 = npt.NDArray[np.uint64]
U16 = npt.NDArray[np.uint16]
I64 = npt.NDArray[np.int64]


def bucket_of(term: int) -> int:
    return term & _BUCKET


def common(number: int) -> int:
    """The term of this number (58 bits) among words and identifiers."""
    return number & ~BUCKETS


def who(number: int) -> int:
    """The term of this number (58 bits) among accounts."""
    return number & ~_BUCKET | BUCKETS | number & (WHO - 1)


def beside(number: int, term: int) -> int:
    """The term of this number (58 bits) in the bucket of another one."""
    return number & ~_BUCKET | term & _BUCKET


def pack(terms: U64, slots: U16) -> Iterator[tuple[int, bytes]]:
    """Buckets and their bytes, from one entry per term and slot (the same entry may come twice)."""
    if not len(terms):
        return
    order = ((terms & np.uint64(_BUCKET)) << np.uint64(48)) | (terms >> np.uint64(_BITS))
    by = np.lexsort((slots, order))
    order, slots = order[by], slots[by]
    once = np.ones(len(order), bool)
    once[1:] = (order[1:] != order[:-1]) | (slots[1:] != slots[:-1])
    order, slots = order[once], slots[once]
    starts = np.flatnonzero(np.concatenate(([True], order[1:] != order[:-1])))
    ends = np.append(starts[1:], len(order))
    names = order[starts]
    buckets = (names >> np.uint64(48)).astype(np.int64)
    edges = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1])))
    for first, last in zip(edges, [*edges[1:], len(names)], strict=True):
        yield int(buckets[first]), _bucket(names[first:last], starts[first:last], ends[first:last], slots)


def _bucket(names: U64, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], slots: U16) -> bytes:
    tails = names & np.uint64((1 << 48) - 1)
    values = slots[starts].astype(np.uint32)
    many = np.flatnonzero(ends - starts > 1)
    values[many] = _LIST + np.arange(len(many), dtype=np.uint32)
    lists = [packed(slots[starts[i] : ends[i]]) for i in many.tolist()]
    bounds = np.cumsum([0, *map(len, lists)], dtype=np.uint32)
    return b"".join(
        (
            struct.pack("<II", len(names), len(lists)),
            (tails >> np.uint64(16)).astype("<u4").tobytes(),
            (tails & np.uint64(0xFFFF)).astype("<u2").tobytes(),
            values.astype("<u4").tobytes(),
            bounds.astype("<u4").tobytes(),
            *lists,
        )
    )


def packed(slots: U16) -> bytes:
    """One list of slots, rising and each once."""
    if len(slots) < _MANY:
        return slots.astype("<u2").tobytes()
    bits = np.zeros(SLOTS, np.uint8)
    bits[slots] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def found(data: bytes, term: int) -> int:
    """The slots of a term in a bucket's bytes, as a bitmap; 0 when it is not there."""
    count, lists = struct.unpack_from("<II", data)
    view = memoryview(data)
    tail = term >> _BITS
    high, low = tail >> 16, tail & 0xFFFF
    highs = view[8 : 8 + 4 * count].cast("I")
    at = bisect_left(highs, high)
    lows = 8 + 4 * count
    values = lows + 2 * count
    while at < count and highs[at] == high:
        if struct.unpack_from("<H", data, lows + 2 * at)[0] == low:
            (value,) = struct.unpack_from("<I", data, values + 4 * at)
            if value < _LIST:
                return 1 << int(value)
            ends = values + 4 * count
            begin, end = struct.unpack_from("<II", data, ends + 4 * (value - _LIST))
            start = ends + 4 * (lists + 1)
            return bits_of(view[start + begin : start + end])
        at += 1
    return 0


def bits_of(data: bytes | memoryview) -> int:
    """A packed list as a bitmap."""
    if len(data) == BITMAP:
        return int.from_bytes(data, "little")
    slots = np.frombuffer(data, "<u2")
    if len(slots) <= _FEW:
        return sum(1 << slot for slot in slots.tolist())
    return int.from_bytes(bitmap_of(data), "little")


def bitmap_of(data: bytes | memoryview) -> bytes:
    """A packed list as the bytes of a bitmap."""
    if len(data) == BITMAP:
        return bytes(data)
    bits = np.zeros(SLOTS, np.uint8)
    bits[np.frombuffer(data, "<u2")] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def matrix_of(bitmaps: Sequence[bytes]) -> U64:
    """Bitmaps of several blocks as one table: a row for each, 64 slots in each number."""
    return np.frombuffer(b"".join(bitmaps), np.uint64).reshape(len(bitmaps), BITMAP // 8)


def bytes_of(bits: int) -> bytes:
    """A bitmap as its bytes."""
    return bits.to_bytes(BITMAP, "little")


def slots_of(bits: int) -> U16:
    """The slots of a bitmap, rising."""
    raw = np.frombuffer(bytes_of(bits), np.uint8)
    return np.flatnonzero(np.unpackbits(raw, bitorder="little")).astype(np.uint16)


def highest(bits: int, most: int) -> list[int]:
    """Up to `most` slots from the highest down."""
    taken: list[int] = []
    while bits and len(taken) < most:
        slot = bits.bit_length() - 1
        taken.append(slot)
        bits ^= 1 << slot
    return taken


def lowest(bits: int, most: int) -> list[int]:
    """Up to `most` slots from the lowest up."""
    taken: list[int] = []
    while bits and len(taken) < most:
        low = bits & -bits
        taken.append(low.bit_length() - 1)
        bits ^= low
    return taken


def below(slot: int) -> int:
    """The bitmap of all slots under this one."""
    return (1 << slot) - 1
