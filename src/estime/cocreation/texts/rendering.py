"""Tokens into HTML, by a list of what there is: whatever is not in it becomes letters.

What changes later (a member's name, a picture's address, who is quoted) is left open as a mark, which `filling.py`
fills: so what comes out of here can be kept beside the text. Marks stand between two control characters that no text
can hold (`text_clean`; `written` again here).
"""

from html import escape
from typing import Final

from markdown_it.token import Token

from estime.cocreation.texts.addresses import address_may_be_linked
from estime.cocreation.texts.parsing import QUOTE

OPEN: Final = "\x02"
CLOSE: Final = "\x03"
DEEPEST: Final = 8
"""Emphasis within emphasis; beyond it the letters stay, without more of it."""
PICTURES: Final = 40
"""In one text; beyond it stands what each one shows."""
_BLOCKS: Final = {
    "paragraph": "p",
    "bullet_list": "ul",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
}
_EMPHASIS: Final = {"em": "em", "strong": "strong", "s": "s"}
_NO_MARKS: Final = str.maketrans("", "", OPEN + CLOSE)


def written(text: str) -> str:
    """Letters as HTML, which can never be a mark."""
    return escape(text.translate(_NO_MARKS), quote=False)


def tokens_html(tokens: list[Token]) -> str:
    """HTML of block tokens, with marks."""
    return _Page().of(tokens)


class _Page:
    """One text on its way to HTML."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pictures = 0
        self._quoted: dict[int, str] = {}
        self._hidden: set[int] = set()
        self._endings: list[str] = []
        self._levels: list[int] = []

    def of(self, tokens: list[Token]) -> str:
        self._find_quoted(tokens)
        self._levels = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
        for index, token in enumerate(tokens):
            if index not in self._hidden and not token.hidden:
                self._block(index, token)
        return "".join(self._parts)

    def _find_quoted(self, tokens: list[Token]) -> None:
        """A quotation whose last paragraph is `[quote:UUID]`: who said it, told by its first token."""
        begun: list[int] = []
        for index, token in enumerate(tokens):
            if token.type == "blockquote_open":
                begun.append(index)
            elif token.type == "blockquote_close":
                start = begun.pop()
                told = (
                    QUOTE.fullmatch(tokens[index - 2].content) if tokens[index - 2].type == "inline" else None
                )
                if told is not None and tokens[index - 3].type == "paragraph_open":
                    self._quoted[start] = told.group(1).lower()
                    self._hidden.update(range(index - 3, index))

    def _block(self, index: int, token: Token) -> None:
        name, _sep, side = token.type.rpartition("_")
        if token.type == "inline":
            _Line(self).of(token.children or [])
        elif token.type in ("fence", "code_block"):
            self.add(f'<pre tabindex="0"><code>{written(token.content)}</code></pre>\n')
        elif token.type == "hr":
            self.add("<hr>\n")
        elif side == "open":
            before, after = self._sides(index, name, token)
            self._endings.append(after)
            self.add(before)
        elif side == "close":
            self.add(self._endings.pop())
        else:
            self.add(written(token.content))

    def _sides(self, index: int, name: str, token: Token) -> tuple[str, str]:
        """What opens a block, and what closes it."""
        if name == "heading":
            # Pages have h1 and h2; a text that begins with ## leaves no gap below them.
            level = min(self._levels.index(int(token.tag[1])) + 3, 6)
            return f"<h{level}>", f"</h{level}>\n"
        if name == "ordered_list":
            start = int(token.attrs.get("start", 1))
            return (f'<ol start="{start}">' if start != 1 else "<ol>") + "\n", "</ol>\n"
        if name in ("th", "td"):
            number = ' class="num"' if "right" in str(token.attrs.get("style", "")) else ""
            scope = ' scope="col"' if name == "th" else ""
            return f"<{name}{scope}{number}>", f"</{name}>"
        if name == "table":
            return '<div class="scroll" tabindex="0"><table>', "</table></div>\n"
        if index in self._quoted:
            mark = f"{OPEN}q:{self._quoted[index]}{CLOSE}"
            return '<blockquote class="said-by">\n', f"{mark}</blockquote>\n"
        tag = _BLOCKS.get(name)
        if tag is None:
            return "", ""
        return f"<{tag}>" + ("\n" if tag in ("ul", "blockquote") else ""), f"</{tag}>\n"

    def add(self, part: str) -> None:
        self._parts.append(part)

    def one_more_picture(self) -> bool:
        self._pictures += 1
        return self._pictures <= PICTURES


class _Line:
    """What stands within one paragraph, heading or cell."""

    def __init__(self, page: _Page) -> None:
        self._page = page
        self._linked: list[bool] = []
        self._emphasis: list[str] = []

    def of(self, tokens: list[Token]) -> None:
        for token in tokens:
            name, _sep, side = token.type.rpartition("_")
            if name in _EMPHASIS:
                self._emphasise(_EMPHASIS[name], side)
            elif name == "link":
                self._link(token, side)
            else:
                self._page.add(self._leaf(token))

    def _emphasise(self, tag: str, side: str) -> None:
        if side == "open":
            self._emphasis.append(tag if len(self._emphasis) < DEEPEST else "")
            self._page.add(f"<{tag}>" if self._emphasis[-1] else "")
        else:
            told = self._emphasis.pop()
            self._page.add(f"</{told}>" if told else "")

    def _link(self, token: Token, side: str) -> None:
        if side == "open":
            address = str(token.attrs.get("href", ""))
            self._linked.append(not any(self._linked) and address_may_be_linked(address))
            self._page.add(f'<a href="{escape(address)}">' if self._linked[-1] else "")
        elif self._linked.pop():
            self._page.add("</a>")

    def _leaf(self, token: Token) -> str:
        if token.type == "code_inline":
            return f"<code>{written(token.content)}</code>"
        if token.type in ("softbreak", "hardbreak"):
            return "<br>"
        if token.type == "mention":
            kind = "n" if any(self._linked) else "m"
            return f"{OPEN}{kind}:{written(token.content)}{CLOSE}"
        if token.type == "picture" and self._page.one_more_picture():
            return f"{OPEN}p:{token.info}:{written(token.content)}{CLOSE}"
        return written(token.content)
