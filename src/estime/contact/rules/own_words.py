"""What somebody said in their own words: a text without code, quotations, addresses and markup.

A question mark in a web address, in somebody else's sentence or in a line of code asks nothing.
"""

import re
from html import unescape

LONGEST = 20_000  # characters that are read of one text: who asks, asks before that

MENTION, OTHER = "\ufffc", "\ufffb"  # stand where the brand, or somebody else, was mentioned

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,500}`", re.DOTALL)
_HTML = re.compile(r"<(?:p|br|div|span|a|blockquote|pre|ul|ol|em|strong)\b", re.IGNORECASE)
_HTML_QUOTED = re.compile(
    r"<(blockquote|pre|code|script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_BB_QUOTED = re.compile(r"\[(quote|code)\b.*?(?:\[/\1\]|\Z)", re.DOTALL | re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
_SAID_BY = re.compile(r"“[^”\n]{0,500}”|«[^»\n]{0,500}»|\"[^\"\n]{1,500}\"(?!\w)")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_MARKDOWN_LINK = re.compile(r"\[[^\]\n]{0,500}\]\([^()\s]{1,2000}\)")
_ADDRESS = re.compile(r"<?https?://[^\s<>]{1,2000}(?:[^<>\n]{0,500}>)?|www\.[^\s<>]{1,2000}", re.IGNORECASE)
_PATH = re.compile(r"\w/[^\s<>?]{0,500}\?\w\S{0,500}")  # example.org/a?b=c, without its scheme
_EMOJI_NAME = re.compile(r":[a-z0-9_+-]{1,40}:(?![\w:])")


def own_words(text: str, brand: re.Pattern[str] | None = None, anybody: re.Pattern[str] | None = None) -> str:
    """The text in its author's own words; each mention becomes a mark: of the brand, or of anybody else.

    >>> own_words("see `a ? b : c` and https://x.org/?q=1")
    'see   and '
    """
    told = text[:LONGEST]
    told = _CODE.sub(" ", told) if "`" in told else told
    told = _BB_QUOTED.sub(" ", told) if "[/" in told or "[quote" in told else told
    told = _MARKDOWN_LINK.sub("", told) if "](" in told else told
    if "<" in told:
        told = _HTML_QUOTED.sub(" ", told) if _HTML.search(told) else told
        told = _BREAK.sub("\n", told)
    told = _QUOTED_LINE.sub("", told) if ">" in told or "&gt;" in told else told
    told = _ADDRESS.sub("", told) if "://" in told or "www." in told.lower() else told
    told = _PATH.sub("", told) if "/" in told else told
    told = _TAG.sub("", told) if "<" in told else told
    told = unescape(told) if "&" in told else told
    if "@" in told:
        for mark, mentions in ((MENTION, brand), (OTHER, anybody)):
            told = told if mentions is None else mentions.sub(f" {mark} ", told)
    told = _SAID_BY.sub(" ", told) if '"' in told or "“" in told or "«" in told else told
    return _EMOJI_NAME.sub(" ", told) if ":" in told else told
