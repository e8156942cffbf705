"""Changes that meet and are no conflict after all: each side only took whole paragraphs out, or only put some in.

Two who take out neighbouring paragraphs agree that both go; who takes one out, and who puts another one beside it, do
not stand in each other's way. Anything else stays a conflict, for somebody to decide.
"""

import re
from collections.abc import Iterator

from estime.cocreation.texts.merging import Agreed, Conflict, Merged, three_way
from estime.cocreation.texts.wording import paragraphs

_EDGE = re.compile(r"\A(\s*)(.*?)(\s*)\Z", re.DOTALL)


def three_way_settled(base: str, mine: str, theirs: str) -> Merged:
    """`three_way`, without the conflicts that are none by whole paragraphs."""
    merged = three_way(base, mine, theirs)
    return Merged(tuple(_joined(merged))) if merged.conflicts else merged


def _joined(merged: Merged) -> Iterator[Agreed | Conflict]:
    held = ""
    for piece in merged.pieces:
        told = piece.text if isinstance(piece, Agreed) else settled(piece)
        if told is None:
            if held:
                yield Agreed(held)
            held = ""
            yield piece
        else:
            held = _beside(held, told)
    if held:
        yield Agreed(held)


def _beside(one: str, other: str) -> str:
    """Two texts after each other, with one empty line between them where both bring one."""
    if one.endswith("\n\n") and other.startswith("\n\n"):
        return one.rstrip("\n") + other
    return one + other


def settled(conflict: Conflict) -> str | None:
    """The text that both sides mean; None where that is for somebody to say."""
    base, mine, theirs = (_parts(text) for text in (conflict.base, conflict.mine, conflict.theirs))
    kept, left = _found(mine, base), _found(theirs, base)
    if kept is not None and left is not None:
        told = [text for at, text in enumerate(base) if at in kept and at in left]
    elif kept is not None and (there := _found(base, theirs)) is not None:
        told = _without(theirs, base, there, kept)
    elif left is not None and (there := _found(base, mine)) is not None:
        told = _without(mine, base, there, left)
    else:
        return None
    return _edged(told, conflict)


def _parts(text: str) -> list[str]:
    return [part.text.strip() for part in paragraphs(text) if part.text.strip()]


def _found(some: list[str], whole: list[str]) -> set[int] | None:
    """Where some paragraphs stand among others, in their order; None where one of them does not."""
    places: list[int] = []
    at = 0
    for text in some:
        while at < len(whole) and whole[at] != text:
            at += 1
        if at == len(whole):
            return None
        places.append(at)
        at += 1
    return set(places)


def _without(more: list[str], base: list[str], there: set[int], kept: set[int]) -> list[str]:
    """What one side has, without the paragraphs of the base that the other took out."""
    gone = {place for number, place in enumerate(sorted(there)) if number not in kept}
    return [text for place, text in enumerate(more) if place not in gone]


def _edged(told: list[str], conflict: Conflict) -> str:
    """With the empty lines that stand around the longest of the three."""
    if not told:
        return ""
    around = _EDGE.match(max(conflict, key=len))
    before, after = (around[1], around[3]) if around else ("", "")
    return before + "\n\n".join(told) + after
