"""Jobs in words. What a handler tells is kept in each language, so that whoever looks reads their own."""

from typing import cast

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

KINDS = {
    "refresh": _("Refresh of the figures"),
    "search": _("Index of acts"),
    "persons": _("Figures of the most active people"),
    "import": _("Import of a file"),
    "mend": _("Correction of refused rows"),
    "tidy": _("Taking away files that nobody confirmed"),
    "expired": _("Forgetting sessions and links that are over"),
    "preview": _("First look into a file"),
    "questions": _("Search for questions to the brand"),
}
"""How each kind is called; a kind that is not here is called by its name."""


def in_words(text: object) -> str:
    """A lazy translation where an error wants words: it is put into each language when the error is kept."""
    return cast(str, text)


def kind_in_words(kind: str) -> str:
    """What a job of this kind does, in the active language."""
    return str(KINDS.get(kind, kind))


def in_each_language(text: object) -> dict[str, str]:
    """A text as it reads in each language: a lazy translation is made as often as there are languages."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            told[code] = str(text)
    return {} if not any(told.values()) else told


def in_this_language(told: dict[str, str]) -> str:
    """The text in the active language, or in whichever there is."""
    code = (get_language() or "en").split("-")[0]
    return told.get(code) or next(iter(told.values()), "")
