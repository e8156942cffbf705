"""What stands next to an idea or a question, as pages tell it: answers, promises and their lateness, what was made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import Considered, Contribution, Decision, Member, Outcome, Pledge, Space
from estime.cocreation.naming import NOBODY
from estime.cocreation.wording import CONSIDERED_NAMES, OUTCOME_NAMES
from estime.kernel import clock
from estime.readouts.wording import count, days_late
from estime.web.addresses import numbered
from estime.web.challenge_words import LAST_MOMENT
from estime.web.frame import may
from estime.web.member_words import Prose
from estime.web.moments import day
from estime.web.taking_part import title_of


def answer_context(request: HttpRequest, one: Contribution, member: Member | None) -> dict[str, Any]:
    """What `cocreation/_answer.html` shows beside a contribution; `{}` where there is nothing to show or do."""
    told = cocreation.story_of(one)
    whole = one.together
    answers = may(request, "decision.write") and one.withdrawn is None and not one.hidden and whole is None
    prose = Prose([decision.reason for decision in told.decisions], one.space, member)
    return {
        "decisions": [decision_told(decision, prose) for decision in told.decisions],
        "pledges": pledges_told(request, told.pledges),
        "outcomes": outcomes_told(told.outcomes),
        "considered": _asked(one, told.decisions, member),
        "decide": numbered("decide", one.pk) if answers else "",
        "promise": numbered("idea-pledge", one.pk) if answers else "",
        "none_yet": _none_yet(one) if not told.decisions and whole is None else "",
        "whole": {"title": title_of(whole), "url": numbered("idea", whole.pk)} if whole is not None else None,
    }


def speaker(name: str) -> str:
    """Who spoke for the brand, as they were called then."""
    who = _("Somebody who left") if name == NOBODY else name
    return _("%(name)s · speaks for %(brand)s") % {"name": who, "brand": cocreation.voice()}


def brought(site: str) -> str:
    """Who answered what was brought here from another site: that site, nobody of ours."""
    return _("Answered on %(site)s, before it was brought here") % {"site": site}


def decision_told(decision: Decision, prose: Prose) -> dict[str, Any]:
    into = decision.into
    return {
        "number": decision.number,
        "outcome": decision.outcome,
        "title": str(OUTCOME_NAMES[decision.outcome]),
        "again": decision.again,
        "reason": prose.html(decision.reason),
        "lives_on": prose.html(decision.lives_on),
        "who": brought(decision.name) if decision.source is not None else speaker(decision.name),
        "at": decision.at,
        "into": {"title": title_of(into), "url": numbered("idea", into.pk)} if into else None,
    }


def pledges_told(request: HttpRequest, pledges: Sequence[Pledge]) -> list[dict[str, Any]]:
    """Promises, open ones first; each with the days that it had before, which stay to be read."""
    now = clock.now()
    by_key = {pledge.pk: pledge for pledge in pledges}
    replaced = {pledge.replaces_id for pledge in pledges}
    settles = may(request, "decision.write")
    told = []
    for pledge in pledges:
        if pledge.pk in replaced:
            continue
        before, older = [], by_key.get(pledge.replaces_id or 0)
        while older is not None:
            before.append(older.due)
            older = by_key.get(older.replaces_id or 0)
        told.append(pledge_told(pledge, now, before, settles=settles))
    return sorted(told, key=lambda one: (one["state"] in ("kept", "waived"), one["due"]))


def pledge_told(
    pledge: Pledge, now: datetime, before: Sequence[datetime] = (), *, settles: bool = False
) -> dict[str, Any]:
    late = lateness(pledge, now)
    state = "waived" if pledge.waived else "kept" if pledge.kept else "late" if late else ""
    titles = {
        "waived": _("A promise taken back"),
        "kept": _("A promise kept"),
        "late": _("A promise"),
        "": _("A promise"),
    }
    return {
        "pk": pledge.pk,
        "state": state,
        "title": titles[state],
        "what": pledge.what,
        "due": pledge.due,
        "who": speaker(pledge.name),
        "at": pledge.at,
        "late": late if state != "waived" else "",
        "kept": pledge.kept,
        "kept_words": pledge.kept_words,
        "waived": pledge.waived,
        "waived_reason": pledge.waived_reason,
        "before": before[::-1],
        "url": numbered("pledge", pledge.pk) if settles and state in ("", "late") else "",
    }


def lateness(pledge: Pledge, now: datetime) -> str:
    """How late a promise is, or was kept; empty where it is not. Nobody writes this: it is the calendar's."""
    settled = pledge.kept or pledge.waived or now
    if settled <= pledge.due:
        return ""
    gone = days_late(pledge.due, settled)
    if pledge.kept is not None:
        if not gone:
            return _("kept late, the same day")
        return ngettext("kept %(n)s day late", "kept %(n)s days late", gone) % {"n": count(gone)}
    if not gone:
        return _("late since today")
    return ngettext("%(n)s day late", "%(n)s days late", gone) % {"n": count(gone)}


def outcomes_told(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [{"title": one.title, "url": numbered("outcome", one.pk), "made": one.made} for one in outcomes]


def considered_form(action: str, says: str) -> dict[str, Any]:
    """The question that is asked of whoever was answered."""
    return {
        "action": action,
        "says": says,
        "choices": [(value, str(words), value == says) for value, words in CONSIDERED_NAMES.items()],
    }


def considered_url(space: Space) -> str:
    return reverse("considered", args=[space.slug])


def _asked(one: Contribution, decisions: Sequence[Decision], member: Member | None) -> dict[str, Any] | None:
    """The question, for the authors of what was answered."""
    newest = next(iter(decisions), None)
    if newest is None or member is None or not cocreation.is_author(member, newest.contribution_id):
        return None
    said = Considered.objects.filter(decision=newest, member=member).first()
    return considered_form(numbered("decision-considered", newest.pk), said.says if said else "")


def _none_yet(one: Contribution) -> str:
    """That no answer was given yet, and by when one is owed."""
    challenge = one.challenge
    if (
        one.withdrawn is not None
        or challenge is None
        or challenge.power == "listen"
        or challenge.answer_by is None
    ):
        return ""
    if challenge.answer_by < clock.now():
        return _("Not answered yet. An answer is late.")
    return _("Not answered yet. An answer comes by %(day)s.") % {
        "day": day(challenge.answer_by - LAST_MOMENT)
    }
