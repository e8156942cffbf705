"""Signs of Markdown in a difference: what people read is words, so asterisks, brackets and the like are not shown.

Invariants: only signs change, never a word or an address; the cost is linear; a text that only uses such letters
(`5 * 3 * 2`, `snake_case`) keeps them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from estime.cocreation.texts.diffs import How, Run

_PAIRED: Final = (
    re.compile(r"(?<![\\*])(\*\*)(?=[^\s*])[^\n*]{0,500}(?<=[^\s*])(\*\*)(?!\*)"),
    re.compile(r"(?<![\\*])(\*)(?=[^\s*])[^\n*]{0,500}(?<=[^\s*\\])(\*)(?!\*)"),
    re.compile(r"(?<![\\\w])(__?)(?=[^\s_])[^\n_]{0,500}(?<=[^\s_\\])(\1)(?!\w)"),
    re.compile(r"(?<![\\~])(~~)(?=[^\s~])[^\n~]{0,500}(?<=[^\s~])(~~)"),
    re.compile(r"(?<![\\`])(`)[^\n`]{1,500}(`)(?!`)"),
)
_LINK: Final = re.compile(r"(?<![!@\\])(\[)[^\[\]\n]{1,500}(\]\()https?://[^\s()<>]{1,2000}\)")
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6} +)", re.MULTILINE)
_BULLET: Final = re.compile(r"^[ \t]{0,12}([-*+])(?= )", re.MULTILINE)
_QUOTE: Final = re.compile(r"(\[quote:[0-9a-fA-F-]{36}\])")
_ESCAPE: Final = re.compile(r"(\\)(?=[*_`~\[\]#>+-])")


def readable(runs: Sequence[Run]) -> list[Run]:
    """The runs of a paragraph, with words instead of signs; what stayed is read as it is now."""
    before, after = (
        _signs("".join(run.text for run in runs if run.how in ("same", side))) for side in _SIDES
    )
    at = {"gone": 0, "new": 0}
    told = []
    for run in runs:
        letters = []
        for letter in run.text:
            signs, place = (before, at["gone"]) if run.how == "gone" else (after, at["new"])
            letters.append(signs.get(place, letter))
            for side in _SIDES if run.how == "same" else (run.how,):
                at[side] += 1
        told.append(Run(run.how, "".join(letters)))
    return told


_SIDES: Final[tuple[How, How]] = ("gone", "new")


def _signs(text: str) -> dict[int, str]:
    """By place in a text: what is shown instead of a sign."""
    return dict(chain(_hidden(text), _shown_otherwise(text)))


def _hidden(text: str) -> Iterator[tuple[int, str]]:
    for pattern in (*_PAIRED, _HEADING, _QUOTE, _ESCAPE):
        for found in pattern.finditer(text):
            for group in range(1, pattern.groups + 1):
                yield from ((place, "") for place in range(*found.span(group)))


def _shown_otherwise(text: str) -> Iterator[tuple[int, str]]:
    for found in _BULLET.finditer(text):
        yield found.start(1), "•"
    for found in _LINK.finditer(text):
        yield found.start(1), ""
        yield found.start(2), " "
