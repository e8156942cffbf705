"""The row of a vote as whoever votes or adds an option holds it, and whether it is the time for that."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.errors import VoteNotOpen, VoteOver
from estime.cocreation.models import Poll


class Held(NamedTuple):
    """The row of a vote, held until the transaction ends."""

    poll: Poll
    cancelled: bool
    hidden: bool


def check_open(held: Held, at: datetime) -> None:
    """Raises `VoteNotOpen` or `VoteOver`. By time too: a ballot that comes late is refused though no job has closed."""
    poll = held.poll
    if held.cancelled:
        raise VoteNotOpen(_("This vote was called off."), todo=_("The page of the challenge says why."))
    if held.hidden:
        raise VoteNotOpen(
            _("This challenge is hidden at the moment."), todo=_("Its page says why, and by whom.")
        )
    if poll.closed is not None or at >= poll.closes:
        raise VoteOver(
            _("This vote is closed."),
            todo=_("Your ballot is as you left it before the closing, if you had cast one."),
        )
    if poll.opened is None or at < poll.opens:
        raise VoteNotOpen(_("This vote has not begun."), todo=_("Its page says when it begins."))
