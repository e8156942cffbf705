"""Who is named in texts and searches, kept from whoever may not see who people are: on pages and in the API alike."""

import re

_MENTION = re.compile(
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@_?\*\*[^*\n]{1,100}\*\*|<@[^>\n]{1,100}>|@\w[\w.+-]*(?:@[\w.-]+)?"
)


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
