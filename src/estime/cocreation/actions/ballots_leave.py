"""What becomes of the ballots of somebody who is erased. Nobody shall be able to tell theirs by elimination.

1. A vote that runs: their ballot is taken back, as they could have done themselves. Were it kept without its link, it
   would be the one ballot that belongs to nobody until the sealing.
2. A vote that is over and not sealed: what was counted stays, so the ballot does. The links of all its voters go at
   once and the ballots are mixed, as at the sealing, for the same reason. What links were for is done before: it is
   closed and counted. Objections can be made and answered as ever.
3. A vote that is sealed: there is nothing left to do. An open vote (not secret) loses this one link and keeps all else.

That they voted stays, without a name and a time. Each vote is one transaction, and done twice does no harm.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from estime.cocreation.actions.closing import ballots_mix, poll_alone, poll_close, remains_forget
from estime.cocreation.actions.counting import poll_count
from estime.cocreation.models import Ballot, Link, Member, Poll, Voter
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.ledger.api import turn


def ballots_leave(members: Sequence[Member], *, when: datetime | None = None) -> None:
    """Cut these people off from every ballot of theirs."""
    at = when or clock.now()
    linked = Link.objects.filter(member__in=members).values_list("poll", flat=True)
    timed = Voter.objects.filter(member__in=members).exclude(last=None).values_list("poll", flat=True)
    for number in sorted({*linked, *timed}):
        _ended(Poll.objects.select_related("challenge").get(pk=number), at)
        _cut(number, members)
    if linked or timed:
        remains_forget()


def _ended(poll: Poll, at: datetime) -> None:
    """Whatever time has decided already is written down first. What cannot be counted keeps nobody from leaving."""
    over = at >= poll.closes or poll.challenge.cancelled is not None
    with suppress(EstimeError):
        if poll.opened is not None and poll.closed is None and over:
            poll = poll_close(poll, when=at)
        if poll.closed is not None and poll.counted is None and poll.challenge.cancelled is None:
            poll_count(poll, when=at)


def _cut(number: int, members: Sequence[Member]) -> None:
    with turn(), transaction.atomic():
        poll = poll_alone(Poll(pk=number), queued=True)
        links = Link.objects.filter(poll=poll, member__in=members)
        ballots = list(links.values_list("ballot", flat=True))
        if poll.closed is None:
            links.delete()
            Ballot.objects.filter(pk__in=ballots).delete()
        elif ballots and poll.secret and poll.sealed is None:
            ballots_mix(poll)
            Poll.objects.filter(pk=poll.pk).update(sealing=False)
        else:
            links.delete()
        Voter.objects.filter(poll=poll, member__in=members).exclude(last=None).update(last=None)
