"""What may still change once a challenge is open: a phase is made longer, or the challenge is called off.

Both are announced, with a reason that stays to be read. Making a phase longer moves everything that comes after it,
votes too, by as much; the date by which an answer was promised stays where it is.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import CalendarWrong, NotAllowed, NotNow
from estime.cocreation.leading import challenge_held, check_leads, leads
from estime.cocreation.models import Challenge, Extension, Member, Phase
from estime.cocreation.naming import voice
from estime.cocreation.news import event_tell
from estime.cocreation.queries.phases import phases_of
from estime.cocreation.queries.readiness import BINDING
from estime.kernel import clock

LONGEST_REASON = 4_000


def challenge_extend(
    by: Member, challenge: Challenge, kind: str, until: datetime, reason: str, *, when: datetime | None = None
) -> Extension:
    """Make a phase end later; what follows moves with it. The same again changes nothing.

    Raises `NotAllowed`, `WordsMissing`, `CalendarWrong` (no such phase, or not later), `NotNow` (the phase is over, or
    the challenge is a draft or was called off).
    """
    at = when or clock.now()
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        why = check_words(reason, "reason", LONGEST_REASON)
        phases = phases_of(held)
        phase = next((each for each in phases if each.kind == kind), None)
        if phase is None:
            raise CalendarWrong(
                _("This challenge has no such phase."), todo=_("Choose one of its phases."), field=kind
            )
        again = phase.extensions.filter(until=until, reason=why, by=by).order_by("-pk").first()
        if again is not None and phase.ends == until:
            return again
        _check_longer(held, phase, until, at)
        return _extended(by, held, phases[phases.index(phase) :], until, why, at)


def _check_longer(challenge: Challenge, phase: Phase, until: datetime, at: datetime) -> None:
    if challenge.opened is None:
        raise NotNow(
            _("This challenge is a draft."), todo=_("Change its calendar as you like until it opens.")
        )
    if phase.ends <= at:
        raise NotNow(
            _("This phase is over: it cannot be made longer any more."),
            todo=_("Make the current phase longer, or one that lies ahead."),
        )
    if until <= phase.ends:
        raise CalendarWrong(
            _("A phase can only be made longer, never shorter."),
            todo=_("Choose a day after its present end."),
            field=phase.kind,
        )


def _extended(
    by: Member, challenge: Challenge, phases: list[Phase], until: datetime, why: str, at: datetime
) -> Extension:
    first, *later = phases
    was, starts, more = first.ends, first.starts, until - first.ends
    told = _phase_moved(by, first, timedelta(0), more, why, at)
    for phase in later:
        _phase_moved(by, phase, more, more, why, at)
    for poll in challenge.polls.select_for_update().filter(closed=None, closes__gt=at).order_by("pk"):
        if poll.opened is None and poll.opens >= was:
            poll.opens, poll.closes = poll.opens + more, poll.closes + more
        elif poll.closes > starts:
            poll.closes += more
        poll.save(update_fields=["opens", "closes"])
    act_write(
        by,
        "Update",
        challenge,
        at,
        object_type="Event",
        context=object_id(challenge),
        content=why,
        on_behalf_of=voice() if challenge.by_brand else None,
    )
    event_tell("challenge_extended", by, at, challenge, extension=told.pk, phase=first.kind)
    return told


def _phase_moved(
    by: Member, phase: Phase, start: timedelta, end: timedelta, why: str, at: datetime
) -> Extension:
    until = phase.ends + end
    told = Extension.objects.create(phase=phase, was=phase.ends, until=until, reason=why, by=by, at=at)
    phase.starts, phase.ends = phase.starts + start, until
    phase.save(update_fields=["starts", "ends"])
    return told


def challenge_cancel(
    by: Member, challenge: Challenge, reason: str, *, when: datetime | None = None
) -> Challenge:
    """Call a challenge off, with a reason that stays. Twice is harmless.

    A member's challenge can be called off by a community lead too, by name. Raises `NotAllowed`, `WordsMissing`,
    `NotNow`: it is a draft, or members have decided already (then only a director can set that aside, `override.py`).
    """
    at = when or clock.now()
    with transaction.atomic():
        held = challenge_held(challenge)
        if not leads(by, held) and not by.may("challenge.lead"):
            raise NotAllowed(
                _("This challenge is not yours to lead."), todo=_("Write to whoever opened it, on its page.")
            )
        if held.cancelled is not None:
            return held
        why = check_words(reason, "reason", LONGEST_REASON)
        _check_can_stop(held, at)
        held.cancelled, held.cancelled_by, held.cancel_reason = at, by, why
        held.save(update_fields=["cancelled", "cancelled_by", "cancel_reason"])
        act_write(
            by,
            "Remove",
            held,
            at,
            object_type="Event",
            context=object_id(held),
            content=why,
            on_behalf_of=voice() if by.may("challenge.lead") else None,
        )
        event_tell("challenge_cancelled", by, at, held, also=[held.owner])
    return held


def _check_can_stop(challenge: Challenge, at: datetime) -> None:
    if challenge.opened is None:
        raise NotNow(_("This challenge is a draft."), todo=_("Throw the draft away instead."))
    if challenge.power in BINDING and challenge.polls.filter(binding=True, closes__lte=at).exists():
        raise NotNow(
            _("Members have decided already: a challenge cannot be called off after its vote."),
            todo=_("Do what they decided. Only a named director can set it aside, in public."),
        )
