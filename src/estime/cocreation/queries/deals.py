"""Which deal holds for a challenge, and whether somebody agreed to it."""

from datetime import datetime

from django.utils.translation import gettext as _

from estime.cocreation.errors import DealNotAccepted
from estime.cocreation.models import Acceptance, Challenge, Deal, Member
from estime.cocreation.prepared import Prepared


def deal_of(challenge: Challenge) -> Deal | None:
    """The newest version of its deal; None where it has none (a challenge that came from elsewhere)."""
    return _NEWEST.first(challenge.pk)


_NEWEST = Prepared(
    lambda challenge: Deal.objects.filter(challenge=challenge).order_by("-version")[:1], plan_once=True
)


def deals_of(challenge: Challenge) -> list[Deal]:
    """Every version, newest first."""
    return list(Deal.objects.filter(challenge=challenge).select_related("by").order_by("-version"))


def deal_accepted(member: Member | None, challenge: Challenge) -> bool:
    """Whether somebody agreed to the version that holds now; yes where there is none to agree to."""
    deal = deal_of(challenge)
    if deal is None:
        return True
    return member is not None and Acceptance.objects.filter(deal=deal, member=member).exists()


def deals_accepted(member: Member, challenge: Challenge) -> dict[int, datetime]:
    """The versions that somebody agreed to, and when."""
    found = Acceptance.objects.filter(member=member, deal__challenge=challenge)
    return dict(found.values_list("deal", "at"))


def check_deal(member: Member, challenge: Challenge) -> None:
    """Raises `DealNotAccepted`, with the version to agree to, unless this member agreed to the newest one."""
    deal = deal_of(challenge)
    if deal is not None and not Acceptance.objects.filter(deal=deal, member=member).exists():
        raise _not_accepted(deal)


def _not_accepted(deal: Deal) -> DealNotAccepted:
    if deal.version > 1 and Acceptance.objects.filter(deal__challenge=deal.challenge_id).exists():
        words = _("The deal of this challenge is new, or it has changed since you agreed to it.")
    else:
        words = _("This challenge has a deal: it says what becomes of what you give.")
    return DealNotAccepted(words, todo=_("Read it, and tick that you agree."), deal=deal.version)
