"""What workers do for votes: begin, end, count and seal them when it is time, and count again while they run.

Each step may be killed anywhere and done again. A vote that one step fails for does not keep the others from theirs.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from estime.cocreation.actions.closing import poll_close, poll_seal
from estime.cocreation.actions.counting import interim_from, poll_count, poll_count_interim
from estime.cocreation.actions.opening import FEWEST, options_there, poll_open
from estime.cocreation.models import Ballot, Objection, Poll
from estime.cocreation.parameters import GAINING
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.kernel.errors import EstimeError

INTERIM: Final = timedelta(minutes=15)
"""How often a vote that runs is counted at most."""
_LOG = logging.getLogger("estime.cocreation")
Step = Callable[..., object]


def votes_due() -> bool:
    """Whether a vote is to begin, to end, to be counted or to be sealed."""
    return next(_waiting(clock.now()), None) is not None


def votes_job(data: dict[str, jobs.JSON], progress: jobs.Progress) -> object:
    """Do all of it; what a step leads to (a closing to a counting) is done in the same job."""
    done = 0
    failed: EstimeError | None = None
    given_up: set[tuple[str, int]] = set()
    while True:
        step = next((each for each in _waiting(clock.now()) if (each[0], each[1].pk) not in given_up), None)
        if step is None:
            break
        name, poll = step
        given_up.add((name, poll.pk))  # each step once a job: what does not help is not tried for ever
        try:
            _STEPS[name](poll)
            done += 1
        except EstimeError as error:
            _LOG.warning("a vote could not go on", extra={"fields": {"poll": poll.pk, "code": error.code}})
            failed = error
        progress(done, done + 1)
    if failed is not None:
        raise failed
    return _("Steps of votes: %(done)s"), {"done": done}


_STEPS: dict[str, Step] = {
    "open": poll_open,
    "close": poll_close,
    "count": poll_count,
    "seal": poll_seal,
    "interim": poll_count_interim,
}


def _waiting(at: datetime) -> Iterator[tuple[str, Poll]]:
    """Steps whose time has come, in the order in which a vote takes them."""
    for poll in _to_open(at):  # one that lacks options waits for its lead, and is no work for a worker
        if options_there(poll) >= FEWEST.get(poll.method, 1):
            yield "open", poll
    over = Q(closes__lte=at) | Q(challenge__cancelled__isnull=False)
    for poll in Poll.objects.filter(over, closed=None).exclude(opened=None).order_by("closes", "pk"):
        yield "close", poll
    for poll in (
        Poll.objects.filter(counted=None, challenge__cancelled=None).exclude(closed=None).order_by("pk")
    ):
        yield "count", poll
    for poll in _to_seal(at):
        yield "seal", poll
    for poll in Poll.objects.filter(method__in=GAINING, closed=None, closes__gt=at).exclude(opened=None):
        last = poll.results.order_by("-number").first()
        rested = last is None or last.at <= at - INTERIM
        if rested and Ballot.objects.filter(poll=poll).count() >= interim_from(poll):
            yield "interim", poll


def _to_open(at: datetime) -> QuerySet[Poll]:
    return Poll.objects.filter(
        opened=None, locked__isnull=False, opens__lte=at, closes__gt=at, challenge__cancelled=None
    ).order_by("opens", "pk")


def _to_seal(at: datetime) -> QuerySet[Poll]:
    """Without those that wait for an answer to an objection: they are the lead's to do (debts.py)."""
    open_ones = Objection.objects.filter(answered=None).values("poll")
    return (
        Poll.objects.filter(sealed=None, closed__isnull=False, objections_until__lte=at)
        .filter(Q(counted__isnull=False) | Q(challenge__cancelled__isnull=False))
        .exclude(pk__in=open_ones)
        .order_by("objections_until", "pk")
    )
