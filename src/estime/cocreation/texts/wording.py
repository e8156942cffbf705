"""A text as pieces that people compare: paragraphs, and in them words. Put together again, they are the text."""

import re
from typing import Final, NamedTuple

_PARAGRAPHS: Final = re.compile(r"\n(?:[ \t]*\n)+")
_WORDS: Final = re.compile(
    r"!\[[^\[\]\n]{0,500}\]\(picture:[0-9a-fA-F-]{36}\)"  # a picture
    r"|@\[[^\[\]\n]{1,80}\]"  # a mention
    r"|https?://[^\s<>()]{1,2000}"
    r"|(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)"  # l’idée, qu’on: two words
    r"|\d+(?:[.,\u00a0\u202f]\d+)*"
    r"|\w+(?:['’]\w+)*"  # aujourd’hui, don’t: one
    r"|\n|[^\S\n]+|.",
    re.IGNORECASE | re.DOTALL,
)


class Paragraph(NamedTuple):
    """A paragraph, and the empty lines after it."""

    text: str
    after: str

    @property
    def whole(self) -> str:
        return self.text + self.after


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text; empty lines before the first one belong to an empty one."""
    found, at = [], 0
    for gap in _PARAGRAPHS.finditer(text):
        found.append(Paragraph(text[at : gap.start()], gap.group()))
        at = gap.end()
    return [*found, Paragraph(text[at:], "")] if at < len(text) else found


def words(text: str) -> list[str]:
    """Words, spaces and signs, one by one. French elisions are words of their own, English contractions are not."""
    return _WORDS.findall(text)


def is_word(piece: str) -> bool:
    """Whether a piece says something: a word or a number, and neither a space nor a sign."""
    return any(map(str.isalnum, piece))
