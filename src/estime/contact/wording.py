"""The words of questions: why something is one, what was done with it, why nothing is owed."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASKS: Final[dict[str, Promise]] = {
    "type": _("The channel says that it is a question."),
    "mark": _("A sentence of it ends with a question mark."),
    "opening": _("It begins the way questions begin, without a question mark."),
}
WHYS: Final[dict[str, Promise]] = {
    "reply": _("It replies to one of our posts."),
    "mention": _("It names one of our accounts."),
    "thread": _("It was asked in a thread that we opened."),
    "talk": _("It was asked right after we spoke in this room."),
}
STATES: Final = ("open", "said", "waived")
STANDINGS: Final[dict[str, Promise]] = {
    "open": _("without an answer"),
    "said": _("said to be answered"),
    "waived": _("nothing is owed"),
    "answered": _("answered by us"),
    "withdrawn": _("taken back"),
}
"""Where a question stands: its state, or what the channel shows."""
DEEDS: Final[dict[str, Promise]] = {
    "wrote": _("wrote an answer"),
    "said": _("said that it is posted"),
    "handed": _("handed it to"),
    "returned": _("handed it back"),
    "waived": _("said that nothing is owed"),
    "reopened": _("put it back on the list"),
    "came_back": _("No reply of ours was seen: it is back on the list."),
}
REASONS: Final[dict[str, Promise]] = {
    "no_question": _("It asks nothing"),
    "not_us": _("It was not for us"),
    "elsewhere": _("We answered elsewhere"),
    "repeated": _("It was asked twice"),
    "unwanted": _("Advertising or abuse"),
    "other": _("Another reason"),
}
