"""A vote begins: at its moment, by whoever comes first, the job, a reader of its page or a voter.

1. It begins once: its row is held, and the second one finds it begun.
2. Whoever looks brings nothing about that the job would not have done at the same minute. A vote that cannot begin yet
   (nothing is up for it) costs a look two counts and no lock.
"""

import logging
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.options import options_fill
from estime.cocreation.actions.polls import poll_held
from estime.cocreation.errors import PollInvalid, VoteNotOpen
from estime.cocreation.models import Contribution, Option, Poll
from estime.cocreation.news import event_tell
from estime.cocreation.parameters import rules_read
from estime.kernel import clock
from estime.kernel.errors import EstimeError

FEWEST: Final = {"ranked": 2, "pairwise": 2}
"""Options without which a vote of this method makes no sense; of the others one is enough."""
_LOG = logging.getLogger("estime.cocreation")


def poll_open(poll: Poll, *, when: datetime | None = None) -> Poll:
    """Let a vote begin whose time has come. Raises `VoteNotOpen` before, `PollInvalid` without options."""
    at = when or clock.now()
    with transaction.atomic():
        held = poll_held(poll)
        if held.opened is not None:
            return held
        if held.locked is None or held.challenge.cancelled is not None or not held.opens <= at < held.closes:
            raise VoteNotOpen(_("This is not the time of this vote."), todo=_("Its page says when it is."))
        if rules_read(held).options == "all":
            options_fill(held, at)
        if Option.objects.filter(poll=held).count() < FEWEST.get(held.method, 1):
            raise PollInvalid(
                _("There is nothing to choose from in this vote yet."),
                todo=_("Whoever leads the challenge adds options; the vote then begins by itself."),
                field="options",
            )
        held.opened = at
        held.save(update_fields=["opened"])
        event_tell("vote_opened", None, at, held.challenge, poll=held.pk)
    return held


def poll_due(poll: Poll, at: datetime) -> bool:
    """Whether the moment of a vote has come that has not begun; without a query (its challenge is read)."""
    return (
        poll.opened is None
        and poll.locked is not None
        and poll.opens <= at < poll.closes
        and poll.challenge.cancelled is None
    )


def poll_begin(poll: int, *, when: datetime | None = None) -> datetime | None:
    """Let a vote begin if its moment has come and it can; when it began, None if it has not.

    Raises nothing: who only looks is told that it is about to begin, and the job, which tries again, tells the log.
    """
    at = when or clock.now()
    found = Poll.objects.select_related("challenge").filter(pk=poll).first()
    if found is None or not poll_due(found, at):
        return None if found is None else found.opened
    if options_there(found) < FEWEST.get(found.method, 1):
        return None
    try:
        return poll_open(found, when=at).opened
    except (EstimeError, DatabaseError) as error:
        _LOG.warning(
            "a vote could not begin", extra={"fields": {"poll": poll, "error": type(error).__name__}}
        )
        return None


def options_there(poll: Poll) -> int:
    """How many options a vote would begin with now."""
    there = poll.options.count()
    if poll.parameters.get("options") == "all":
        there += options_coming(poll)
    return there


def options_coming(poll: Poll) -> int:
    """How many contributions stand in the challenge and are no options of this vote."""
    standing = Contribution.objects.filter(
        challenge=poll.challenge_id, together=None, hidden=False, withdrawn=None
    )
    return standing.exclude(options__poll=poll).count()
