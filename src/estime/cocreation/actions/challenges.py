"""Write a challenge as a draft, and open it. What is said at the opening stays as it was said (`guards.py`).

A challenge of the brand is written by leads together; one that a member opens is that member's alone, and the power
that it hands over is the one that the brand granted to members' challenges (`[cocreation] member_power`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.polls import polls_lock
from estime.cocreation.actions.spaces import slug_of
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import CalendarWrong, NotAllowed, NotReady
from estime.cocreation.leading import challenge_held, check_draft, check_leads
from estime.cocreation.limits import check_limits
from estime.cocreation.models import BRIEF, Challenge, Deal, Follow, Member, Phase, Space
from estime.cocreation.naming import voice
from estime.cocreation.news import event_tell
from estime.cocreation.queries.readiness import opening_lacks
from estime.cocreation.vocabulary import KINDS, PHASES, POWERS
from estime.kernel import clock
from estime.kernel.configuration import configuration

LONGEST_TITLE, LONGEST_BRIEF = 160, 6_000
Moments = tuple[datetime, datetime]


class ChallengeWords(NamedTuple):
    """What a challenge says. `power` empty: as a member's challenge has it. `kinds`: what can be given."""

    title: str
    power: str = ""
    problem: str = ""
    known: str = ""
    decided: str = ""
    off_table: str = ""
    decider: str = ""
    resources: str = ""
    answer_by: datetime | None = None
    kinds: tuple[str, ...] = KINDS


def challenge_draft(
    by: Member, space: Space, words: ChallengeWords, *, when: datetime | None = None
) -> Challenge:
    """Begin a challenge. Nobody but those who lead it sees it before it opens.

    Raises `NotAllowed` (neither `challenge.lead` nor `challenge.open_own`; more power than a member may hand over),
    `WordsMissing` (the title), `WordsTooMany`.
    """
    by_brand = by.may("challenge.lead")
    if not by_brand and not by.may("challenge.open_own"):
        raise NotAllowed(
            _("Challenges are opened by members and by community leads."),
            todo=_("Ask a community lead to open it."),
        )
    fields = _checked(words, by_brand=by_brand)
    at = when or clock.now()
    with transaction.atomic():
        if not by_brand:
            check_limits(by, "challenges", at)
        return Challenge.objects.create(space=space, owner=by, by_brand=by_brand, created=at, **fields)


def challenge_change(by: Member, challenge: Challenge, words: ChallengeWords) -> Challenge:
    """Write a draft anew. Raises as `challenge_draft`, and `RulesLocked` once it is open."""
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        check_draft(held)
        for name, value in _checked(words, by_brand=held.by_brand).items():
            setattr(held, name, value)
        held.save()
    return held


def _checked(words: ChallengeWords, *, by_brand: bool) -> dict[str, object]:
    title = check_words(words.title, "title", LONGEST_TITLE)
    kinds = [kind for kind in KINDS if kind in words.kinds]
    brief = {name: check_words(getattr(words, name), name, LONGEST_BRIEF, needed=False) for name in BRIEF}
    return {
        "title": title,
        "slug": slug_of(title, 80),
        "power": _power(words.power, by_brand=by_brand),
        **brief,
        "answer_by": words.answer_by,
        "kinds": kinds,
    }


def _power(wanted: str, *, by_brand: bool) -> str:
    if by_brand:
        if wanted and wanted not in POWERS:
            raise NotAllowed(_("There is no such power."), todo=_("Choose one of the four."), field="power")
        return wanted or "answer"
    granted = configuration().cocreation.member_power
    if wanted not in ("", granted):
        raise NotAllowed(
            _("A challenge that a member opens cannot promise this in the brand’s name."),
            todo=_("Leave “Your say here” as it is."),
            field="power",
        )
    return granted


def phases_set(by: Member, challenge: Challenge, phases: Mapping[str, Moments]) -> list[Phase]:
    """Set the calendar of a draft: kind of phase to when it starts and ends; what is left out does not take place.

    Raises `CalendarWrong` unless phases follow each other in their order, each with an end after its start.
    """
    _check_calendar(phases)
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        check_draft(held)
        held.phases.all().delete()
        return [
            Phase.objects.create(challenge=held, kind=kind, starts=phases[kind][0], ends=phases[kind][1])
            for kind in PHASES
            if kind in phases
        ]


def _check_calendar(phases: Mapping[str, Moments]) -> None:
    before: datetime | None = None
    for kind in PHASES:
        if kind not in phases:
            continue
        starts, ends = phases[kind]
        if ends <= starts:
            raise CalendarWrong(
                _("A phase has to end after it starts."), todo=_("Correct its dates."), field=kind
            )
        if before is not None and starts < before:
            raise CalendarWrong(
                _("A phase cannot start before the one before it has ended."),
                todo=_("Correct its dates."),
                field=kind,
            )
        before = ends
    if unknown := sorted(set(phases) - set(PHASES)):
        raise CalendarWrong(
            _("There is no such phase."),
            todo=_("Use: %(phases)s.") % {"phases": ", ".join(PHASES)},
            field=unknown[0],
        )


def challenge_open(by: Member, challenge: Challenge, *, when: datetime | None = None) -> Challenge:
    """Open a challenge: from now on its brief, power and rules are locked. Twice is harmless.

    Raises `NotReady` with the names of what is missing, `NotAllowed`.
    """
    at = when or clock.now()
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        if held.opened is not None:
            return held
        missing = opening_lacks(held, at)
        if missing:
            raise NotReady(
                _("This challenge cannot open yet: something is missing."),
                todo=_("The check list says what."),
                missing=missing,
            )
        polls_lock(held, at)
        held.opened = at
        held.save(update_fields=["opened"])
        Follow.objects.get_or_create(member=held.owner, challenge=held, defaults={"at": at})
        act_write(
            by,
            "Create",
            held,
            at,
            object_type="Event",
            context=object_id(held),
            content=f"{held.title}\n\n{held.problem}",
            on_behalf_of=voice() if held.by_brand else None,
        )
        event_tell("challenge_opened", by, at, held)
    return held


def challenge_discard(by: Member, challenge: Challenge) -> None:
    """Throw a draft away, with its calendar, its deal and its votes. Raises `RulesLocked` once it is open."""
    with transaction.atomic():
        held = Challenge.objects.select_for_update().filter(pk=challenge.pk).first()
        if held is None:
            return
        check_leads(by, held)
        check_draft(held)
        held.phases.all().delete()
        for poll in held.polls.all():
            poll.options.all().delete()
            poll.delete()
        Deal.objects.filter(challenge=held).delete()
        held.delete()
