"""Who leads a challenge, and holding its row while something hangs on it."""

from django.utils.translation import gettext as _

from estime.cocreation.errors import NotAllowed, NotFound, NotNow, RulesLocked
from estime.cocreation.models import Challenge, Contribution, Member


def leads(by: Member | None, challenge: Challenge) -> bool:
    """A challenge of the brand is led by every lead; one that a member opened, by that member alone."""
    if by is None:
        return False
    if challenge.by_brand:
        return by.may("challenge.lead")
    return by.pk == challenge.owner_id and by.may("space.take_part")


def leads_place(by: Member | None, contribution: Contribution) -> bool:
    """Whether somebody leads where a contribution stands; outside of a challenge that is every lead."""
    if contribution.challenge is not None:
        return leads(by, contribution.challenge)
    return by is not None and by.may("challenge.lead")


def check_leads(by: Member, challenge: Challenge) -> None:
    """Raises `NotAllowed` unless this person leads the challenge, `NotNow` once it was called off."""
    if not leads(by, challenge):
        raise NotAllowed(
            _("This challenge is not yours to lead."),
            todo=_("Write to whoever opened it, on its page."),
        )
    if challenge.cancelled is not None:
        raise NotNow(_("This challenge was called off."), todo=_("Its page says why."))


def check_draft(challenge: Challenge) -> None:
    """Raises `RulesLocked` once a challenge is open."""
    if challenge.opened is not None:
        raise RulesLocked(
            _("This challenge is open: what it says and its rules do not change any more."),
            todo=_(
                "You can make a phase longer, or call the challenge off; both with a reason that everybody reads."
            ),
        )


def challenge_held(challenge: Challenge) -> Challenge:
    """The challenge as it stands now, its row held until the transaction ends. Raises `NotFound` if it went."""
    held = Challenge.objects.select_for_update().filter(pk=challenge.pk).first()
    if held is None:
        raise NotFound(_("This challenge is not there any more."), todo=_("Look at the list of challenges."))
    return held
