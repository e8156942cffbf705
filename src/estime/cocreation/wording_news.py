"""How each kind of event reads, in feeds, histories and digests: one sentence under the title of what it is about.

`%(who)s` is whoever did it by name; “somebody” who was erased. A test looks that every kind of `news.CONCERNS` has one.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from estime.cocreation.models import Event

NEWS: Final[dict[str, str | Promise]] = {
    # of a challenge
    "challenge_opened": gettext_lazy("%(who)s opened this challenge."),
    "challenge_extended": gettext_lazy("%(who)s gave it more time."),
    "challenge_cancelled": gettext_lazy("%(who)s called it off; the reason stands on its page."),
    "deal_changed": gettext_lazy("The deal has a new version."),
    "backstage_given": gettext_lazy("%(who)s gives something to work on, behind the scenes."),
    "vote_opened": gettext_lazy("The vote is open."),
    "vote_counted": gettext_lazy("The vote is counted: see the result, and how fragile it is."),
    "vote_sealed": gettext_lazy(
        "The time for objections is over: nothing says any more which ballot is whose."
    ),
    "option_hidden": gettext_lazy("%(who)s took an option out of what is asked."),
    "objected": gettext_lazy("Somebody objects to how the vote went."),
    "objection_answered": gettext_lazy("%(who)s answered an objection to the vote."),
    "overridden": gettext_lazy("%(who)s set aside what was decided, and says why in public."),
    "challenge_pledged": gettext_lazy("%(who)s made a promise to all who took part."),
    "challenge_pledge_kept": gettext_lazy("%(who)s kept the promise made to all who took part."),
    "challenge_pledge_waived": gettext_lazy(
        "%(who)s took a promise to all who took part back, and says why."
    ),
    "outcome_made": gettext_lazy("Something was made of it: see what, and all it came from."),
    # of a contribution
    "published": gettext_lazy("%(who)s published it."),
    "versioned": gettext_lazy("%(who)s wrote a new version."),
    "withdrawn": gettext_lazy("%(who)s took it back."),
    "disowned": gettext_lazy("%(who)s says of a version that it is not theirs."),
    "author_invited": gettext_lazy("%(who)s invites a co-author."),
    "author_joined": gettext_lazy("%(who)s is a co-author now."),
    "built_on": gettext_lazy("%(who)s built on it."),
    "supported": gettext_lazy("%(who)s supports it."),
    "commented": gettext_lazy("%(who)s commented."),
    "replied": gettext_lazy("%(who)s replied."),
    "mentioned": gettext_lazy("%(who)s mentioned somebody here."),
    "edit_offered": gettext_lazy("%(who)s offers an improvement."),
    "edit_adopted": gettext_lazy("%(who)s adopted an improvement."),
    "edit_declined": gettext_lazy("%(who)s did not adopt an improvement."),
    "merge_proposed": gettext_lazy("%(who)s proposes to bring it together with another one."),
    "merged": gettext_lazy("It was brought together with another one; nothing of it is lost."),
    "merge_declined": gettext_lazy("It is not brought together: an author said no."),
    "merge_contested": gettext_lazy("%(who)s contests that it was brought together."),
    "merge_upheld": gettext_lazy("%(who)s answered what was said against bringing it together."),
    "unmerged": gettext_lazy("It stands by itself again, with everything back in place."),
    "decided": gettext_lazy("%(who)s answered."),
    "pledged": gettext_lazy("%(who)s made a promise."),
    "pledge_kept": gettext_lazy("%(who)s kept the promise."),
    "pledge_waived": gettext_lazy("%(who)s took the promise back, and says why."),
    "made_of": gettext_lazy("It is part of something that was made."),
    # of a question to the brand
    "asked": gettext_lazy("%(who)s asks this."),
    "joined": gettext_lazy("%(who)s asks it too."),
    "reached": gettext_lazy("Enough people ask it: an answer by name is owed now."),
    "answered": gettext_lazy("%(who)s answered."),
    "question_withdrawn": gettext_lazy("%(who)s took the question back."),
    # of what somebody wrote
    "hidden": gettext_lazy("Something was hidden here; the reason stands in its place."),
    "shown_again": gettext_lazy("What was hidden here is shown again."),
    "report_settled": gettext_lazy("A moderator looked at what you reported here."),
    "appeal_settled": gettext_lazy("%(who)s looked again at what was hidden, and answered."),
}
DECIDED: Final[dict[str, str | Promise]] = {
    "taken": gettext_lazy("%(who)s answered: taken up."),
    "together": gettext_lazy("%(who)s answered: brought together with another one."),
    "later": gettext_lazy("%(who)s answered: to be looked at again."),
    "not_taken": gettext_lazy("%(who)s answered: not taken up, and why."),
}
LATE: Final = gettext_lazy("%(who)s kept the promise, late.")
NEW_DAY: Final = gettext_lazy("%(who)s gave the promise a new day; the old one stays to be read.")
SOMEBODY: Final = pgettext_lazy("who did it", "Somebody")


def news_words(event: Event, who: str = "") -> str:
    """The sentence of an event, in the active language. `who`: by what name, else the one of its member."""
    name = who or (event.by.name if event.by is not None else "") or _nobody(event)
    return str(_sentence(event)) % {"who": name}


def _sentence(event: Event) -> str | Promise:
    if event.kind == "decided":
        return DECIDED.get(str(event.data.get("outcome")), NEWS["decided"])
    if event.kind == "pledge_kept" and event.data.get("late"):
        return LATE
    if event.kind == "pledged" and event.data.get("replaces"):
        return NEW_DAY
    return NEWS[event.kind]


def _nobody(event: Event) -> str:
    return str(SOMEBODY) if event.by is not None else _("The house")
