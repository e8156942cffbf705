"""What members write, as safe HTML: hostile until it has passed two walls.

The first is the renderer, which writes only tags it has a name for and escapes everything else; the second, nh3, parses
what came out as a browser would and keeps a short list of tags and attributes. Neither lets through a style, an id,
a handler, a class of the writer's, a picture from elsewhere, or an address other than http, https and mailto.

`markdown_keep` is the costly half: it depends on nothing but the text, so its result may be stored, with
`MARKDOWN_EDITION` beside it. `markdown_fill` is the cheap one, done for each page. `markdown_html` is both, with the
texts shown last remembered.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import nh3
from django.utils.safestring import SafeString

from estime.cocreation.texts.filling import Named, Shown, marks_fill
from estime.cocreation.texts.memory import Memory
from estime.cocreation.texts.parsing import LONGEST_TEXT, TooNested, text_clean, tokens_of
from estime.cocreation.texts.rendering import tokens_html, written

MARKDOWN_EDITION: Final = 1
"""Of the rules; HTML that was kept under another one is to be made anew."""
_LARGER: Final = 20
"""So many times the text's length, and a little, is the most that its HTML may have."""
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})
_MARKED = re.compile(
    r"[*_\[\]<>&`#|~\\\x00-\x09\x0b-\x1f]|://|^ *(?:[-+=]|\d+[.)])|^[^\S\n]|[^\S\n]$", re.MULTILINE
)
_WALL = nh3.Cleaner(
    tags=set(
        "p br h3 h4 h5 h6 em strong s a code pre blockquote ul ol li hr div table thead tbody tr th td".split()
    ),
    clean_content_tags={
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "svg",
        "math",
        "title",
        "textarea",
    },
    attributes={"a": {"href"}, "ol": {"start"}},
    tag_attribute_values={
        "th": {"scope": {"col"}},
        "div": {"tabindex": {"0"}},
        "pre": {"tabindex": {"0"}},
    },
    allowed_classes={"div": {"scroll"}, "blockquote": {"said-by"}, "th": {"num"}, "td": {"num"}},
    link_rel="nofollow ugc noopener",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)


def markdown_html(
    text: str,
    *,
    mentions: Mapping[str, Named] = _NOTHING,
    pictures: Mapping[UUID, Shown] = _NOTHING,
    quotes: Mapping[UUID, Named] = _NOTHING,
) -> SafeString:
    """A text as a page shows it. Who and what the mappings do not know stays as letters."""
    return marks_fill(_MEMORY.get(text) or _MEMORY.put(text, markdown_keep(text)), mentions, pictures, quotes)


def markdown_fill(
    kept: str,
    *,
    mentions: Mapping[str, Named] = _NOTHING,
    pictures: Mapping[UUID, Shown] = _NOTHING,
    quotes: Mapping[UUID, Named] = _NOTHING,
) -> SafeString:
    """What `markdown_keep` made, as a page shows it. Only ever to be given what `markdown_keep` made."""
    return marks_fill(kept, mentions, pictures, quotes)


def markdown_keep(text: str) -> str:
    """A text as HTML that may be kept, with names and pictures left open. Whatever the text, it takes linear time."""
    clean = text_clean(text)
    if len(clean) > LONGEST_TEXT or not _MARKED.search(clean):
        return _plainly(clean)
    try:
        made = tokens_html(tokens_of(clean))
    except TooNested:
        return _plainly(clean)
    if len(made) > _LARGER * len(clean) + 10_000:
        return _plainly(clean)
    return _WALL.clean(made)


_MEMORY: Final = Memory(8_000_000)
"""Some 20,000 comments, 16 MB at most."""


def _plainly(clean: str) -> str:
    """A text as it was written: paragraphs and lines, and nothing else of it means anything."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", clean.strip("\n"))
    lines = (written(paragraph).replace("\n", "<br>") for paragraph in paragraphs if paragraph.strip())
    return "".join(f"<p>{told}</p>\n" for told in lines)
