"""What a text is reduced to before it is read. A text is cut to `LONGEST` characters, so that the cost of
one is bounded.

Nothing here decides what a text means: the same steps run in training and in use.
"""

import html
import re
import unicodedata
from typing import Final

LONGEST: Final = 2_000

_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG: Final = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--[^<>]{0,300})>")
_ADDRESS: Final = re.compile(r"(?:https?|ftp)://\S*|www\.\S+|\bhttps?\b", re.IGNORECASE)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_MENTION: Final = re.compile(r"@\w{1,50}")
# Control and formatting characters, but for the joiner and the selector that belong to emoji.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
_MARKS: Final = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "–": "-",
        "—": "-",
        "‑": "-",
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "\xa0": " ",
        "\u202f": " ",
        "\t": " ",
        "\r": " ",
        "\n": " ",
    }
)


def cleaned(text: str) -> str:
    """The text without markup, addresses, names of accounts and characters that nobody sees; at most
    `LONGEST` characters.
    """
    text = text[:LONGEST]
    if "\\u" in text:
        text = _ESCAPED.sub(_unescaped, text)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_MARKS)
    if "@" in text:
        text = _MENTION.sub(" @user ", _MAIL.sub(" ", text))
    return _ADDRESS.sub(" http ", text)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


_ACCENTS: Final = str.maketrans("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy")


def folded(text: str) -> str:
    """Lower case, accents left out: people leave them out too."""
    return text.lower().translate(_ACCENTS)


# Spellings that folding hides and that neither French nor English has; each is told once more as a word of
# its own.
_FOREIGN: Final = re.compile("[ñßãõåøłąęśżźćčšžěřůőűğışțăđļņķ¿¡ìòáíóúäö]")
_NAMES: Final = {letter: f" ¤{number:02d}" for number, letter in enumerate(_FOREIGN.pattern[1:-1])}


def spelled(text: str) -> str:
    """A text in lower case without accents, that still says which foreign letters were in it."""
    strange = _FOREIGN.findall(text.lower())
    low = folded(text)
    return low + "".join(_NAMES[letter] for letter in sorted(set(strange))) if strange else low
