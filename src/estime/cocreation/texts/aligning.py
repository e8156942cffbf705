"""Which pieces of two sequences are the same pieces, in time that stays bounded whatever they hold.

What both begin and end with is taken first; then pieces that each side has once (as Bram Cohen's patience diff does:
people can follow such a comparison); between those the longest common subsequence, where that is small. What is left
is taken for different. Deterministic.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SMALL: Final = 10_000
"""Product of two lengths up to which all pairs are compared."""
DEEPEST: Final = 24


class Same(NamedTuple):
    """`length` pieces that are the same on both sides, from these places on."""

    left: int
    right: int
    length: int


class _Range(NamedTuple):
    left: int
    left_end: int
    right: int
    right_end: int
    depth: int


def align(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Same]:
    """The pieces that stayed, in their order on both sides; neighbours are joined."""
    pairs: list[tuple[int, int]] = []
    todo = [_Range(0, len(left), 0, len(right), 0)]
    while todo:
        part = _ends(left, right, todo.pop(), pairs)
        if part.left == part.left_end or part.right == part.right_end:
            continue
        anchors = _anchors(left, right, part) if part.depth < DEEPEST else []
        if anchors:
            todo += _between(part, anchors)
            pairs += anchors
        elif (part.left_end - part.left) * (part.right_end - part.right) <= SMALL:
            pairs += _longest_common(left, right, part)
    return _joined(sorted(pairs))


def _ends(
    left: Sequence[Hashable], right: Sequence[Hashable], part: _Range, pairs: list[tuple[int, int]]
) -> _Range:
    """What is between the beginnings and the ends that both have; those are noted."""
    i, i_end, j, j_end, depth = part
    while i < i_end and j < j_end and left[i] == right[j]:
        pairs.append((i, j))
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and left[i_end - 1] == right[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        pairs.append((i_end, j_end))
    return _Range(i, i_end, j, j_end, depth)


def _anchors(left: Sequence[Hashable], right: Sequence[Hashable], part: _Range) -> list[tuple[int, int]]:
    """Pieces that both sides have exactly once, as many as stand in the same order on both."""
    ours = left[part.left : part.left_end]
    theirs = right[part.right : part.right_end]
    once, other = Counter(ours), Counter(theirs)
    places = {piece: part.right + j for j, piece in enumerate(theirs) if other[piece] == 1}
    both = [
        (part.left + i, places[piece]) for i, piece in enumerate(ours) if once[piece] == 1 and piece in places
    ]
    return _rising(both)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A longest run of pairs whose second numbers rise, too."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_left, right) in enumerate(pairs):
        place = bisect_left(tops, right)
        before.append(at[place - 1] if place else -1)
        tops[place : place + 1] = [right]
        at[place : place + 1] = [index]
    found, index = [], at[-1] if at else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _between(part: _Range, anchors: list[tuple[int, int]]) -> list[_Range]:
    edges = [(part.left - 1, part.right - 1), *anchors, (part.left_end, part.right_end)]
    return [_Range(i + 1, i_end, j + 1, j_end, part.depth + 1) for (i, j), (i_end, j_end) in pairwise(edges)]


def _longest_common(
    left: Sequence[Hashable], right: Sequence[Hashable], part: _Range
) -> list[tuple[int, int]]:
    rows, columns = part.left_end - part.left, part.right_end - part.right
    lengths = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        row, below, piece = lengths[i], lengths[i + 1], left[part.left + i]
        for j in range(columns - 1, -1, -1):
            if piece == right[part.right + j]:
                row[j] = below[j + 1] + 1
            else:
                row[j] = below[j] if below[j] >= row[j + 1] else row[j + 1]
    found, i, j = [], 0, 0
    while i < rows and j < columns:
        if left[part.left + i] == right[part.right + j]:
            found.append((part.left + i, part.right + j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _joined(pairs: list[tuple[int, int]]) -> list[Same]:
    found: list[Same] = []
    for i, j in pairs:
        if found and (found[-1].left + found[-1].length, found[-1].right + found[-1].length) == (i, j):
            found[-1] = found[-1]._replace(length=found[-1].length + 1)
        else:
            found.append(Same(i, j, 1))
    return found
