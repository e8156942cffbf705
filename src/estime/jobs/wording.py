"""Jobs in words. What a handler tells is kept in each language, so that whoever looks reads their own."""

from typing import cast

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

KINDS = {
    "refresh": _("Refresh of the figures"),
    "validate": _("Validity report"),
    "search": _("Index of acts"),
    "persons": _("Figures of the most active people"),
    "import": _("Import of a file"),
    "challenge-import": _("Import of a challenge"),
    "mend": _("Correction of refused rows"),
    "tidy": _("Removal of files that nobody confirmed"),
    "expired": _("Forgetting sessions and links that are over"),
    "preview": _("First look into a file"),
    "questions": _("Search for questions to us"),
    "listen": _("Reading of new texts"),
    "ask": _("Asking people how they are treated"),
    "searches": _("Alerts of saved searches"),
    "targets": _("Counting texts about brand and products"),
    "topics": _("Search for topics"),
    "digests": _("Digests for members"),
    "votes": _("Beginning, closing and counting of votes"),
    "titles": _("Index of titles"),
    "sweep": _("Removal of pictures and files that nothing shows"),
    "hints": _("Hints for moderators"),
    "proposals": _("Proposals that wait for nobody any more"),
    "leave": _("Erasing those who left"),
}
"""How each kind is called; a kind that is not here is called by its name."""


def in_words(text: object) -> str:
    """A lazy translation where an error wants words: it is put into each language when the error is kept."""
    return cast(str, text)


def kind_in_words(kind: str) -> str:
    """What a job of this kind does, in the active language."""
    return str(KINDS.get(kind, kind))


class _Number(int):
    """A whole number that reads as the active language writes it."""

    def __str__(self) -> str:
        told = f"{int(self):,}"
        return told.replace(",", "\u202f") if (get_language() or "").startswith("fr") else told


def in_each_language(text: object) -> dict[str, str]:
    """A text as it reads in each language: a lazy translation is made as often as there are languages.

    One with numbers comes as a pair, the words and the numbers by name: filled in by whoever tells it, a lazy
    translation would be made there and then, in one language.
    """
    words, numbers = text if isinstance(text, tuple) else (text, {})
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            shown = {name: _Number(number) for name, number in numbers.items()}
            told[code] = str(words % shown) if shown else str(words)
    return {} if not any(told.values()) else told


def in_this_language(told: dict[str, str]) -> str:
    """The text in the active language, or in whichever there is."""
    code = (get_language() or "en").split("-")[0]
    return told.get(code) or next(iter(told.values()), "")
