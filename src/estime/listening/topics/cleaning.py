"""What a text says in its writer's own words: without markup, code, quoted lines, signatures, addresses and
names of accounts.

Any text is welcome: a megabyte is cut to `LONGEST` characters, what nobody sees is taken out, and a text
without a word has none.
"""

import html
import re
import unicodedata
from typing import Final

LONGEST: Final = 4_000
"""Characters of a text that count: what somebody means stands at the beginning, and one cost is bounded."""

_TAG: Final = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--[^<>]{0,300})>")
_BLOCK_TAG: Final = re.compile(r"</?(?:p|br|div|li|ul|ol|h\d|tr|blockquote)\b[^<>]{0,300}>", re.IGNORECASE)
_SLACK: Final = re.compile(
    r"<(?:[@#!][^<>]{0,200}|(?:https?|mailto|tel):[^<>\s|]{0,1000}(?:\|([^<>]{0,200}))?)>"
)
_SHARED_FILE: Final = re.compile(
    r"^\s*(?:@\S+|<@[^<>]{0,200}>) (?:uploaded|shared) a file:(?: (?:\[link\]|<[^<>]{0,500}>))?(?: and commented:)?"
)
"""What Slack writes above a file, in somebody's name."""
_FENCED: Final = re.compile(r"(```|~~~).*?(?:\1|\Z)", re.DOTALL)
_INLINE_CODE: Final = re.compile(r"`[^`\n]{1,300}`")
_QUOTED: Final = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
_QUOTE_HEAD: Final = re.compile(
    r"^[ \t]*(?:on\b.{3,200}\bwrote|le\b.{3,200}\b(?:a écrit|écrivait)"
    r"|-{2,} ?(?:original message|message d'origine|forwarded message) ?-{2,})[ \t\u00a0]*:?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(
    r"(?:^-- ?$|^(?:sent from my|envoyé depuis|envoyé de mon|get outlook for|télécharger outlook)\b).*\Z",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
_MARKDOWN_LINK: Final = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,1000}\)")
_ADDRESS: Final = re.compile(
    r"(?:https?|ftp|file)://\S*|\bwww\.\S+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}(?:\.(?:com|org|net|fr|io)\b\S*|\.[a-z]{2,4}/\S+)",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MENTION: Final = re.compile(r"(?<![\w@])@_?(?:\*\*[^*\n]{1,100}\*\*|[\w][\w.-]{0,60})")
_EMOJI_NAME: Final = re.compile(r":[a-z][a-z0-9_+-]{1,40}:")
_PATH: Final = re.compile(
    r"(?:[A-Za-z]:)?(?:[\\/][\w.~-]+){2,}[\\/]?|\b\w+(?:[_.]\w+){2,}\b|\b\w+\(\)|\b[a-z]+[a-z0-9]*_\w+\b"
)
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
_MARKS: Final = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\r": "\n", "_": " "}
)

PHONE: Final = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().\u00a0\u202f-]{0,2}\d){7,14}(?!\w)")


def own_words(text: str) -> str:
    """The writer's own words, ready to be cut into words.

    >>> own_words("> was it late?\\nYes, see <https://example.org|this page> @ann :wink:")
    '\\nYes, see this page  .  '
    """
    text = _seen(text)
    if "`" in text or "~~~" in text:
        text = _INLINE_CODE.sub(" . ", _FENCED.sub("\n", text))
    if "_" in text or "/" in text or "\\" in text or "()" in text:
        text = _PATH.sub(" . ", text)
    if "@" in text:
        text = _MENTION.sub(" . ", text)
    if ":" in text:
        text = _EMOJI_NAME.sub("", text)
    return text.translate(_MARKS)


def shown(text: str, longest: int = 280) -> str:
    """A text as it may be quoted: one paragraph, cut at the end of a word, with no address, mail, telephone
    number or account in it.

    Names of people are masked by whoever knows them.

    >>> shown("Call me on +33 6 12 34 56 78 or ann@example.org, @bob!")
    'Call me on … or …, @…!'
    """
    text = _MENTION.sub("@…", _seen(text))
    text = " ".join(PHONE.sub("…", _FENCED.sub(" … ", text)).split()).lstrip(":;, ")
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > longest // 2 else cut).rstrip(" ,;:.–-") + "…"


def _seen(text: str) -> str:
    """What a reader would see: no tags, no quotation of somebody else, no signature, no address."""
    text = text[:LONGEST]
    if " a file:" in text:
        text = _SHARED_FILE.sub("", text)
    text = text.replace("[link]", "…")  # stands where an address was taken out before it came in
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "<" in text:
        text = _SLACK.sub(lambda found: found[1] or " ", text)
        text = _TAG.sub(" ", _BLOCK_TAG.sub("\n", text))
    if ">" in text or "&gt;" in text:
        text = _QUOTED.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    if "\n" in text:
        text = _SIGNATURE.sub("", _QUOTE_HEAD.sub("", text))
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "@" in text:  # before addresses, which would take only what stands behind the @
        text = _MAIL.sub("…", text)
    return _ADDRESS.sub("…", text) if "." in text or "://" in text else text
