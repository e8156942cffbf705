"""A budget shared out by the Method of Equal Shares, completed by Add1U.

Invariants: the budget is never exceeded; a project that nobody approves of is never funded; what a project costs is
paid from the shares of those who approve of it; all arithmetic is exact. docs/methods/budget.md is its page of prose.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

import numpy as np

from estime.cocreation.tally.approval import wilson
from estime.cocreation.tally.ballots import Ballots, Counts, Distinct, Floats, Kind, Money
from estime.cocreation.tally.counting import Bools, Counting, kinds_of
from estime.cocreation.tally.errors import MethodMisfit
from estime.cocreation.tally.result import AnyVoter, Score, Tally
from estime.cocreation.tally.shares_run import Election, Run, run

STEP: Final = 4000.0
"""One step of a run, in the elementary steps by which other methods are measured."""
RECOUNTS: Final = 2e7
"""Steps that recounting without each voter may take: some twenty seconds."""
SKIPPING: Final = 2000
"""From this share on, in units of money, shares at which nothing can change are skipped."""


class Utility(StrEnum):
    """What a project is worth to someone who approves of it."""

    COST = "cost"
    """What it costs: large projects that many want come first. The default of equalshares.net."""
    APPROVAL = "approval"
    """The same as any other project: cheap ones come first."""


@dataclass(frozen=True)
class Outcome:
    """What is funded. `share` is the one at which it was found; `added` what completion put in for their votes."""

    run: Run
    share: Fraction
    added: tuple[int, ...]
    free: tuple[int, ...]
    tied: tuple[tuple[int, ...], ...]
    steps: int

    @property
    def funded(self) -> list[int]:
        """Positions, in the order in which they were chosen."""
        return [*self.free, *(round.project for round in self.run.rounds), *self.added]


def equal_shares(ballots: Ballots, money: Money, *, utility: Utility = Utility.COST) -> Tally:
    """Which projects are funded if every voter has the same share of the budget to spend?

    Meaning: winners are the projects that are funded. A group of voters decides on as much of the money as it is
    large. The score of a project is the share of voters who approve of it, in [0, 1]; a project with a high one may
    lose, when those who approve of it have spent their shares on others.

    Formula: `shares_run.run` with the share budget/n; then, unless nothing more is affordable, with ⌊budget/n⌋ + 1,
    + 2 …, while what it buys costs no more than the budget (Add1); then projects by number of votes, as far as the
    money goes (U). Ties: lower cost, more votes, listed first. Interval of scores: Wilson.

    Parameters
    ----------
    ballots : `Kind.APPROVAL`, bool (n_ballots, n_options).
    money : costs (n_options,) ≥ 0 and the budget ≥ 0, in the same unit, of which Add1 adds one at a time.
    utility : what a project is worth to those who approve of it.

    Returns
    -------
    Tally. `scores`: what is funded in the order of the choice, then the others by votes. `ties`: projects that only
    their place in the list told apart, where not all of them were funded. `detail`: `rounds`, `added`, `spent`,
    `left`, `share_at_first`, `share`. Without voters nothing is funded. What costs nothing is funded if anyone
    approves of it.

    Raises
    ------
    MethodMisfit
        The ballots are no approvals.
    ValueError
        As many costs as options are needed; a cost or the budget is negative.

    Deterministic and exact: the same on every machine. Cost: O(shares tried · rounds · approvals).

    Example
    -------
    >>> from estime.cocreation.tally.ballots import ballots_of
    >>> votes = ballots_of(Kind.APPROVAL, np.array([[1, 0], [1, 0], [0, 1]]), ["park", "library"])
    >>> told = equal_shares(votes, Money((Fraction(6), Fraction(4)), Fraction(10)))
    >>> told.winners, told.detail["rounds"][0]["each_pays_at_most"], told.detail["share"]
    (('park', 'library'), 3.0, 4.0)

    Source: D. Peters, G. Pierczyński and P. Skowron, NeurIPS 2021, arXiv:2008.13276; completion as on
    https://equalshares.net/implementation/completion, with whole shares and stopping when exhaustive. Departures: a
    project without votes is never funded, nor does it keep Add1 going; what costs nothing is funded first.
    """
    _, kinds, outcome = budget_counting(ballots, money, utility=utility)
    names, voters = ballots.options, ballots.voters
    chosen = outcome.funded
    votes = (kinds.counts @ kinds.marks).tolist() if voters else [0] * len(names)
    rest = sorted(set(range(len(names))) - set(chosen), key=lambda i: (-votes[i], i))
    spent = sum((money.costs[i] for i in chosen), Fraction(0))
    scores = {}
    for i in [*chosen, *rest]:
        bounds = wilson(votes[i], voters) if voters else (None, None)
        scores[names[i]] = Score(votes[i] / voters if voters else 0.0, *bounds)
    return Tally(
        method="budget",
        winners=tuple(names[i] for i in chosen),
        scores=scores,
        voters=voters,
        interval="Wilson, 95 %",
        ties=tuple(tuple(names[i] for i in tied) for tied in outcome.tied if not set(tied) <= set(chosen)),
        detail={
            "utility": str(utility),
            "completion": "Add1U",
            "budget": float(money.budget),
            "spent": float(spent),
            "left": float(money.budget - spent),
            "votes": dict(zip(names, votes, strict=True)),
            "costs": {name: float(cost) for name, cost in zip(names, money.costs, strict=True)},
            "share_at_first": float(money.budget / voters) if voters else None,
            "share": float(outcome.share),
            "rounds": _told(outcome, names, money),
            "added_for_their_votes": [names[i] for i in outcome.added],
            "free": [names[i] for i in outcome.free],
        },
        names=ballots.names,
        notes=ballots.notes,
    )


def budget_counting(
    ballots: Ballots, money: Money, *, utility: Utility = Utility.COST
) -> tuple[Counting, Distinct, Outcome]:
    """Equal Shares as something that can be counted again, see `Counting`; and what is funded now."""
    check_money(ballots, money)
    if ballots.kind is not Kind.APPROVAL:
        raise MethodMisfit(
            f"These ballots are of the kind “{ballots.kind}”; a budget is shared out by approvals.",
            todo="Choose the method that fits how people voted.",
            kind=str(ballots.kind),
        )
    kinds = kinds_of(ballots)
    base = funded(kinds, kinds.counts, money, utility)

    def winners(weights: Floats) -> Bools:
        won = np.zeros((len(weights), len(ballots.options)), dtype=np.bool_)
        for row, counts in zip(won, weights.astype(np.int64), strict=True):
            same = bool((counts == kinds.counts).all())
            row[(base if same else funded(kinds, counts, money, utility)).funded] = True
        return won

    def any_voter(patience: float) -> AnyVoter:
        how = "by staying away"
        if base.steps * len(kinds.counts) > RECOUNTS * patience:
            why = f"Recounting without each of {len(kinds.counts):,} different ballots would take too long."
            return AnyVoter(None, how, why)
        now = set(base.funded)
        for kind in range(len(kinds.counts)):
            fewer = kinds.counts.copy()
            fewer[kind] -= 1
            if set(funded(kinds, fewer, money, utility).funded) != now:
                return AnyVoter(True, how)
        return AnyVoter(False, how)

    work = base.steps * STEP
    return Counting(ballots.options, kinds.counts, kinds.which, winners, work, any_voter), kinds, base


def funded(kinds: Distinct, counts: Counts, money: Money, utility: Utility) -> Outcome:
    """What is funded with so many voters of each kind of ballot: Equal Shares, Add1, then by votes."""
    voters = int(counts.sum())
    scale = math.lcm(*(cost.denominator for cost in (*money.costs, money.budget)))
    costs = [int(cost * scale) for cost in money.costs]
    budget = int(money.budget * scale)
    votes = (counts @ kinds.marks).tolist() if voters else [0] * len(costs)
    free = tuple(i for i, cost in enumerate(costs) if cost == 0 and votes[i])
    wanted = [i for i, cost in enumerate(costs) if cost > 0 and votes[i]]
    if not wanted:
        return Outcome(Run([], [], 0.0, 0), Fraction(budget, max(voters, 1) * scale), (), free, (), 0)
    election = _election(kinds, counts, [costs[i] for i in wanted], wanted, utility)
    found, share, steps = _add1(election, voters, budget, scale)
    named = [round._replace(project=wanted[round.project]) for round in found.rounds]
    tied = [tuple(wanted[i] for i in round.tied) for round in found.rounds if _by_place(election, round.tied)]
    added, more = _by_votes(wanted, costs, votes, budget, {round.project for round in named})
    scaled = [round._replace(payment=round.payment / scale) for round in named]
    done = Run(scaled, [left / scale for left in found.left], found.steady, found.steps)
    return Outcome(done, share / scale, added, free, (*tied, *more), steps)


def check_money(ballots: Ballots, money: Money) -> None:
    """Raise ValueError unless every option has a cost of 0 or more, and the budget is 0 or more."""
    if len(money.costs) != len(ballots.options):
        raise ValueError(f"{len(ballots.options)} options need as many costs, not {len(money.costs)}")
    if money.budget < 0 or any(cost < 0 for cost in money.costs):
        raise ValueError("costs and the budget are 0 or more")


def _election(
    kinds: Distinct, counts: Counts, costs: list[int], wanted: list[int], utility: Utility
) -> Election:
    """The same with whole numbers in tuples, kinds of nobody left out."""
    there = counts > 0
    marks = kinds.marks[there]
    supporters = tuple(tuple(np.flatnonzero(marks[:, i]).tolist()) for i in wanted)
    values = tuple(costs) if utility is Utility.COST else (1,) * len(costs)
    return Election(tuple(costs), values, supporters, tuple(counts[there].tolist()))


def _add1(election: Election, voters: int, budget: int, unit: int) -> tuple[Run, Fraction, int]:
    """Raise everybody's share by one unit of money as long as what is bought can be paid. Returns the steps too."""
    share = Fraction(budget, voters)
    found = run(election, share)
    steps, whole = found.steps, budget // (voters * unit)
    steadily = whole >= SKIPPING
    while not _exhaustive(election, found, budget):
        whole += 1
        tried = run(election, Fraction(whole * unit), steadily=steadily)
        steps += tried.steps
        if _cost(election, tried) > budget:
            break
        found, share = tried, Fraction(whole * unit)
        if steadily:
            if math.isinf(tried.steady):
                break
            whole += max(0, math.ceil(tried.steady / unit * (1 - 1e-9)) - 1)
    return found, share, steps


def _cost(election: Election, found: Run) -> int:
    return sum(election.costs[round.project] for round in found.rounds)


def _exhaustive(election: Election, found: Run, budget: int) -> bool:
    """Whether nothing that is left could still be paid from the budget."""
    bought = {round.project for round in found.rounds}
    left = budget - _cost(election, found)
    return all(cost > left for project, cost in enumerate(election.costs) if project not in bought)


def _by_votes(
    wanted: list[int], costs: list[int], votes: list[int], budget: int, bought: set[int]
) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """What else can be paid, most votes first; and the ties that only the order of the list resolved."""
    left = budget - sum(costs[i] for i in bought)
    added, tied = [], []
    rest = sorted((i for i in wanted if i not in bought), key=lambda i: (-votes[i], costs[i], i))
    for i in rest:
        if costs[i] <= left:
            left -= costs[i]
            added.append(i)
            alike = tuple(j for j in rest if (votes[j], costs[j]) == (votes[i], costs[i]))
            if len(alike) > 1 and alike not in tied:
                tied.append(alike)
    return tuple(added), tied


def _by_place(election: Election, tied: tuple[int, ...]) -> bool:
    """Whether neither cost nor votes told the first of these apart."""
    votes = election.votes
    ranks = sorted((election.costs[i], -votes[i]) for i in tied)
    return len(ranks) > 1 and ranks[0] == ranks[1]


def _told(outcome: Outcome, names: tuple[str, ...], money: Money) -> list[dict[str, Any]]:
    """The rounds in plain values."""
    return [
        {
            "option": names[round.project],
            "cost": float(money.costs[round.project]),
            "effective_votes": float(round.effective),
            "each_pays_at_most": float(round.payment),
            "paid_by": round.payers,
            "tied_with": [names[i] for i in round.tied if names[i] != names[round.project]],
        }
        for round in outcome.run.rounds
    ]
