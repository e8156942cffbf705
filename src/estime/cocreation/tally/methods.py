"""Every way of deciding together, by its name: ballots in, a result with its fragility out. No files, no database."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from estime.cocreation.tally.approval import approval, approval_counting, score, score_counting
from estime.cocreation.tally.ballots import Ballots, Counts, Duels, Floats, Kind, Money, Opinions
from estime.cocreation.tally.counting import Counting
from estime.cocreation.tally.equal_shares import Utility, budget_counting, equal_shares
from estime.cocreation.tally.errors import MethodMisfit
from estime.cocreation.tally.fragility import Asked, fragility
from estime.cocreation.tally.result import Groups, Method, Tally
from estime.cocreation.tally.schulze import ranked, ranked_counting

KINDS: Mapping[Method, Kind] = {
    Method.APPROVAL: Kind.APPROVAL,
    Method.SCORE: Kind.SCORE,
    Method.RANKED: Kind.RANKED,
    Method.BUDGET: Kind.APPROVAL,
}
"""The kind of ballot that a method counts."""


def tally(
    method: Method,
    cast: Ballots | Duels,
    *,
    seats: int = 1,
    money: Money | None = None,
    utility: Utility = Utility.COST,
    asked: Asked | None = None,
) -> Tally:
    """Who wins, how it came about, and how fragile it is?

    Meaning: the one door to all methods that name winners.

    Formula: that of the method; `fragility` for the rest.

    Parameters
    ----------
    method : any but `Method.GROUPS`, which names no winners: see `opinion_groups`.
    cast : `Duels` for pairwise, else `Ballots` of the method's kind.
    seats : how many may win, ≥ 1; approval and score only.
    money : costs and the budget; needed by the budget, and only by it.
    utility : what a funded project is worth to a voter; budget only.
    asked : what fragility is to ask; None leaves it out.

    Returns
    -------
    Tally, with `fragility` if asked for. Nobody voting is a result too: no winners.

    Raises
    ------
    MethodMisfit
        The ballots are of another kind.
    ValueError
        `seats` below 1, no money for a budget, or `Method.GROUPS`.

    Deterministic with the seed of `asked`. Cost: that of the method, and of its recounts.

    Example
    -------
    >>> from estime.cocreation.tally.ballots import ballots_of
    >>> told = tally(Method.APPROVAL, ballots_of(Kind.APPROVAL, np.array([[1, 0], [1, 1]])), asked=Asked())
    >>> told.winners, told.fragility.any_single_voter.changes
    (('1',), None)

    Source: that of each method.
    """
    told, counting, (counts, times, ages) = _counted(method, cast, seats, money, utility)
    if asked is None:
        return told
    return told.with_fragility(fragility(counting, counts, times, ages, asked))


def opinion_groups(opinions: Opinions, *, resample: bool = True) -> Groups:
    """Who thinks alike, and which statements unite or divide the groups? See `groups.whole.opinion_groups`."""
    from estime.cocreation.tally.groups.told import groups_of
    from estime.cocreation.tally.groups.votes import table

    people = [opinions.participants[place] for place in opinions.participant]
    topics = [opinions.statements[place] for place in opinions.statement]
    votes = table(people, topics, opinions.vote.astype(np.int64), moderated=opinions.removed)
    return groups_of(votes, opinions.texts, resample=resample)


def approvals_of(opinions: Opinions) -> Ballots:
    """Who agrees with a statement approves of it. Statements that were moderated out are left out."""
    marks, kept, times = _matrix(opinions)
    note = "People voted on statements; agreeing counts as approving, anything else as not."
    return _ballots(opinions, Kind.APPROVAL, marks == 1, kept, times, note)


def scores_of(opinions: Opinions) -> Ballots:
    """Agreeing is 1 point, disagreeing −1, passing 0."""
    marks, kept, times = _matrix(opinions)
    note = "People voted on statements; agreeing counts as 1 point, disagreeing as −1."
    return _ballots(opinions, Kind.SCORE, marks, kept, times, note)


def _matrix(opinions: Opinions) -> tuple[Floats, list[int], Floats]:
    n, m = len(opinions.participants), len(opinions.statements)
    table = np.full((n, m), np.nan)
    table[opinions.participant, opinions.statement] = opinions.vote
    kept = [place for place, name in enumerate(opinions.statements) if name not in opinions.removed]
    times = np.full(n, -np.inf)
    np.fmax.at(times, opinions.participant, opinions.times)
    times[np.isinf(times)] = np.nan
    return table[:, kept], kept, times


def _ballots(
    opinions: Opinions, kind: Kind, marks: Any, kept: list[int], times: Floats, note: str
) -> Ballots:
    options = tuple(opinions.statements[place] for place in kept)
    counts = np.ones(len(opinions.participants), dtype=np.int64)
    return Ballots(kind, options, marks, counts, times, names=opinions.texts, notes=(*opinions.notes, note))


def _counted(
    method: Method, cast: Ballots | Duels, seats: int, money: Money | None, utility: Utility
) -> tuple[Tally, Counting, tuple[Counts, Floats | None, Floats | None]]:
    """The result, how to count again, and the ballots’ numbers of voters, times and ages."""
    if isinstance(cast, Duels) is not (method is Method.PAIRWISE):
        raise MethodMisfit(
            f"These ballots cannot be counted by the method “{method}”.",
            todo="Votes between two options are counted by “pairwise”, and nothing else is.",
            method=str(method),
        )
    if isinstance(cast, Duels):
        from estime.cocreation.tally.duels import pairwise, pairwise_counting

        again, held = pairwise_counting(cast)
        return pairwise(cast), again, (np.ones(len(held.which), dtype=np.int64), held.times, None)
    row = (cast.counts, cast.times, cast.ages)
    if method is Method.APPROVAL:
        return approval(cast, seats=seats), approval_counting(cast, seats=seats)[0], row
    if method is Method.SCORE:
        return score(cast, seats=seats), score_counting(cast, seats=seats)[0], row
    if method is Method.RANKED:
        return ranked(cast), ranked_counting(cast)[0], row
    if method is not Method.BUDGET or money is None:
        raise ValueError("a budget needs money; groups name no winners")
    return equal_shares(cast, money, utility=utility), budget_counting(cast, money, utility=utility)[0], row
