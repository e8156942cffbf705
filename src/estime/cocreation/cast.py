"""The ballots of a vote as arrays, as the counting methods take them.

As long as links live, each ballot comes with when it was last cast and how old its account was: for the questions of
how fragile a result is. Both leave this file as arrays and are never written anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from estime.cocreation.models import Ballot, Link, Option, Poll, Voter
from estime.cocreation.tally.ballots import Ballots, Duels, Kind, Money, Opinions, ballots_of

Floats = NDArray[np.float64]
DAY = 86_400.0


@dataclass(frozen=True, eq=False)
class CastBallots:
    """What stands on the ballots, one element each; `times` and `ages` (days) are NaN where no link is left."""

    options: tuple[Option, ...]
    contents: tuple[Any, ...]
    times: Floats
    ages: Floats

    @property
    def voters(self) -> int:
        """How many ballots there are."""
        return len(self.contents)

    @property
    def known(self) -> bool:
        """Whether times are known of any ballot."""
        return bool((~np.isnan(self.times)).any())

    @property
    def aged(self) -> bool:
        """Whether it is known of any ballot how old its voter's account was."""
        return bool((~np.isnan(self.ages)).any())


def ballots_cast(poll: Poll) -> CastBallots:
    """Read the ballots of a vote, in the order of their texts, which tells nothing."""
    rows = sorted(Ballot.objects.filter(poll=poll).values_list("content", "pk"))
    times, ages = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    moments = _moments(poll)
    for place, (_content, ballot) in enumerate(rows):
        if ballot in moments:
            last, since = moments[ballot]
            times[place] = last.timestamp()
            if since is not None:
                ages[place] = (last - since).total_seconds() / DAY
    options = tuple(Option.objects.filter(poll=poll).select_related("contribution").order_by("number"))
    return CastBallots(options, tuple(orjson.loads(content) for content, _ballot in rows), times, ages)


def _moments(poll: Poll) -> dict[int, tuple[datetime, datetime | None]]:
    """Ballot → when it was last cast, since when its voter is a member; while links live.

    Of somebody whom an import brought nobody knows how old their account was there.
    """
    voters = Voter.objects.filter(poll=poll).values_list("member_id", "last")
    lasts = {member: last for member, last in voters if last is not None}
    links = Link.objects.filter(poll=poll).values_list(
        "ballot", "member_id", "member__joined", "member__user__date_joined"
    )
    return {
        ballot: (lasts[member], min(joined, login) if login else None)
        for ballot, member, joined, login in links
        if member in lasts
    }


def as_ballots(poll: Poll, cast: CastBallots, order: Mapping[int, int]) -> Ballots:
    """For every method in which a ballot is about all options. `order`: option's number → its column."""
    kind, empty = _KINDS[poll.method]
    marks = np.full((cast.voters, len(order)), empty)
    for row, content in enumerate(cast.contents):
        for number, mark in _marks(poll.method, content):
            marks[row, order[number]] = mark
    names = tuple(str(number) for number in sorted(order, key=order.__getitem__))
    times = cast.times if cast.known else None
    return ballots_of(kind, marks, names, times=times, ages=cast.ages if cast.aged else None)


_KINDS: Mapping[str, tuple[Kind, float]] = {
    "approval": (Kind.APPROVAL, 0.0),
    "budget": (Kind.APPROVAL, 0.0),
    "score": (Kind.SCORE, np.nan),
    "ranked": (Kind.RANKED, 0.0),
}


def _marks(method: str, content: Any) -> list[tuple[int, float]]:
    if method == "score":
        return [(int(number), float(points)) for number, points in content.items()]
    if method == "ranked":
        return [(number, float(rank)) for rank, place in enumerate(content, 1) for number in place]
    return [(number, 1.0) for number in content]


def as_duels(cast: CastBallots) -> tuple[Duels, Floats | None]:
    """Votes between two; who could not say is left out. Besides: the age of each voter's account, in their order."""
    column = {option.number: place for place, option in enumerate(cast.options)}
    rows = [
        (column[left if which < 0 else right], column[right if which < 0 else left], voter)
        for voter, content in enumerate(cast.contents)
        for left, right, which in content
        if which
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    names = tuple(str(option.number) for option in cast.options)
    duels = Duels(names, table[:, 0], table[:, 1], table[:, 2], cast.times[table[:, 2]])
    return duels, cast.ages[np.unique(table[:, 2])] if cast.aged else None


def as_opinions(cast: CastBallots) -> Opinions:
    """Votes on statements. People are numbers of this counting, which stand for nobody later."""
    column = {option.number: place for place, option in enumerate(cast.options)}
    rows = [
        (person, column[int(number)], vote)
        for person, content in enumerate(cast.contents)
        for number, vote in content.items()
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Opinions(
        tuple(str(person) for person in range(cast.voters)),
        tuple(str(option.number) for option in cast.options),
        table[:, 0],
        table[:, 1],
        table[:, 2].astype(np.int8),
        np.full(len(table), np.nan),
        removed=frozenset(str(option.number) for option in cast.options if _gone(option)),
    )


def _gone(option: Option) -> bool:
    return option.hidden or (option.contribution is not None and option.contribution.hidden)


def money_of(poll: Poll, cast: CastBallots, order: Mapping[int, int]) -> Money:
    """What a budget is, and what its options cost, in their columns; exact."""
    costs = {option.number: Fraction(option.cost or 0) for option in cast.options}
    return Money(
        tuple(costs[number] for number in sorted(order, key=order.__getitem__)),
        Fraction(str(poll.parameters["budget"])),
    )
