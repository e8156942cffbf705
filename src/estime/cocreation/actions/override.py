"""A named director sets aside what members decided: in public, with a reason and what is done instead, for ever."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotNow
from estime.cocreation.leading import challenge_held
from estime.cocreation.models import Challenge, Member, Override
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.cocreation.queries.readiness import BINDING
from estime.kernel import clock

LONGEST_REASON = 4_000


class OverrideWords(NamedTuple):
    """The director's function, as everybody reads it, why, and what is done instead. The name is the login's."""

    title: str
    reason: str
    instead: str


def decision_override(
    by: Member, challenge: Challenge, words: OverrideWords, *, when: datetime | None = None
) -> Override:
    """Set aside what members decided in a challenge that was theirs to decide. Once: a second time says the same.

    Everybody who contributed, voted or follows is told. Raises `NotAllowed` (needs `decision.override`),
    `WordsMissing`, `NotNow` (the decision was not theirs, or the vote still runs).
    """
    name = check_speaks(by, "decision.override")
    at = when or clock.now()
    title = check_words(words.title, "title", 150)
    reason = check_words(words.reason, "reason", LONGEST_REASON)
    instead = check_words(words.instead, "instead", LONGEST_REASON)
    with transaction.atomic():
        held = challenge_held(challenge)
        known = Override.objects.filter(challenge=held).first()
        if known is not None:
            return known
        _check_decided(held, at)
        told = Override.objects.create(
            challenge=held, by=by, name=name, title=title, reason=reason, instead=instead, at=at
        )
        act_write(
            by,
            "Reject",
            held,
            at,
            object_type="Event",
            context=object_id(held),
            content=f"{reason}\n\n{instead}",
            on_behalf_of=voice(),
        )
        event_tell("overridden", by, at, held, also=[held.owner], override=told.pk)
    return told


def _check_decided(challenge: Challenge, at: datetime) -> None:
    if challenge.opened is None or challenge.cancelled is not None or challenge.power not in BINDING:
        raise NotNow(
            _("In this challenge there is no decision of members to set aside."),
            todo=_("It is only for challenges where members choose or decide."),
        )
    if challenge.polls.filter(binding=True, closes__gt=at).exists():
        raise NotNow(
            _("The vote is not over: there is nothing to set aside yet."),
            todo=_("Wait until it has closed; what members decide may be what you want."),
        )
