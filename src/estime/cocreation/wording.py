"""The words of the part, in English for the catalogues: as people read what the code calls by its own names."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, str | Promise]

POWER_NAMES: Final[Words] = {
    "listen": _("We listen"),
    "answer": _("We must answer"),
    "choose": _("You choose among options"),
    "decide": _("You decide"),
}
POWER_MEANS: Final[Words] = {
    "listen": _("We read everything. We may or may not follow it, and we say at the end what we learnt."),
    "answer": _("Every contribution gets an answer with a reason and a name, by the date given."),
    "choose": _("We prepare the options together; what the vote chooses is what we do."),
    "decide": _(
        "What you decide is done. Only a named director can set it aside, in public, and it stays visible for ever."
    ),
}
PHASE_NAMES: Final[Words] = {
    "propose": pgettext_lazy("phase", "Propose"),
    "build": pgettext_lazy("phase", "Build"),
    "vote": pgettext_lazy("phase", "Vote"),
    "decide": pgettext_lazy("phase", "Decide"),
    "made": pgettext_lazy("phase", "Made"),
}
KIND_NAMES: Final[Words] = {
    "idea": _("Idea"),
    "tip": pgettext_lazy("contribution", "Tip"),
    "story": _("Story"),
    "creation": _("Creation"),
}
INTENT_NAMES: Final[Words] = {
    "": _("Comment"),
    "question": _("Question"),
    "improvement": _("Improvement"),
    "tried": _("I have tried it"),
    "concern": _("Concern"),
}
OUTCOME_NAMES: Final[Words] = {
    "": _("Not answered yet"),
    "taken": _("Taken up"),
    "together": _("Brought together"),
    "later": _("Look again later"),
    "not_taken": _("Not taken up"),
}
METHOD_NAMES: Final[Words] = {
    "approval": _("Approve as many as you like"),
    "score": _("Give points"),
    "ranked": _("Rank them"),
    "pairwise": _("Choose between two"),
    "budget": _("Share out a budget"),
    "groups": _("Agree or disagree"),
}
REASON_NAMES: Final[Words] = {
    "unlawful": _("Against the law"),
    "personal": _("Tells something private about somebody"),
    "hateful": _("Hateful, or a threat"),
    "advertising": _("Advertising"),
    "repeated": _("The same thing again and again"),
    "elsewhere": _("Belongs elsewhere"),
    "other": _("Something else"),
}
CONSIDERED_NAMES: Final[Words] = {"yes": _("Yes"), "part": _("In part"), "no": _("No")}
