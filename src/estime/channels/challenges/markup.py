"""HTML of other platforms as plain paragraphs: what they exported is shown here as text, never as their markup."""

from html.parser import HTMLParser

_BREAKS = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "tr",
    "table",
}
_SILENT = {"script", "style", "head", "title", "template"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.pieces.append("\n- " if tag == "li" else "\n" if tag == "br" else "\n\n")
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        if tag in _BREAKS - {"br", "li"}:
            self.pieces.append("\n\n")
        if tag == "a":
            if self._link.startswith(("https://", "http://")) and self._link not in "".join(self.pieces[-3:]):
                self.pieces.append(f" ({self._link})")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data.replace("\r", "").replace("\xa0", " "))


def plain_text(markup: str) -> str:
    """Paragraphs without tags.

    >>> plain_text("<p>One &amp; two</p><ul><li>three</li></ul>")
    'One & two\\n\\n- three'
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    parser = _Text()
    parser.feed(markup)
    parser.close()
    lines = [line.strip() for line in "".join(parser.pieces).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
