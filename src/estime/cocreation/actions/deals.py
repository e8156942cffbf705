"""*Le contrat / The deal*: who owns what, under which licence, and what happens then; and agreeing to it.

While a challenge is a draft there is one version, which may be rewritten. From the opening on a change is a new
version with its reason, everybody concerned is told, and it has to be agreed to again: nobody is held to words that
they never saw (the database keeps every version as it was, `guards.py`).
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import DealNotAccepted
from estime.cocreation.leading import challenge_held, check_leads
from estime.cocreation.models import Acceptance, Challenge, Deal, Member
from estime.cocreation.news import event_tell
from estime.cocreation.queries.deals import check_deal, deal_of
from estime.kernel import clock

LONGEST_PART = 4_000


class DealWords(NamedTuple):
    """The parts of a deal, each in plain words."""

    owns: str
    licence: str
    if_adopted: str
    if_refused: str
    if_withdrawn: str
    if_altered: str


def deal_write(
    by: Member, challenge: Challenge, words: DealWords, *, reason: str = "", when: datetime | None = None
) -> Deal:
    """Write the deal of a draft, or a new version of an open challenge's, with the reason of the change.

    The same words again make no new version. Raises `NotAllowed`, `WordsMissing` (all parts and the reason are needed
    once it is open), `WordsTooMany`, `NotNow` (called off).
    """
    at = when or clock.now()
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        is_open = held.opened is not None
        parts = {
            name: check_words(text, name, LONGEST_PART, needed=is_open)
            for name, text in words._asdict().items()
        }
        newest = deal_of(held)
        if newest is not None and all(getattr(newest, name) == text for name, text in parts.items()):
            return newest
        if not is_open:
            return Deal.objects.update_or_create(
                challenge=held, version=1, defaults={**parts, "by": by, "at": at}
            )[0]
        why = check_words(reason, "reason", LONGEST_PART)
        version = 1 if newest is None else newest.version + 1
        deal = Deal.objects.create(challenge=held, version=version, **parts, reason=why, by=by, at=at)
        act_write(
            by, "Update", _deal_id(deal), at, object_type="Document", context=object_id(held), content=why
        )
        event_tell("deal_changed", by, at, held, deal=deal.version)
    return deal


def accept_deal(
    member: Member, challenge: Challenge, version: int, *, when: datetime | None = None
) -> Acceptance | None:
    """Agree to the deal, in the version that was read; once however often it is told. None: there is no deal.

    To be called in the transaction of the first contribution. Raises `DealNotAccepted` if that version is not the
    newest any more.
    """
    at = when or clock.now()
    deal = deal_of(challenge)
    if deal is None:
        return None
    if deal.version != version:
        raise DealNotAccepted(
            _("The deal of this challenge has changed since you opened this page."),
            todo=_("Read the new one, and tick that you agree."),
            deal=deal.version,
        )
    with transaction.atomic():
        given, fresh = Acceptance.objects.get_or_create(deal=deal, member=member, defaults={"at": at})
        if fresh:
            act_write(
                member, "Accept", _deal_id(deal), at, object_type="Document", context=object_id(challenge)
            )
    return given


def deal_agreed(member: Member, challenge: Challenge, version: int, *, when: datetime | None = None) -> None:
    """What whoever gives words to a challenge agrees to: `version` now, or (0) before. Raises `DealNotAccepted`."""
    if version:
        accept_deal(member, challenge, version, when=when)
    check_deal(member, challenge)


def _deal_id(deal: Deal) -> str:
    return f"deal/{deal.challenge_id}/{deal.version}"
