"""Two people changed the same text: both changes together, or where they stand in each other's way.

Invariants: without a conflict, the merged text holds every word that either side brought, and lacks only what one of
them took out; both sides may be swapped; a side that changed nothing changes nothing. A conflict holds all three
wordings: somebody chooses, nobody's words are lost. Changes by two people that touch each other, with no word or
end of a sentence in between that all three have, are a conflict: two halves by two people rarely make a whole.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from estime.cocreation.texts.aligning import Same, align
from estime.cocreation.texts.wording import Paragraph, is_word, paragraphs, words

ENDS: Final = frozenset(".!?…\n")
Choice = Literal["base", "mine", "theirs", "both"]


class Agreed(NamedTuple):
    """What both sides have, or one changed and the other left alone."""

    text: str


class Conflict(NamedTuple):
    """What both sides changed in ways of their own."""

    base: str
    mine: str
    theirs: str


class Merged(NamedTuple):
    """A text as far as it could be merged."""

    pieces: tuple[Agreed | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Conflict))

    @property
    def text(self) -> str:
        """The whole text. Raises `ValueError` while there are conflicts: `merged_with` decides them."""
        return merged_with(self, ())


def merged_with(merged: Merged, choices: Sequence[Choice]) -> str:
    """The text, with a choice for each conflict in its order; "both" is mine, then theirs. Raises `ValueError`."""
    if len(choices) != len(merged.conflicts):
        raise ValueError(f"{len(merged.conflicts)} conflicts, {len(choices)} choices")
    left = iter(choices)
    return "".join(
        piece.text if isinstance(piece, Agreed) else _chosen(piece, next(left)) for piece in merged.pieces
    )


def _chosen(conflict: Conflict, choice: Choice) -> str:
    if choice == "both":
        gap = "" if conflict.mine[-1:].isspace() or conflict.theirs[:1].isspace() else " "
        return conflict.mine + (gap if conflict.mine and conflict.theirs else "") + conflict.theirs
    return {"base": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}[choice]


class _Piece(NamedTuple):
    """Some pieces of the base, and what became of them on both sides."""

    base: list[str]
    mine: list[str]
    theirs: list[str]

    @property
    def stayed(self) -> bool:
        return self.base == self.mine == self.theirs

    def then(self, other: "_Piece") -> "_Piece":
        return _Piece(self.base + other.base, self.mine + other.mine, self.theirs + other.theirs)


def three_way(base: str, mine: str, theirs: str) -> Merged:
    """What becomes of `base` if both go ahead: the current version and an improvement on an older one, say."""
    if mine in (base, theirs) or theirs == base:
        whole = theirs if mine == base else mine
        return Merged((Agreed(whole),) if whole else ())
    pieces = _apart(list(_chunks(paragraphs(base), paragraphs(mine), paragraphs(theirs))))
    return Merged(tuple(_joined(map(_decided, pieces))))


def _chunks(was: list[Paragraph], ours: list[Paragraph], others: list[Paragraph]) -> Iterator[_Piece]:
    """The three texts cut where all of them agree."""
    to_mine, to_theirs = _places(was, ours), _places(was, others)
    base, mine, theirs = _words_in(was), _words_in(ours), _words_in(others)
    i = j = k = 0
    for at in range(len(base)):
        if at not in to_mine or at not in to_theirs:
            continue
        if (at, to_mine[at], to_theirs[at]) != (i, j, k):
            yield _Piece(base[i:at], mine[j : to_mine[at]], theirs[k : to_theirs[at]])
        yield _Piece([base[at]], [base[at]], [base[at]])
        i, j, k = at + 1, to_mine[at] + 1, to_theirs[at] + 1
    if i < len(base) or j < len(mine) or k < len(theirs):
        yield _Piece(base[i:], mine[j:], theirs[k:])


def _places(base: list[Paragraph], other: list[Paragraph]) -> dict[int, int]:
    """Where each word of the base that stayed is in the other text: by paragraph first, then by word."""
    found: dict[int, int] = {}
    i = j = at = there = 0
    for same in [
        *align([one.text for one in base], [one.text for one in other]),
        Same(len(base), len(other), 0),
    ]:
        parts = [(base[i : same.left], other[j : same.right])]
        parts += [([base[same.left + n]], [other[same.right + n]]) for n in range(same.length)]
        for ours, theirs in parts:
            mine, yours = _words_in(ours), _words_in(theirs)
            for run in align(mine, yours):
                found.update((at + run.left + n, there + run.right + n) for n in range(run.length))
            at, there = at + len(mine), there + len(yours)
        i, j = same.left + same.length, same.right + same.length
    return found


def _words_in(some: list[Paragraph]) -> list[str]:
    return [word for one in some for word in words(one.whole)]


def _apart(pieces: list[_Piece]) -> list[_Piece]:
    """Changes by different people that no word stands between become one."""
    made: list[_Piece] = []
    last = -1  # where the last change is, in `made`
    for piece in pieces:
        made.append(piece)
        if piece.stayed:
            continue
        between = made[last + 1 : -1] if last >= 0 else []
        if last >= 0 and not _boundary_in(between) and _by_both(made[last], piece):
            whole = made[last]
            for part in made[last + 1 :]:
                whole = whole.then(part)
            made[last:] = [whole]
        else:
            last = len(made) - 1
    return made


def _boundary_in(pieces: list[_Piece]) -> bool:
    """Whether a word, or the end of a sentence or line, stands between."""
    return any(is_word(word) or word in ENDS for piece in pieces for word in piece.base)


def _by_both(one: _Piece, other: _Piece) -> bool:
    """Whether one person changed the one and somebody else the other; what both changed alike is nobody's alone."""
    mine = any(piece.mine not in (piece.base, piece.theirs) for piece in (one, other))
    theirs = any(piece.theirs not in (piece.base, piece.mine) for piece in (one, other))
    return mine and theirs


def _decided(piece: _Piece) -> Agreed | Conflict:
    base, mine, theirs = map("".join, piece)
    if mine == theirs or theirs == base:
        return Agreed(mine)
    return Agreed(theirs) if mine == base else Conflict(base, mine, theirs)


def _joined(pieces: Iterator[Agreed | Conflict]) -> Iterator[Agreed | Conflict]:
    agreed: list[str] = []
    for piece in pieces:
        if isinstance(piece, Agreed):
            agreed.append(piece.text)
            continue
        if told := "".join(agreed):
            yield Agreed(told)
        agreed = []
        yield piece
    if told := "".join(agreed):
        yield Agreed(told)
