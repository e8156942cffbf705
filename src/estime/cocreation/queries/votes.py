"""Votes as pages and programs see them. Nothing here tells how somebody voted, but to themselves.

An open vote (`secret` false) says beforehand that it will be shown who chose what; `open_ballots` shows it after.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from django.db.models import F, OuterRef, QuerySet, Subquery

from estime.cocreation.eligibility import eligible
from estime.cocreation.leading import leads
from estime.cocreation.models import (
    Ballot,
    Contribution,
    Event,
    Hiding,
    Link,
    Member,
    Objection,
    Option,
    Poll,
    Result,
    Voter,
)
from estime.cocreation.parameters import LEAST_COUNTED, rules_read
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.challenges import challenge_readable
from estime.cocreation.standing import may_read
from estime.kernel import clock

_POLL: Final = Prepared(
    lambda pk: Poll.objects.filter(pk=pk).select_related("challenge__space"), plan_once=True
)
_VOTED: Final = Prepared(
    lambda poll, member: Voter.objects.filter(poll=poll, member=member).values_list("pk")
)
_FINAL: Final = Prepared(
    lambda poll: Result.objects.filter(poll=poll, final=True).order_by("-number").values_list("ballots")[:1],
    plan_once=True,
)
_RESULTS: Final = Prepared(lambda poll: Result.objects.filter(poll=poll).order_by("-number"), plan_once=True)
_NEWEST: Final = Prepared(
    lambda poll: Result.objects.filter(poll=poll).order_by("-number")[:1], plan_once=True
)
_OPTIONS: Final = Prepared(
    lambda poll: (
        Option.objects.filter(poll=poll)
        .select_related("contribution", "by")
        .annotate(
            hiding=Subquery(
                Hiding.objects.filter(contribution=OuterRef("contribution"), lifted=None).values("reason")[:1]
            )
        )
        .order_by("number")
    ),
    plan_once=True,
)
_OPTIONS_HIDDEN: Final = Prepared(
    lambda challenge: Event.objects.filter(challenge=challenge, kind="option_hidden").order_by("pk")
)
_OBJECTIONS: Final = Prepared(
    lambda poll: Objection.objects.filter(poll=poll).select_related("member").order_by("pk"),
    plan_once=True,
)


class Standing(NamedTuple):
    """Where a vote stands. `state`: draft, before, running, closing (over, not yet closed), counting, counted, off,
    missed (nothing was up for it, or nothing ran that lets a vote begin).
    """

    state: str
    voters: int
    eligible: bool
    voted: bool
    objecting: bool
    """Whether objections can be made now (by who voted)."""


def poll_seen(pk: int, member: Member | None) -> Poll | None:
    """A vote that this reader may see: those of a draft or locked later, only who leads it."""
    poll = _POLL.first(pk)
    if poll is None:
        return None
    if poll.locked is None or poll.challenge.opened is None:
        return poll if leads(member, poll.challenge) else None
    if poll.challenge.hidden and not challenge_readable(poll.challenge, member):
        return None
    return poll if may_read(poll.challenge.space, member) else None


def polls_of(challenge_pk: int, *, drafts: bool) -> list[Poll]:
    """The votes of a challenge, in the order of their beginning."""
    polls = Poll.objects.filter(challenge=challenge_pk).order_by("opens", "pk")
    return list(polls if drafts else polls.exclude(locked=None))


def poll_standing(poll: Poll, member: Member | None, at: datetime | None = None) -> Standing:
    """Where it stands, and what this person is in it."""
    at = at or clock.now()
    voted = member is not None and bool(_VOTED.all(poll.pk, member.pk))
    return Standing(
        poll_state(poll, at),
        _voters(poll),
        member is not None and eligible(poll, member),
        voted,
        voted and poll.counted is not None and poll.sealed is None
        and poll.objections_until is not None and at < poll.objections_until,
    )  # fmt: skip


def _voters(poll: Poll) -> int:
    """How many voted; of a vote that is counted, its count says."""
    if poll.counted is not None:
        counted = _FINAL.first(poll.pk)
        if counted is not None:
            return counted[0]
    return Ballot.objects.filter(poll=poll).count()


def poll_state(poll: Poll, at: datetime | None = None) -> str:
    """Where it stands, as `Standing.state` says it: without a query."""
    at = at or clock.now()
    if poll.locked is None:
        return "draft"
    if poll.challenge.cancelled is not None:
        return "off"
    if poll.counted is not None:
        return "counted"
    if poll.closed is not None:
        return "counting"
    if at >= poll.closes:
        return "closing" if poll.opened is not None else "missed"
    return "running" if poll.opened is not None and at >= poll.opens else "before"


def options_of(poll: Poll) -> list[Option]:
    """What is up for the vote, in its order, with what it came from. `hiding`: why that is hidden now, else None."""
    return list(_OPTIONS.all(poll.pk))


def options_won(challenge: int) -> list[Option]:
    """What members of a challenge voted for and nobody wrote as a contribution, by its newest final counts."""
    newest: dict[int, list[int]] = {}
    results = Result.objects.filter(poll__challenge=challenge, final=True).order_by("number")
    for poll, winners in results.values_list("poll", "body__winners"):
        newest[poll] = [int(number) for number in winners or ()]
    rows = (
        Option.objects.filter(poll__in=newest, contribution=None)
        .select_related("poll")
        .order_by("poll", "number")
    )
    return [option for option in rows if option.number in newest[option.poll_id]]


def ideas_for(poll: Poll, most: int = 500) -> list[Contribution]:
    """What stands in the challenge and is not up for this vote yet, oldest first."""
    standing = Contribution.objects.filter(
        challenge=poll.challenge_id, together=None, hidden=False, withdrawn=None
    )
    return list(standing.exclude(options__poll=poll).order_by("pk")[:most])


def ballot_own(poll: Poll, member: Member) -> Any:
    """What stands on one's own ballot, for oneself; None if there is none, or nothing says any more which it is."""
    linked = Link.objects.filter(poll=poll, member=member).values_list("ballot", flat=True).first()
    if linked is None:
        return None
    content = Ballot.objects.filter(pk=linked, poll=poll).values_list("content", flat=True).first()
    return None if content is None else orjson.loads(content)


def results_of(poll: Poll) -> list[Result]:
    """Every count, the newest first."""
    return _RESULTS.all(poll.pk)


def result_newest(poll: Poll) -> Result | None:
    """The count that holds: the newest."""
    return _NEWEST.first(poll.pk)


def objections_of(poll: Poll) -> list[Objection]:
    """Objections and their answers, oldest first: public, as their page says before one writes."""
    return _OBJECTIONS.all(poll.pk)


def objections_open() -> QuerySet[Objection]:
    """Objections without an answer; `due`: when the vote would be sealed."""
    open_ones = Objection.objects.filter(answered=None, poll__challenge__cancelled=None)
    return open_ones.select_related("poll").annotate(due=F("poll__objections_until"))


def objection_found(pk: int) -> Objection | None:
    """An objection by its number, with its vote."""
    return Objection.objects.select_related("poll").filter(pk=pk).first()


def options_hidden(poll: Poll) -> list[tuple[int, str]]:
    """Options that moderators took out while the vote ran: their numbers, and the reason."""
    return [
        (int(event.data["option"]), str(event.data["reason"]))
        for event in _OPTIONS_HIDDEN.all(poll.challenge_id)
        if event.data.get("poll") == poll.pk
    ]


def open_ballots(poll: Poll, most: int = 500) -> list[tuple[Member, Any]]:
    """Who chose what, in a vote that said it would be open, once it is over; of a secret one nothing."""
    if poll.secret or poll.closed is None:
        return []
    links = Link.objects.filter(poll=poll).select_related("member").order_by("member__name", "pk")[:most]
    content = dict(Ballot.objects.filter(pk__in=[link.ballot for link in links]).values_list("pk", "content"))
    return [(link.member, orjson.loads(content[link.ballot])) for link in links if link.ballot in content]


def ballots_published(poll: Poll) -> tuple[list[tuple[str, int]], int]:
    """(ballot as it stands, how many cast it) in the order of their texts, and how many ballots are not told.

    Only of a vote that is sealed. Where its rules did not say that ballots are published, those that at least five
    people cast alike: a rare one is a signature.
    """
    kinds = Counter(contents_published(poll))
    if not poll.secret or rules_read(poll).publish == "ballots":
        return sorted(kinds.items()), 0
    shown = sorted((content, many) for content, many in kinds.items() if many >= LEAST_COUNTED)
    return shown, kinds.total() - sum(many for _content, many in shown)


def contents_published(poll: Poll) -> Iterator[str]:
    """Each ballot as it stands, in the order of their texts: only of a vote that is sealed."""
    if poll.sealed is None:
        return iter(())
    return iter(sorted(Ballot.objects.filter(poll=poll).values_list("content", flat=True)))
