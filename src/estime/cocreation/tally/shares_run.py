"""One run of the Method of Equal Shares with a given share per voter, in whole numbers only.

Invariants: nobody pays more than their share; a project is paid by its supporters alone, as equally as they can;
all comparisons are exact, because money is held as whole numbers over one common denominator.

`Run.steady` says how much larger the share may become before anything can turn out otherwise: every decision of
the run is a comparison of amounts that are linear in the share, so that each holds up to a point. Completion
(`equal_shares`) skips what lies before it.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

CLOSE: Final = 1e-9
"""Floats only say what need not be looked at; they are wrong by much less than this."""


@dataclass(frozen=True)
class Election:
    """Who supports what at which cost. Kinds of ballots and projects are positions."""

    costs: tuple[int, ...]
    """In the smallest unit, > 0."""
    values: tuple[int, ...]
    """What a project is worth to a supporter: its cost, or 1."""
    supporters: tuple[tuple[int, ...], ...]
    """For each project, the kinds of ballots that approve of it."""
    weights: tuple[int, ...]
    """Voters of each kind of ballot."""

    @property
    def votes(self) -> list[int]:
        """How many voters approve of each project."""
        return [sum(self.weights[kind] for kind in kinds) for kinds in self.supporters]


class Round(NamedTuple):
    """A project that was bought, at which most that one supporter paid, with how many votes in effect."""

    project: int
    payment: Fraction
    effective: Fraction
    payers: int
    tied: tuple[int, ...]
    """All projects that were as good, if there were several."""


class Run(NamedTuple):
    """What was bought, what each kind of voter has left, how long it stays so, and how much work it was."""

    rounds: list[Round]
    left: list[Fraction]
    steady: float
    steps: int


class _Offer(NamedTuple):
    """What a project would cost its supporters: `need / (payers · unit)` each, of those that can pay that."""

    project: int
    need: int
    payers: int
    slope: int


@dataclass
class _Purse:
    """What everybody has left: `money / unit`, and by how much that grows with the share: `growth / unit`."""

    unit: int
    money: list[int]
    growth: list[int]
    steady: float = math.inf
    steps: int = 0

    def until(self, distance: int, speed: int) -> None:
        """Something that is `distance` away comes nearer by `speed` with every unit of the share."""
        if speed > 0:
            self.steady = min(self.steady, distance / speed)


def run(election: Election, share: Fraction, *, steadily: bool = False) -> Run:
    """Which projects do the supporters buy if every voter has this share?

    Meaning: projects are bought one after another, always the one that gives its supporters most for what one of
    them pays at most, until none can be paid by its supporters.

    Formula: ρ(c) = the least ρ with Σ over supporters min(left(i), ρ·value(c)) = cost(c); the smallest ρ is bought;
    each supporter pays min(left(i), ρ·value(c)). Equal ρ: the lower cost, then more votes, then listed first.

    Parameters
    ----------
    election : costs and values as whole numbers, supporters by kind of ballot.
    share : what each voter has, ≥ 0, in the unit of the costs.
    steadily : whether to find out how long the outcome stays the same as the share grows; slower.

    Returns
    -------
    Run: rounds in their order; `steady`, the growth of the share below which nothing changes (0 unless asked).

    Raises
    ------
    Nothing. Exact and deterministic. Cost: O(rounds · projects · supporters).

    Example
    -------
    >>> told = run(Election((4, 3), (4, 3), ((0,), (1,)), (2, 1)), Fraction(3))
    >>> [(r.project, r.payment, r.effective) for r in told.rounds], told.left
    ([(0, Fraction(2, 1), Fraction(2, 1)), (1, Fraction(3, 1), Fraction(1, 1))], [Fraction(1, 1), Fraction(0, 1)])

    Source: D. Peters, G. Pierczyński and P. Skowron, "Proportional participatory budgeting with additive
    utilities", NeurIPS 2021, arXiv:2008.13276, §3; ties as on https://equalshares.net/implementation/tie-breaking.
    """
    kinds = len(election.weights)
    purse = _Purse(share.denominator, [share.numerator] * kinds, [share.denominator] * kinds)
    votes = election.votes
    bounds = {c: election.values[c] * votes[c] / election.costs[c] for c in range(len(votes)) if votes[c]}
    fixed = dict(bounds)
    rounds: list[Round] = []
    while bounds:
        offers = _offers(election, purse, bounds, fixed if steadily else None)
        if not offers:
            break
        best = _best(election, offers)
        tied = tuple(sorted(offer.project for offer in best))
        chosen = min(best, key=lambda o: (election.costs[o.project], -votes[o.project], o.project))
        if steadily:
            looked = {offer.project for offer in offers}
            _stays_best(election, purse, chosen, offers, [fixed[c] for c in bounds if c not in looked])
        value = Fraction(election.values[chosen.project] * chosen.payers * purse.unit, chosen.need)
        payment = Fraction(chosen.need, chosen.payers * purse.unit)
        payers = sum(election.weights[i] for i in election.supporters[chosen.project] if purse.money[i])
        rounds.append(Round(chosen.project, payment, value, payers, tied if len(tied) > 1 else ()))
        _pay(election, purse, chosen)
        del bounds[chosen.project]
    left = [Fraction(money, purse.unit) for money in purse.money]
    return Run(rounds, left, purse.steady if steadily else 0.0, purse.steps)


def _offers(
    election: Election, purse: _Purse, bounds: dict[int, float], fixed: dict[int, float] | None
) -> list[_Offer]:
    """What the projects would cost now, of those that may be the best; those that cannot be paid are dropped.

    A project is never worth more than in the round before, so that most need not be looked at. Where the outcome
    for larger shares is asked for too (`fixed`), only what it would be worth if nobody had paid yet is a bound.
    """
    offers: list[_Offer] = []
    best = 0.0
    for project in sorted(bounds, key=lambda c: (-bounds[c], c)):
        limit = bounds[project] if fixed is None else max(bounds[project], fixed[project])
        if limit < best * (1 - CLOSE):
            if fixed is None:
                break
            continue
        offer = _offer(election, purse, project, fixed is not None)
        if offer is None:
            del bounds[project]
            continue
        bounds[project] = election.values[project] * offer.payers * purse.unit / offer.need * (1 + CLOSE)
        best = max(best, bounds[project] * (1 - 2 * CLOSE))
        offers.append(offer)
    return offers


def _offer(election: Election, purse: _Purse, project: int, steadily: bool) -> _Offer | None:
    """How the supporters would share the cost as equally as they can; None if they cannot pay it."""
    money, growth, weights = purse.money, purse.growth, election.weights
    able = sorted((i for i in election.supporters[project] if money[i]), key=money.__getitem__)
    purse.steps += len(able) + 1
    need = election.costs[project] * purse.unit
    missing = need - sum(weights[i] * money[i] for i in able)
    if steadily:
        speed = sum(weights[i] * growth[i] for i in able)
        purse.until(abs(missing), speed if missing > 0 else -speed)
    if missing > 0:
        return None
    payers, slope, poor = sum(weights[i] for i in able), 0, 0
    for i in able:
        if money[i] * payers >= need:
            break
        need -= weights[i] * money[i]
        slope -= weights[i] * growth[i]
        payers -= weights[i]
        poor += 1
    if steadily:
        for i in able[:poor]:
            purse.until(need - money[i] * payers, growth[i] * payers - slope)
        for i in able[poor:]:
            purse.until(money[i] * payers - need, slope - growth[i] * payers)
    return _Offer(project, need, payers, slope)


def _best(election: Election, offers: list[_Offer]) -> list[_Offer]:
    """The offers that give most for what one pays at most; exact."""
    best = offers[:1]
    for offer in offers[1:]:
        mine = election.values[offer.project] * offer.payers * best[0].need
        theirs = election.values[best[0].project] * best[0].payers * offer.need
        if mine > theirs:
            best = [offer]
        elif mine == theirs:
            best.append(offer)
    return best


def _stays_best(
    election: Election, purse: _Purse, chosen: _Offer, offers: list[_Offer], others: list[float]
) -> None:
    """Note from which share on another project could be better than the chosen one."""
    worth = election.values[chosen.project] * chosen.payers
    for offer in offers:
        other = election.values[offer.project] * offer.payers
        if offer.project != chosen.project:
            purse.until(worth * offer.need - other * chosen.need, other * chosen.slope - worth * offer.slope)
    if others and chosen.slope > 0:
        room = Fraction(worth * purse.unit) / Fraction(max(others)) - chosen.need
        purse.steady = min(purse.steady, max(0.0, float(room / chosen.slope)))


def _pay(election: Election, purse: _Purse, chosen: _Offer) -> None:
    """Take the payment from the supporters; the common denominator grows where it must."""
    common = math.gcd(math.gcd(chosen.need, chosen.slope), chosen.payers)
    times, each, grows = chosen.payers // common, chosen.need // common, chosen.slope // common
    if times > 1:
        purse.unit *= times
        purse.money = [money * times for money in purse.money]
        purse.growth = [growth * times for growth in purse.growth]
    for i in election.supporters[chosen.project]:
        rest = purse.money[i] - each
        if rest > 0:
            purse.money[i], purse.growth[i] = rest, purse.growth[i] - grows
        else:
            if purse.money[i] and rest == 0 and purse.growth[i] != grows:
                purse.steady = 0.0
            purse.money[i] = purse.growth[i] = 0
