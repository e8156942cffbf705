"""Where in a text the words are that somebody looked for, told by the folding that finds it (`words.py`). Pure.

A place is told in the letters of the text as it is written: folding may leave some out and make two of one (`œuvre`).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from estime.ledger.search.words import ELIDED, LONGEST, MARKS, SEARCHED, WORD, Part, Query, fold

Span = tuple[int, int]
"""From this letter to before that one."""


class _Word(NamedTuple):
    word: str
    start: int
    end: int


def words_found(query: Query, text: str) -> list[Span]:
    """Where what is wanted stands in a text, in order; places that touch or overlap are one."""
    if not query.wanted:
        return []
    words = list(_placed(text))
    spans = sorted(span for part in query.wanted for span in _of(part, words))
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _of(part: Part, words: Sequence[_Word]) -> Iterator[Span]:
    length = len(part.words)
    for at, first in enumerate(words):
        if part.begins:
            if first.word.startswith(part.words[0]):
                yield first.start, first.end
        elif first.word == part.words[0]:
            run = words[at : at + length]
            if tuple(one.word for one in run) == part.words:
                yield first.start, run[-1].end


def _placed(text: str) -> Iterator[_Word]:
    """The words of a text with where they stand in it."""
    text = text[:SEARCHED]
    folded, starts = _folded(text)
    if "'" in folded:
        folded = ELIDED.sub(lambda article: " " * len(article.group()), folded)
    for match in WORD.finditer(folded):
        start, end = match.span()
        yield _Word(match.group()[:LONGEST], starts[start], starts[end])


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """A text folded, and for each letter of that, and for its end, where it comes from."""
    folded = fold(text)
    if len(folded) == len(text) and not MARKS.search(text):  # nothing left out, so nothing became two either
        return folded, range(len(text) + 1)
    pieces = [fold(letter) for letter in text]
    starts = [at for at, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*starts, len(text)]
