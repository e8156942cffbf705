"""Markdown as members write it, into tokens: CommonMark with tables and ~~strike~~, without HTML.

What differs from CommonMark, and why:

- HTML is letters. Addresses are those of `addresses.py`; others stay letters.
- A picture is one of ours, `![what it shows](picture:UUID)`. A picture from elsewhere becomes a link to it: fetched, it
  would tell its server who reads.
- `@[handle]` is a mention; a paragraph `[quote:UUID]` at the end of a quotation says whose words they are.
- Reference definitions (`[1]: https://…`) are not understood: used again and again they make a short text a huge page.
- Bare addresses are links, and a line break is a line break, as people expect who never heard of Markdown.

Nothing here takes more than linear time, whatever the text: nesting is bounded (`TooNested`), tables are narrow,
and rules of our own look at a bounded number of characters.
"""

import re
from typing import Final
from uuid import UUID

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as commonmark_table
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as commonmark_link
from markdown_it.token import Token

from estime.cocreation.texts.addresses import LONGEST, address_may_be_linked

LONGEST_TEXT: Final = 40_000
"""Characters (some 7,000 words); a longer text is shown as it was written, without Markdown."""
NESTED: Final = 12
"""Quotations and lists within each other; each list counts twice."""
COLUMNS: Final = 20
CELLS: Final = 4_000
"""Of one table. Cells that a row leaves out are made, so a few letters could become a huge page."""
UUID_FORM: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
HANDLE_FORM: Final = r"[^\[\]\s\x00-\x1f\x7f][^\[\]\x00-\x1f\x7f]{0,79}"
QUOTE: Final = re.compile(rf"\[quote:({UUID_FORM})\]", re.IGNORECASE)
_MENTION = re.compile(rf"@\[({HANDLE_FORM})\]")
_PICTURE = re.compile(rf"!\[([^\[\]]{{0,500}})\]\(\s?picture:({UUID_FORM})\s?\)", re.IGNORECASE)
_ELSEWHERE = re.compile(rf"!\[([^\[\]]{{0,500}})\]\((https?://[^\s()<>]{{1,{LONGEST}}})\)", re.IGNORECASE)
_HOST = r"://[\w.-]{1,253}+(?::\d{1,5}+)?(?![\w@\\]|:\S)"
_BARE = re.compile(_HOST + r"(?:[/?#][^\s<>\"'`\[\]{}|\\^«»“”]{0,1700})?")
_TRAILING = ".,;:!?…’)*_~"
_BEFORE = re.compile(r"(?:^|[^\w@])(https?)$", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")


class TooNested(Exception):
    """More quotations and lists within each other than anybody means."""


class _Blocks(ParserBlock):
    """As markdown-it's, but says so where it would leave the rest of a text out."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        if state.level >= NESTED:
            raise TooNested
        super().tokenize(state, startLine, endLine)


def text_clean(text: str) -> str:
    """A text with one kind of line break, and without letters that cannot be seen or turn the order of others."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text that went through `text_clean`. Raises `TooNested`."""
    return _PARSER.parse(text, {})


def picture_id(told: str) -> UUID:
    """The id that a picture or quotation names."""
    return UUID(told.lower())


def _table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """As markdown-it's; a table that is too wide or too long stays letters."""
    if not commonmark_table(state, startLine, endLine, True):
        return False
    columns = state.src.count("|", state.bMarks[startLine + 1], state.eMarks[startLine + 1])
    last = startLine + CELLS // max(columns, 1)
    if columns > COLUMNS + 1 or (last < endLine and not any(map(state.isEmpty, range(startLine, last)))):
        return False
    return silent or commonmark_table(state, startLine, endLine, False)


def _link(state: StateInline, silent: bool) -> bool:
    """As markdown-it's, which would look for the end of each bracket even where no link ends any more."""
    if state.src[state.pos] != "[" or state.html_terminator_last("](") < state.pos:
        return False
    return commonmark_link(state, silent)


def _mention(state: StateInline, silent: bool) -> bool:
    found = _MENTION.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "@" else None
    if found is None or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    if not silent:
        state.push("mention", "", 0).content = found.group(1)
    state.pos = found.end()
    return True


def _picture(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("![", state.pos):
        return False
    found = _PICTURE.match(state.src, state.pos, state.posMax)
    if found is not None:
        if not silent:
            token = state.push("picture", "", 0)
            token.content, token.info = found.group(1), str(picture_id(found.group(2)))
        state.pos = found.end()
        return True
    return _picture_elsewhere(state, silent)


def _picture_elsewhere(state: StateInline, silent: bool) -> bool:
    found = _ELSEWHERE.match(state.src, state.pos, state.posMax)
    address = state.md.normalizeLink(found.group(2)) if found else ""
    if found is None or not address_may_be_linked(address):
        return False
    shown = found.group(1).strip() or found.group(2)
    if not silent and state.linkLevel:
        state.push("text", "", 0).content = shown
    elif not silent:
        _push_link(state, address, shown)
    state.pos = found.end()
    return True


def _bare(state: StateInline, silent: bool) -> bool:
    """An address that just stands there. Its scheme was taken for text: it is taken back."""
    at = state.pos
    if state.linkLevel or state.src[at : at + 3] != "://":
        return False
    before = _BEFORE.search(state.src[max(0, at - 6) : at])
    found = _BARE.match(state.src, at, state.posMax) if before else None
    if before is None or found is None:
        return False
    shown = before.group(1) + _whole(found.group())
    address = state.md.normalizeLink(shown)
    if not address_may_be_linked(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(before.group(1))]
        _push_link(state, address, shown)
    state.pos = at + len(shown) - len(before.group(1))
    return True


def _whole(told: str) -> str:
    """Without what belongs to the sentence around it; a bracket that was opened within stays."""
    while told and told[-1] in _TRAILING:
        if told[-1] == ")" and told.count("(") >= told.count(")"):
            break
        told = told[:-1]
    return told


def _push_link(state: StateInline, address: str, shown: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 30})
    parser.block = _Blocks()
    parser.enable(["table", "strikethrough"])
    parser.disable(["reference", "html_block", "html_inline", "image"])
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.before("text", "bare", _bare)
    parser.inline.ruler.before("link", "mention", _mention)
    parser.inline.ruler.before("link", "picture", _picture)
    parser.validateLink = address_may_be_linked  # type: ignore[method-assign, assignment]
    return parser


_PARSER: Final = _parser()
