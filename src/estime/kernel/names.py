"""Names as they are compared: without upper case, accents, and what stands between words."""

import re
import unicodedata
from typing import Final

WORD: Final = re.compile(r"[^\W_]+")
_LATIN: Final = str.maketrans(
    "àâäáãåāçćčďéèêëēęěíìîïīłñńňóòôöõøōŕřśšşťúùûüūůýÿźżž",
    "aaaaaaacccdeeeeeeeiiiiilnnnooooooorrssstuuuuuuyyzzz",
)
_LATIN_TWO: Final[dict[int, int | str]] = {**_LATIN, ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss"}
_REST: Final = re.compile("[\u0100-\u02ff\u0300-\u036f\u1e00-\u1fff\uff00-\uffef]")


def folded(text: str) -> str:
    """Lower case, accents left out: people leave them out too."""
    low = text.lower()
    if low.isascii():
        return low
    low = low.translate(_LATIN_TWO)
    if _REST.search(low):
        apart = unicodedata.normalize("NFKD", low)
        low = "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()
    return low


def name_stands(there: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a name stands in a text, both as their words: whole, its words side by side."""
    return bool(name) and any(there[at : at + len(name)] == name for at in range(len(there) - len(name) + 1))


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name, folded: two names with the same ones are the same."""
    return tuple(WORD.findall(folded(text)))
