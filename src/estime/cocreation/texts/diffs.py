"""What is different between two versions of a title and a text, as people read it: by paragraph, then by word.

Invariants: what was and what is can be read off a difference letter by letter (`text_before`, `text_after`); its cost
stays bounded for any two texts; it holds letters and no HTML (`difference_html` writes that).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from estime.cocreation.texts.aligning import align
from estime.cocreation.texts.wording import Paragraph, is_word, paragraphs, words

ALIKE: Final = 0.4
"""Share of their words that two paragraphs need in common for one to be the other, changed."""
COMPARED: Final = 400
"""Pairs of paragraphs that are compared between two that stayed; where there are more, only near ones are."""
NEAR: Final = 6
MOVED: Final = 20
"""Letters that a paragraph needs for it to be said that it moved."""

How = Literal["same", "gone", "new"]
Kind = Literal["same", "changed", "gone", "new", "moved-away", "moved-here"]


class Run(NamedTuple):
    """Some letters that stayed, went or came."""

    how: How
    text: str


class Block(NamedTuple):
    """A paragraph with the empty lines after it, and what became of it. `pair`: which one moved where."""

    kind: Kind
    runs: tuple[Run, ...]
    pair: int = 0


class Difference(NamedTuple):
    """Of a title and a text."""

    title: tuple[Run, ...]
    blocks: tuple[Block, ...]

    @property
    def changed(self) -> bool:
        """Whether anything is different at all."""
        runs = [*self.title, *(run for block in self.blocks for run in block.runs)]
        return any(run.how != "same" for run in runs)


def difference(before: tuple[str, str], after: tuple[str, str]) -> Difference:
    """What became of a title and a text; each side is (title, text)."""
    return Difference(_runs(before[0], after[0]), tuple(_moved(_blocks(before[1], after[1]))))


def text_before(found: Difference) -> tuple[str, str]:
    """Title and text as they were."""
    return _read(found, "gone")


def text_after(found: Difference) -> tuple[str, str]:
    """Title and text as they are."""
    return _read(found, "new")


def _read(found: Difference, side: How) -> tuple[str, str]:
    title = "".join(run.text for run in found.title if run.how in ("same", side))
    return title, "".join(
        run.text for block in found.blocks for run in block.runs if run.how in ("same", side)
    )


def _blocks(before: str, after: str) -> Iterator[Block]:
    old, new = paragraphs(before), paragraphs(after)
    i = j = 0
    for same in [*align([one.text for one in old], [one.text for one in new]), None]:
        i_end, j_end = (same.left, same.right) if same else (len(old), len(new))
        yield from _replaced(old[i:i_end], new[j:j_end])
        for step in range(same.length if same else 0):
            yield _changed(old[i_end + step], new[j_end + step])
        if same:
            i, j = i_end + same.length, j_end + same.length


def _replaced(old: list[Paragraph], new: list[Paragraph]) -> Iterator[Block]:
    """Paragraphs between two that stayed: those that are alike are taken for the same one, changed."""
    i = j = 0
    for left, right in [*_alike(old, new), (len(old), len(new))]:
        yield from (Block("gone", (Run("gone", one.whole),)) for one in old[i:left])
        yield from (Block("new", (Run("new", one.whole),)) for one in new[j:right])
        if left < len(old):
            yield _changed(old[left], new[right])
        i, j = left + 1, right + 1


def _alike(old: list[Paragraph], new: list[Paragraph]) -> list[tuple[int, int]]:
    """Pairs in their order whose likeness adds up to the most."""
    if not old or not new:
        return []
    left = [Counter(filter(is_word, words(one.text))) for one in old]
    right = [Counter(filter(is_word, words(one.text))) for one in new]
    if len(old) * len(new) > COMPARED:
        return _alike_near(left, right)
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_likeness(one, other) for other in right] for one in left]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = like[i][j] + best[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if like[i][j] >= ALIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _alike_near(left: list[Counter[str]], right: list[Counter[str]]) -> list[tuple[int, int]]:
    """Of many paragraphs: each with the most like of the next few on the other side."""
    found: list[tuple[int, int]] = []
    j = 0
    for i, one in enumerate(left):
        near = range(j, min(j + NEAR, len(right)))
        best = max(near, key=lambda k: (_likeness(one, right[k]), -k), default=-1)
        if best >= 0 and _likeness(one, right[best]) >= ALIKE:
            found.append((i, best))
            j = best + 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words in common ÷ all words (Dice)."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 1.0


def _changed(before: Paragraph, after: Paragraph) -> Block:
    """Spaces and empty lines alone are no change that anybody wants to read of."""
    runs = (*_runs(before.text, after.text), *_gap(before.after, after.after))
    said = any(run.how != "same" and run.text.strip() for run in runs)
    return Block("changed" if said else "same", runs)


def _gap(before: str, after: str) -> Iterator[Run]:
    told: list[tuple[How, str]] = (
        [("same", before)] if before == after else [("gone", before), ("new", after)]
    )
    yield from (Run(how, text) for how, text in told if text)


def _runs(before: str, after: str) -> tuple[Run, ...]:
    """What stayed, went and came, word by word; what went stands before what came in its place."""
    if before == after:
        return (Run("same", before),) if before else ()
    old, new = words(before), words(after)
    steps: list[tuple[list[str], list[str], list[str]]] = []
    i = j = 0
    for same in align(old, new):
        kept = old[same.left : same.left + same.length]
        steps.append((old[i : same.left], new[j : same.right], kept))
        i, j = same.left + same.length, same.right + same.length
    steps.append((old[i:], new[j:], []))
    return tuple(_told(_readable(steps)))


def _readable(
    steps: list[tuple[list[str], list[str], list[str]]],
) -> list[tuple[list[str], list[str], list[str]]]:
    """Without islands: a space, a sign or one short word that stayed between two changes is part of the change."""
    made: list[tuple[list[str], list[str], list[str]]] = []
    for gone, new, kept in steps:
        if made and _said(gone, new) and _said(*made[-1][:2]) and _island(made[-1][2]):
            first_gone, first_new, island = made.pop()
            made.append((first_gone + island + gone, first_new + island + new, kept))
        else:
            made.append((gone, new, kept))
    return made


def _said(gone: list[str], new: list[str]) -> bool:
    return any(map(is_word, gone)) or any(map(is_word, new))


def _island(kept: list[str]) -> bool:
    said = [piece for piece in kept if is_word(piece)]
    return "\n" not in kept and (not said or (len(said) == 1 and len(said[0]) <= 3))


def _told(steps: list[tuple[list[str], list[str], list[str]]]) -> Iterator[Run]:
    told: list[tuple[How, list[str]]]
    for gone, new, kept in steps:
        told = [("gone", gone), ("new", new), ("same", kept)]
        yield from (Run(how, "".join(pieces)) for how, pieces in told if pieces)


def _moved(blocks: Iterator[Block]) -> list[Block]:
    """Paragraphs that went from one place and came whole at another have moved."""
    found = list(blocks)
    went: dict[str, list[int]] = {}
    for index, block in enumerate(found):
        if block.kind == "gone" and len(block.runs[0].text.strip()) >= MOVED:
            went.setdefault(block.runs[0].text.strip(), []).append(index)
    number = 0
    for index, block in enumerate(found):
        places = went.get(block.runs[0].text.strip()) if block.kind == "new" else None
        if places:
            number += 1
            away = places.pop(0)
            found[away] = found[away]._replace(kind="moved-away", pair=number)
            found[index] = block._replace(kind="moved-here", pair=number)
    return found
