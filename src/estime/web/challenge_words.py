"""Challenges as their pages tell them: your say here, calendar, brief, deal, cards of lists."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Deal, Extension, Member
from estime.cocreation.naming import voice
from estime.cocreation.vocabulary import POWERS
from estime.cocreation.wording import POWER_MEANS, POWER_NAMES
from estime.readouts.wording import count
from estime.web.addresses import numbered
from estime.web.member_words import name_of
from estime.web.moments import day
from estime.web.taking_part import address

BRIEF_NAMES: Final[dict[str, Promise]] = {
    "problem": gettext_lazy("The problem"),
    "known": gettext_lazy("What is known"),
    "decided": gettext_lazy("What is decided already"),
    "off_table": gettext_lazy("What is off the table"),
    "decider": gettext_lazy("Who decides"),
    "resources": gettext_lazy("With what resources"),
    "answer_by": gettext_lazy("Answered by"),
}
DEAL_NAMES: Final[dict[str, Promise]] = {
    "owns": gettext_lazy("Who owns what"),
    "licence": gettext_lazy("Under which licence"),
    "if_adopted": gettext_lazy("If it is taken up"),
    "if_refused": gettext_lazy("If it is not taken up"),
    "if_withdrawn": gettext_lazy("If you withdraw it"),
    "if_altered": gettext_lazy("If it is altered"),
}
LAST_MOMENT: Final = timedelta(seconds=1)
"""A phase ends at midnight: the last day that people read is the one before."""


def challenge_or_404(pk: int, member: Member | None) -> Challenge:
    """A challenge that this reader may see."""
    found = cocreation.challenge_seen(pk, member)
    if found is None:
        raise Http404(_("There is no such challenge."))
    return found


def speaks(challenge: Challenge) -> str:
    """Who leads it, as people read it: a lead speaks for the brand, a member for nobody but themselves."""
    if challenge.source is not None:
        return _("Brought here from elsewhere")
    return name_of(challenge.owner, for_brand=challenge.by_brand)


def say(challenge: Challenge) -> dict[str, Any]:
    """Your say here. Of what was brought here nothing is promised, so no step is where it stands."""
    if challenge.source is not None:
        means = _("It was lived elsewhere, and stands here as its people left it. Nothing is promised by it.")
        return {"steps": [], "means": means, "by_member": ""}
    steps = [{"name": str(POWER_NAMES[power]), "here": power == challenge.power} for power in POWERS]
    by_member = ""
    if not challenge.by_brand:
        by_member = _(
            "A member opened this challenge. What %(brand)s promises for all of these is what stands here."
        ) % {"brand": voice()}
    return {"steps": steps, "means": str(POWER_MEANS[challenge.power]), "by_member": by_member}


def calendar(challenge: Challenge) -> list[dict[str, Any]]:
    """Its phases, each with the last day that belongs to it and every time it was made longer by itself."""
    return [
        {
            "kind": phase.kind,
            "name": phase.name,
            "starts": phase.starts,
            "ends": phase.ends,
            "last": phase.ends - LAST_MOMENT,
            "when": phase.when,
            "extensions": [_longer(one) for one in phase.extensions],
        }
        for phase in cocreation.phases_told(challenge)
    ]


def _longer(one: Extension) -> str:
    return _("Was to end on %(day)s") % {"day": day(one.was - LAST_MOMENT)}


def extensions(challenge: Challenge) -> list[dict[str, Any]]:
    """Each time that the calendar was made longer, with its reason and who said it: newest first, told once."""
    told: dict[tuple[datetime, str], dict[str, Any]] = {}
    for phase in cocreation.phases_told(challenge):
        for one in phase.extensions:
            entry = {
                "phase": phase.name,
                "was": one.was - LAST_MOMENT,
                "until": one.until - LAST_MOMENT,
                "reason": one.reason,
                "who": name_of(one.by, for_brand=challenge.by_brand),
                "at": one.at,
            }
            told.setdefault((one.at, one.reason), entry)
    return sorted(told.values(), key=lambda entry: entry["at"], reverse=True)


def brief(challenge: Challenge) -> list[tuple[str, str]]:
    """All that a challenge has to say, in its order; without the problem, which stands above."""
    rows = [(str(BRIEF_NAMES[name]), getattr(challenge, name)) for name in list(BRIEF_NAMES)[1:-1]]
    until = day(challenge.answer_by - LAST_MOMENT) if challenge.answer_by else ""
    return [(name, text) for name, text in (*rows, (str(BRIEF_NAMES["answer_by"]), until)) if text]


def deal_parts(deal: Deal | None) -> list[tuple[str, str]]:
    return [] if deal is None else [(str(name), getattr(deal, part)) for part, name in DEAL_NAMES.items()]


def tabs(challenge: Challenge, here: str) -> list[tuple[str, str, bool]]:
    """The pages of a challenge, of those that exist: whatever holds nothing has no tab."""
    there = {
        "challenge": True,
        "ideas": bool(challenge.kinds) and challenge.opened is not None,
        "backstage": getattr(challenge, "has_backstage", False),
        "challenge-votes": getattr(challenge, "has_polls", False),
        "challenge-decisions": getattr(challenge, "has_decisions", False),
        "challenge-outcomes": getattr(challenge, "has_outcomes", False),
        "challenge-questions": False,
    }
    words = {
        "challenge": _("The challenge"),
        "ideas": _("What was given"),
        "backstage": _("Backstage"),
        "challenge-votes": _("Votes"),
        "challenge-decisions": _("Answers"),
        "challenge-outcomes": _("What we made"),
    }
    shown = [(address(name, challenge.pk), words[name], name == here) for name, yes in there.items() if yes]
    return [entry for entry in shown if entry[0]]


def state(challenge: Challenge) -> str:
    """A word on what is unusual about it; empty for a challenge that runs."""
    if challenge.opened is None:
        return _("Draft")
    if challenge.cancelled is not None:
        return _("Called off")
    if challenge.override_told is not None:
        return _("Decision set aside")
    return ""


def phase_words(challenge: Challenge) -> str:
    """Where it stands: “Propose, until 3 March”."""
    if challenge.opened is None or challenge.cancelled is not None:
        return ""
    phases = cocreation.phases_told(challenge, extensions=False)
    now = next((phase for phase in phases if phase.when == "now"), None)
    if now is not None:
        return _("%(phase)s, until %(day)s") % {"phase": now.name, "day": day(now.ends - LAST_MOMENT)}
    ahead = next((phase for phase in phases if phase.when == "next"), None)
    if ahead is not None:
        return _("%(phase)s, from %(day)s") % {"phase": ahead.name, "day": day(ahead.starts)}
    return _("Over")


def card(challenge: Challenge, *, url: str = "", space: str = "") -> dict[str, Any]:
    """A challenge in a list."""
    counts = []
    if challenge.contributions_count:
        words = ngettext("%(n)s contribution", "%(n)s contributions", challenge.contributions_count)
        counts.append(words % {"n": count(challenge.contributions_count)})
    if challenge.people_count:
        words = ngettext("%(n)s person", "%(n)s people", challenge.people_count)
        counts.append(words % {"n": count(challenge.people_count)})
    return {
        "url": url or numbered("challenge", challenge.pk),
        "title": _("A challenge that is hidden")
        if challenge.hidden
        else challenge.title or _("A challenge without a title"),
        "power": str(POWER_NAMES[challenge.power]),
        "phase": phase_words(challenge),
        "by_member": not challenge.by_brand,
        "state": state(challenge),
        "text": "" if challenge.hidden else cocreation.markdown_excerpt(challenge.problem, 220),
        "counts": counts,
        "space": space,
    }


def cards(challenges: Iterable[Challenge]) -> list[dict[str, Any]]:
    return [card(one) for one in challenges]
