"""Who may vote: said at the opening of the challenge, and the same for everybody until the end.

The brand's people do not vote, whatever the rule says: what members decide is decided by members.
"""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from estime.cocreation.errors import NotEligible
from estime.cocreation.models import Author, Member, Poll, Version

WHO_NAMES = {
    "members": gettext_lazy("every member"),
    "before": gettext_lazy("whoever was a member before this challenge opened"),
    "contributors": gettext_lazy("whoever contributed to this challenge"),
}


def eligible(poll: Poll, by: Member) -> bool:
    """Whether somebody may vote here, by who they are; whether it is the time is another question."""
    user = by.user
    if user is None or user.is_staff or by.erased or not by.may("space.take_part"):
        return False
    if poll.who == "before":
        opened = poll.challenge.opened
        return opened is not None and known_since(by) <= opened
    if poll.who == "contributors":
        return _contributed(poll.challenge_id, by)
    return True


def check_eligible(poll: Poll, by: Member) -> None:
    """Raises `NotEligible`."""
    if eligible(poll, by):
        return
    if by.user is not None and by.user.is_staff:
        raise NotEligible(
            _("The brand’s people do not vote: members decide here."),
            todo=_("You can follow the vote on this page."),
            who=poll.who,
        )
    raise NotEligible(
        _("In this vote others choose: %(who)s.") % {"who": WHO_NAMES[poll.who]},
        todo=_("This was said when the challenge opened, and holds for everybody."),
        who=poll.who,
    )


def known_since(member: Member) -> datetime:
    """Since when somebody is a member: their login, or the first time they took part if that was before."""
    joined = member.joined
    return joined if member.user is None else min(joined, member.user.date_joined)


def _contributed(challenge: int, by: Member) -> bool:
    """An author of something that stands, or whose improvement was adopted into it."""
    stands = Q(contribution__challenge=challenge, contribution__withdrawn=None, contribution__hidden=False)
    authored = Author.objects.filter(stands, member=by, left=None).exclude(accepted=None)
    return authored.exists() or Version.objects.filter(stands, contributor=by).exists()
