"""What HTML holds, read by another parser than the one that cleaned it: what may stand there, and nothing else."""

import re
from html.parser import HTMLParser

ALLOWED = {
    "a": {"href", "rel", "class"},
    "b": {"class"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "div": {"class", "tabindex"},
    "pre": {"tabindex"},
    "blockquote": {"class"},
} | {tag: set() for tag in "p br h3 h4 h5 h6 em strong s code ul li hr table thead tbody tr footer".split()}
CLASSES = {None, "scroll", "num", "said-by", "mention"}
OUTWARD = re.compile(r"(https?://[^\s\"'<>\\@/?#]+([/?#][^\s\"<>\\]*)?|mailto:[^\s\"'<>\\@?]+@[\w.-]+)")
"""Addresses that a writer may have brought in. Ours (`/…`) come from mappings."""


class Seen(HTMLParser):
    """Every tag with its attributes, and the letters."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.letters = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), attrs

    def handle_data(self, data: str) -> None:
        self.letters += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def check_harmless(html: str, ours: frozenset[str] = frozenset()) -> Seen:
    """Fails unless HTML holds only what a text may hold; `ours`: addresses that come from mappings."""
    seen = Seen(html)
    assert seen.others == []
    for tag, told in seen.tags:
        assert tag in ALLOWED, tag
        assert set(told) <= ALLOWED[tag], (tag, told)
        assert told.get("class") in CLASSES, told
        if "href" in told:
            address = told["href"] or ""
            assert address in ours or OUTWARD.fullmatch(address), address
        if "src" in told:
            assert told["src"] in ours, told
    return seen
