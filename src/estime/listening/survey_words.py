"""The five questions and the reasons, as they are stored and as they are put."""

import re
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estime.listening.survey_errors import AnswerInvalid


class Question(NamedTuple):
    """A statement, the words at both ends of its scale from 1 to 5, and its name in a table."""

    says: Promise
    low: Promise
    high: Promise
    title: Promise


_NOT, _WHOLLY = _("Not at all"), _("Entirely")
ASKED_OF: Final = {
    1: Question(_("People here know who I am."), _NOT, _WHOLLY, _("Identified")),
    2: Question(_("What I say is taken into account."), _NOT, _WHOLLY, _("Considered")),
    3: Question(_("I am treated fairly."), _NOT, _WHOLLY, _("Fairly treated")),
    4: Question(_("I trust this brand to keep its word."), _NOT, _WHOLLY, _("Trusting")),
    5: Question(_("This brand stands for what matters to me."), _NOT, _WHOLLY, _("Sharing its values")),
}
QUESTIONS: Final = tuple(ASKED_OF)
CONSIDERED: Final = 2
"""The question that stands beside how many were actually answered."""

REASON_WORDS: Final = {
    "belonging": _("To belong"),
    "useful": _("To be useful"),
    "recognition": _("To be recognised for what I do"),
    "getting": _("To get something"),
    "values": _("For what the brand stands for"),
    "complaint": _("To complain about something"),
    "fun": _("For fun"),
}
REASONS: Final = tuple(REASON_WORDS)
OCCASIONS: Final = ("decision", "answer", "outcome")
OCCASION_WORDS: Final = {
    "decision": _("after a decision about something you gave"),
    "answer": _("after an answer to a question you asked"),
    "outcome": _("after something was made of what you gave"),
}
LONGEST: Final = 2_000
MOST_WORDS: Final = 200
"""So many own words of a quarter are read, the first by lot; the others when some of these go."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")


def own_words(text: str) -> str:
    """Words as they are kept: one kind of line break, nothing that cannot be seen or turns the order of letters.

    Raises `AnswerInvalid` for more than `LONGEST` characters.
    """
    words = _UNSEEN.sub("", _BREAKS.sub("\n", text)).strip()
    if len(words) > LONGEST:
        raise AnswerInvalid(
            str(_("This is too long: %(length)s characters, and %(most)s are possible."))
            % {"length": len(words), "most": LONGEST},
            todo=str(_("Make it shorter.")),
            field="words",
        )
    return words
