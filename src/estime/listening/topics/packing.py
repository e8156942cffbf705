"""Very many numbers of acts in one column. No numpy: pages read them."""

from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from zlib import compress, decompress


def packed(numbers: Sequence[int]) -> bytes:
    """Numbers in their order, as their differences.

    >>> unpacked(packed([9_000_000_000, 12, 7]))
    [9000000000, 12, 7]
    """
    steps = [later - earlier for earlier, later in pairwise([0, *numbers])]
    return compress(array("q", steps).tobytes())


def unpacked(told: bytes | memoryview) -> list[int]:
    """The numbers again."""
    steps = array("q")
    steps.frombytes(decompress(bytes(told)))
    return list(accumulate(steps))
