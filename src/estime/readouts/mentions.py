"""Who is named in texts and searches, kept from whoever may not see who people are: on pages and in the API alike."""

import re
from collections.abc import Iterable
from typing import Final

from estime.kernel.names import name_stands, name_words
from estime.ledger import api as ledger

_MENTION = re.compile(
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@_?\*\*[^*\n]{1,100}\*\*|<@[^>\n]{1,100}>|@\w[\w.+-]*(?:@[\w.-]+)?"
)


_EDGES: Final = '"“”«»*,;:.!?()'


def without_mentions(text: str) -> str:
    """`@somebody`, in every way of writing a mention that we read, and e-mail addresses as `@…`."""
    return _MENTION.sub("@…", text)


def without_people(words: str) -> tuple[str, list[str]]:
    """A search without the words that look for somebody by name, and these words."""
    kept: list[str] = []
    left_out: list[str] = []
    for word in words.split():
        (left_out if word.lstrip('-"“«').startswith("@") else kept).append(word)
    return " ".join(kept), left_out


def people_named(words: str, shown: Iterable[ledger.Listed]) -> set[int]:
    """The accounts that a search names: whoever is called exactly like one of its words, on whatever channel, and those
    who wrote what it shows, whose handle stands in it whole. A word that is somebody's handle, too, names them."""
    if not words:
        return set()
    wanted = [word.strip(_EDGES) for word in words.split() if not word.startswith("-")]
    handles = {
        one for word in wanted for one in (word, word.removeprefix("@"), word.lower().removeprefix("@"))
    }
    found = {
        key
        for channel in ledger.channel_formats()
        for key in ledger.account_keys_of(channel, sorted(handles - {""})).values()
    }
    there = name_words(" ".join(wanted))
    return found | {act.account for act in shown if act.handle and name_stands(there, name_words(act.handle))}
