"""Count a vote. What was counted stays: counted again, a newer `Result` stands beside the earlier one."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from estime.cocreation.actions.closing import check_ballots
from estime.cocreation.actions.polls import poll_held
from estime.cocreation.errors import NotNow
from estime.cocreation.models import Ballot, Link, Poll, Result
from estime.cocreation.news import event_tell
from estime.cocreation.parameters import GAINING
from estime.kernel import clock

MORE_VOTERS: Final = 10
"""An interim result follows the one before by so many ballots: the difference of two tells nobody's vote."""


def poll_count(poll: Poll, *, again: bool = False, when: datetime | None = None) -> Result:
    """Count a vote that is closed. Twice gives the same result, unless `again` asks for a new one (an objection).

    Raises `NotNow` while it runs, `BallotsAltered` if the ballots are not those of the closing. The counting takes
    seconds and holds nothing: ballots of a closed vote do not change.
    """
    at = when or clock.now()
    current = Poll.objects.get(pk=poll.pk)
    if current.closed is None:
        raise NotNow(_("This vote goes on."), todo=_("It is counted when it is over."))
    last = _last(current)
    if last is not None and last.final and not again:
        return last
    check_ballots(current)
    voters, body = _counted(current)
    if again and last is not None and not Link.objects.filter(poll=current).exists():
        _keep_what_links_told(body, last)
    with transaction.atomic():
        held = poll_held(current)
        newest = _last(held)
        if newest is not None and newest.final and not again:
            return newest
        first = held.counted is None
        result = _kept(held, voters, body, at, final=True)
        if first:
            held.counted = at
            held.save(update_fields=["counted"])
            event_tell("vote_counted", None, at, held.challenge, poll=held.pk, result=result.number)
    return result


def poll_count_interim(poll: Poll, *, when: datetime | None = None) -> Result | None:
    """How a vote on statements or between two stands while it runs; None where too few ballots came since the last."""
    at = when or clock.now()
    current = Poll.objects.get(pk=poll.pk)
    if current.method not in GAINING or current.opened is None or current.closed is not None:
        return None
    if Ballot.objects.filter(poll=current).count() < interim_from(current):
        return None
    voters, body = _counted(current)
    with transaction.atomic():
        held = poll_held(current)
        if held.closed is not None or voters < interim_from(held):
            return None
        return _kept(held, voters, body, at, final=False)


def interim_from(poll: Poll) -> int:
    """From how many ballots on the next interim result may be told."""
    last = _last(poll)
    return MORE_VOTERS + (0 if last is None else last.ballots)


def _counted(poll: Poll) -> tuple[int, dict[str, object]]:
    """How many ballots, and what they give. The methods take numpy along, which pages start without."""
    from estime.cocreation.cast import ballots_cast
    from estime.cocreation.outcome import outcome_of

    cast = ballots_cast(poll)
    return cast.voters, outcome_of(poll, cast)


def _last(poll: Poll) -> Result | None:
    return Result.objects.filter(poll=poll).order_by("-number").first()


def _kept(poll: Poll, ballots: int, body: dict[str, object], at: datetime, *, final: bool) -> Result:
    number = (Result.objects.filter(poll=poll).aggregate(last=Max("number"))["last"] or 0) + 1
    return Result.objects.create(poll=poll, number=number, ballots=ballots, final=final, body=body, at=at)


def _keep_what_links_told(body: dict[str, object], before: Result) -> None:
    """Without links nobody can leave out young or look-alike accounts any more: what was found with them stays."""
    frail, known = body.get("fragility"), before.body.get("fragility")
    if isinstance(frail, dict) and isinstance(known, dict):
        for name in ("without_new_accounts", "without_look_alikes"):
            frail[name] = known[name]
