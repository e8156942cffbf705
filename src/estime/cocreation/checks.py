"""What every deed looks at first: whether this person may, and whether the words are there."""

from typing import Final

from django.utils.translation import gettext as _

from estime.cocreation.errors import NotAllowed, WordsMissing, WordsTooMany
from estime.cocreation.models import Member
from estime.cocreation.texts.parsing import text_clean

SPOKEN: Final = frozenset({"title", "reason", "lives_on", "answer", "instead", "what"})


def check_may(by: Member, permission: str) -> None:
    """Raises `NotAllowed` unless this person has a permission of people/roles.py."""
    if not by.may(permission):
        raise NotAllowed(
            _("Your role does not include this."),
            todo=_("Ask an administrator, who can change roles under Team."),
            permission=permission,
        )


def check_words(text: str, field: str, most: int, *, needed: bool = True) -> str:
    """A text as it is kept: one kind of line break, nothing invisible, no space around it.

    Raises `WordsMissing` (unless it may be empty) and `WordsTooMany`, with the name of the field. What is in `SPOKEN`
    needs a letter or a digit: signs alone are no title that could be searched or read aloud, and no reason.
    """
    words = text_clean(text).strip()
    if needed and not words:
        raise WordsMissing(_("Something is missing here."), todo=_("Write it in a few words."), field=field)
    if needed and field in SPOKEN and not any(map(str.isalnum, words)):
        raise WordsMissing(
            _("There is neither a letter nor a digit in this."), todo=_("Write it in words."), field=field
        )
    if len(words) > most:
        raise WordsTooMany(
            _("This is too long: %(length)s characters, and %(most)s are possible.")
            % {"length": len(words), "most": most},
            todo=_("Make it shorter."),
            field=field,
            most=most,
        )
    return words
