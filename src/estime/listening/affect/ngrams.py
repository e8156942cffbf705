"""Counts of words, pairs of words and pieces of words, hashed, for many texts at once.

The pieces stay inside words (a space stands for the edge of one). All of it is array arithmetic over the
code points of the
whole batch: a text costs some microseconds.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LONGEST_PIECE: Final = 5
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_BASE: Final = 0x100000001B3
_UNBASE: Final = pow(_BASE, -1, 2**64)
_PAIR: Final = np.uint64(0xD6E8FEB86659FD93)
_SPACE: Final = 32
_DRAWN: Final = re.compile(r"(.)\1{2,}")

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]


Block = tuple[Rows, NDArray[np.int64]]  # rows, in order, and the bucket that occurs in each


def spaced(words: Sequence[str]) -> str:
    """How `hashed` wants a text: its words parted by single spaces, long-drawn letters cut to two."""
    return _DRAWN.sub(r"\1\1", " ".join(words))


def hashed(texts: Sequence[str], *, bits: int) -> tuple[list[Block], list[Block]]:
    """Words and pairs of words, then pieces of words, of texts whose words are parted by single spaces."""
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if not codes.size:
        return [], []
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    spaces = codes == _SPACE
    return _words(codes, spaces, rows, bits), _pieces(codes, spaces, rows, bits)


def _bucket(hashes: Hashes, bits: int) -> NDArray[np.int64]:
    mixed = hashes ^ (hashes >> np.uint64(31))
    mixed *= _STEP
    mixed ^= mixed >> np.uint64(29)
    mixed *= _PAIR
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _words(codes: Hashes, spaces: NDArray[np.bool_], rows: Rows, bits: int) -> list[Block]:
    edge = np.flatnonzero(spaces)
    start, end = edge[:-1] + 1, edge[1:]
    full = (end > start) & (rows[edge[:-1]] == rows[edge[1:]])
    start, end = start[full], end[full]
    sums = np.concatenate(
        [np.zeros(1, np.uint64), np.cumsum(codes * _powers(_BASE, codes.size), dtype=np.uint64)]
    )
    word = (sums[end] - sums[start]) * _powers(_UNBASE, codes.size)[start]
    owner = rows[start]
    paired = owner[1:] == owner[:-1]
    pair = (word[:-1] * _PAIR + word[1:] + _STEP)[paired]
    return [(owner, _bucket(word, bits)), (owner[1:][paired], _bucket(pair, bits))]


def _powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _pieces(codes: Hashes, spaces: NDArray[np.bool_], rows: Rows, bits: int) -> list[Block]:
    crossed = np.concatenate([[0], np.cumsum(spaces)])
    hashes, blocks = codes, []
    for length in range(2, LONGEST_PIECE + 1):
        if codes.size < length:
            break
        hashes = hashes[:-1] * np.uint64(_BASE) + codes[length - 1 :]
        count = hashes.size
        # Nothing but the first and the last character may be a space, and not both in a piece of two.
        within = crossed[length - 1 : length - 1 + count] == crossed[1 : 1 + count]
        if length == 2:
            within &= ~(spaces[:count] & spaces[1:])
        salted = hashes[within] + np.uint64(length * int(_STEP) % 2**64)
        blocks.append((rows[:count][within], _bucket(salted, bits)))
    return blocks
