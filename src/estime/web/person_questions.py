"""What a person asked the brand, for those who may answer it: each question with where it stands, and the way to it."""

from datetime import datetime
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.contact import api as contact
from estime.readouts import wording

SHOWN: Final = 10


class QuestionRow(NamedTuple):
    """One question in the list."""

    url: str
    when: datetime
    text: str
    standing: str


class Questions(NamedTuple):
    """All of them in a sentence, and the first of them."""

    sentence: str
    rows: list[QuestionRow]


def questions_of(account: int) -> Questions | None:
    """None where somebody asked nothing."""
    found = contact.questions_of(account, SHOWN)
    if not found.asked:
        return None
    rows = [
        QuestionRow(
            reverse("question", args=[each.act]),
            each.published,
            contact.excerpt(each.text) or _("This text was erased."),
            str(contact.STANDINGS[each.standing]),
        )
        for each in found.questions
    ]
    return Questions(_sentence(found, len(rows)), rows)


def _sentence(found: contact.OfPerson, shown: int) -> str:
    told = [
        ngettext("%(n)s question to us.", "%(n)s questions to us.", found.asked)
        % {"n": wording.count(found.asked)}
    ]
    if found.owed:
        owed = ngettext("%(n)s has no answer yet.", "%(n)s have no answer yet.", found.owed)
        told.append(owed % {"n": wording.count(found.owed)})
    if found.asked > shown:
        told.append(_("Those without an answer stand first, then the newest."))
    return " ".join(told)
