"""What holds for every election: nobody's ballot weighs more, no option is favoured, money is never overspent."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from estime.cocreation.tally import equal_shares as shares
from estime.cocreation.tally.ballots import Ballots, Kind, Money, ballots_of, distinct
from estime.cocreation.tally.counting import kinds_of
from estime.cocreation.tally.equal_shares import Utility, _election, equal_shares
from estime.cocreation.tally.methods import tally
from estime.cocreation.tally.result import Method
from estime.cocreation.tally.schulze import preferences, ranked, strongest_paths
from estime.cocreation.tally.shares_run import run

SIZES = st.tuples(st.integers(0, 12), st.integers(1, 5))
SINGLE = [Method.APPROVAL, Method.SCORE, Method.RANKED]
FAST = settings(max_examples=60, deadline=None)


def marks(size: tuple[int, int], kind: Kind) -> st.SearchStrategy[np.ndarray]:
    if kind is Kind.APPROVAL:
        return arrays(np.bool_, size)
    if kind is Kind.RANKED:
        return arrays(np.int16, size, elements=st.integers(0, size[1]))
    return arrays(np.float64, size, elements=st.sampled_from([np.nan, -1.5, 0.0, 0.1, 0.2, 0.3, 5.0]))


@st.composite
def elections(draw: st.DrawFn, method: Method) -> tuple[Ballots, Money]:
    kind = Kind.APPROVAL if method is Method.BUDGET else Kind(str(method))
    size = draw(SIZES)
    cast = ballots_of(kind, draw(marks(size, kind)), [f"o{i}" for i in range(size[1])])
    costs = [Fraction(draw(st.integers(0, 30)), draw(st.sampled_from([1, 1, 2, 10]))) for _ in range(size[1])]
    return cast, Money(tuple(costs), Fraction(draw(st.integers(0, 60))))


def winners(method: Method, cast: Ballots, money: Money) -> set[str]:
    return set(tally(method, cast, money=money if method is Method.BUDGET else None).winners)


@pytest.mark.parametrize("method", [*SINGLE, Method.BUDGET])
@FAST
@given(st.data())
def test_the_order_of_ballots_changes_nothing(method: Method, data: st.DataObject) -> None:
    cast, money = data.draw(elections(method))
    order = np.array(data.draw(st.permutations(range(len(cast.marks)))), dtype=np.int64)
    mixed = ballots_of(cast.kind, cast.marks[order], cast.options)
    assert tally(method, mixed, money=money).as_json() == tally(method, cast, money=money).as_json()


@pytest.mark.parametrize("method", SINGLE)
@FAST
@given(st.data())
def test_the_order_of_options_changes_nothing(method: Method, data: st.DataObject) -> None:
    cast, money = data.draw(elections(method))
    order = np.array(data.draw(st.permutations(range(len(cast.options)))))
    mixed = ballots_of(cast.kind, cast.marks[:, order], [cast.options[i] for i in order])
    assert winners(method, mixed, money) == winners(method, cast, money)


@FAST
@given(st.data())
def test_the_order_of_projects_only_matters_in_ties_that_are_told(data: st.DataObject) -> None:
    cast, money = data.draw(elections(Method.BUDGET))
    order = data.draw(st.permutations(range(len(cast.options))))
    mixed = ballots_of(cast.kind, cast.marks[:, order], [cast.options[i] for i in order])
    costs = Money(tuple(money.costs[i] for i in order), money.budget)
    here, there = equal_shares(cast, money), equal_shares(mixed, costs)
    if set(here.winners) != set(there.winners):
        assert here.ties
        assert there.ties


@pytest.mark.parametrize("method", [*SINGLE, Method.BUDGET])
@FAST
@given(st.data())
def test_a_row_that_stands_for_many_is_many_rows(method: Method, data: st.DataObject) -> None:
    cast, money = data.draw(elections(method))
    counts = np.array(
        data.draw(st.lists(st.integers(0, 4), min_size=len(cast.marks), max_size=len(cast.marks)))
    )
    counts = counts.astype(np.int64)
    held = ballots_of(cast.kind, cast.marks, cast.options, counts=counts)
    spread = ballots_of(cast.kind, np.repeat(cast.marks, counts, axis=0), cast.options)
    assert tally(method, held, money=money).as_json() == tally(method, spread, money=money).as_json()


@pytest.mark.parametrize("method", SINGLE)
@FAST
@given(st.data())
def test_the_same_electorate_again_changes_no_winner(method: Method, data: st.DataObject) -> None:
    cast, money = data.draw(elections(method))
    twice = ballots_of(cast.kind, np.vstack([cast.marks, cast.marks]), cast.options)
    assert winners(method, twice, money) == winners(method, cast, money)


@FAST
@given(st.data())
def test_the_same_electorate_again_buys_the_same(data: st.DataObject) -> None:
    """Twice the voters with shares of half the size; completion counts whole units, so it is left out."""
    cast, money = data.draw(elections(Method.BUDGET))
    twice = ballots_of(cast.kind, np.vstack([cast.marks, cast.marks]), cast.options)
    bought = [
        [(r.project, r.payment * votes.voters) for r in _run(votes, money).rounds] for votes in (cast, twice)
    ]
    assert bought[0] == bought[1]


def _run(cast: Ballots, money: Money):
    kinds = kinds_of(cast)
    wanted = [i for i, cost in enumerate(money.costs) if cost > 0]
    costs = [int(money.costs[i] * 10) for i in wanted]
    election = _election(kinds, kinds.counts, costs, wanted, Utility.COST)
    return run(election, money.budget * 10 / max(1, cast.voters))


@FAST
@given(elections(Method.RANKED))
def test_who_beats_each_other_one_wins_alone(election: tuple[Ballots, Money]) -> None:
    told = ranked(election[0], replicates=0)
    if told.detail["condorcet_winner"] is not None:
        assert told.winners == (told.detail["condorcet_winner"],)


@FAST
@given(elections(Method.RANKED), st.data())
def test_ranking_a_winner_higher_never_makes_it_lose(
    election: tuple[Ballots, Money], data: st.DataObject
) -> None:
    cast, _ = election
    won = ranked(cast, replicates=0).winners
    if not won:
        return
    winner, row = (
        cast.options.index(data.draw(st.sampled_from(won))),
        data.draw(st.integers(0, len(cast.marks) - 1)),
    )
    better = cast.marks.copy()
    better[row] = np.where(better[row] > 0, better[row] + 1, 0)
    better[row, winner] = 1
    assert cast.options[winner] in ranked(ballots_of(Kind.RANKED, better, cast.options), replicates=0).winners


@FAST
@given(elections(Method.RANKED))
def test_chains_are_the_strongest_there_are(election: tuple[Ballots, Money]) -> None:
    """By trying every chain without a repetition."""
    cast, _ = election
    preferred = preferences(cast.marks, cast.counts)
    paths = strongest_paths(preferred)
    for x in range(len(preferred)):
        best = np.zeros(len(preferred), dtype=int)
        _walk(preferred, [x], 1 << 30, best)
        best[x] = 0
        assert paths[x].tolist() == best.tolist()


def _walk(preferred: np.ndarray, seen: list[int], strength: int, best: np.ndarray) -> None:
    for y in set(range(len(preferred))) - set(seen):
        if preferred[seen[-1], y] > preferred[y, seen[-1]]:
            reached = min(strength, int(preferred[seen[-1], y]))
            best[y] = max(best[y], reached)
            _walk(preferred, [*seen, y], reached, best)


@pytest.mark.parametrize("utility", list(Utility))
@FAST
@given(elections(Method.BUDGET))
def test_money_is_never_overspent(utility: Utility, election: tuple[Ballots, Money]) -> None:
    cast, money = election
    told = equal_shares(cast, money, utility=utility)
    costs = dict(zip(cast.options, money.costs, strict=True))
    assert sum(costs[option] for option in told.winners) <= money.budget
    votes = told.detail["votes"]
    assert all(votes[option] for option in told.winners)
    left = money.budget - sum(costs[option] for option in told.winners)
    assert all(costs[o] > left or not votes[o] for o in cast.options if o not in told.winners)


@FAST
@given(elections(Method.BUDGET))
def test_supporters_pay_the_cost_and_nobody_more_than_their_share(election: tuple[Ballots, Money]) -> None:
    cast, money = election
    if not cast.voters:
        return
    kinds = kinds_of(cast)
    wanted = [i for i, cost in enumerate(money.costs) if cost > 0]
    costs = [int(money.costs[i] * 10) for i in wanted]
    share = money.budget * 10 / cast.voters
    told = run(_election(kinds, kinds.counts, costs, wanted, Utility.COST), share)
    paid = [share - left for left in told.left]
    assert all(0 <= amount <= share for amount in paid)
    spent = sum(amount * int(count) for amount, count in zip(paid, kinds.counts, strict=True))
    assert spent == sum(costs[r.project] for r in told.rounds)
    bought = [wanted[r.project] for r in told.rounds]
    for marks_, amount in zip(kinds.marks, paid, strict=True):
        assert amount == 0 or marks_[bought].any()


@pytest.mark.parametrize("utility", list(Utility))
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_skipping_shares_changes_nothing(utility: Utility, data: st.DataObject) -> None:
    size = data.draw(st.tuples(st.integers(1, 8), st.integers(1, 5)))
    cast = ballots_of(Kind.APPROVAL, data.draw(arrays(np.bool_, size)))
    scale = data.draw(st.sampled_from([1, 7, 50]))
    costs = [Fraction(data.draw(st.integers(1, 30)) * scale) for _ in range(size[1])]
    money = Money(tuple(costs), Fraction(data.draw(st.integers(5, 60)) * scale))
    told = []
    before = shares.SKIPPING
    try:
        for shares.SKIPPING in (0, 1 << 40):
            told.append(equal_shares(cast, money, utility=utility))
    finally:
        shares.SKIPPING = before
    assert told[0].winners == told[1].winners


@FAST
@given(st.data())
def test_shares_are_those_of_the_published_rule_in_fractions(data: st.DataObject) -> None:
    """Against the rule as it is written, one voter at a time."""
    cast, money = data.draw(elections(Method.BUDGET))
    if not cast.voters:
        return
    utility = data.draw(st.sampled_from(list(Utility)))
    kinds = kinds_of(cast)
    wanted = [i for i, cost in enumerate(money.costs) if cost > 0]
    costs = [int(money.costs[i] * 10) for i in wanted]
    share = money.budget * 10 / cast.voters
    told = run(_election(kinds, kinds.counts, costs, wanted, utility), share)
    supporters = [[v for v in range(cast.voters) if cast.marks[v, i]] for i in wanted]
    assert [r.project for r in told.rounds] == _published(costs, supporters, share, cast.voters, utility)


def _published(
    costs: list[int], supporters: list[list[int]], share: Fraction, voters: int, utility: Utility
) -> list[int]:
    purse = [share] * voters
    left = {c for c in range(len(costs)) if supporters[c]}
    bought: list[int] = []
    while True:
        offers = []
        for c in sorted(left):
            if sum(purse[v] for v in supporters[c]) < costs[c]:
                continue
            need, payers = Fraction(costs[c]), len(supporters[c])
            for v in sorted(supporters[c], key=lambda v: purse[v]):
                if purse[v] >= need / payers:
                    break
                need, payers = need - purse[v], payers - 1
            worth = costs[c] if utility is Utility.COST else 1
            offers.append((-worth / (need / payers), costs[c], -len(supporters[c]), c, need / payers))
        if not offers:
            return bought
        *_, chosen, payment = min(offers)
        bought.append(chosen)
        left.discard(chosen)
        for v in supporters[chosen]:
            purse[v] = max(Fraction(0), purse[v] - payment)


@FAST
@given(st.data())
def test_identical_ballots_come_together(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(Kind)))
    size = data.draw(SIZES)
    table = data.draw(marks(size, kind))
    counts = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=size[0], max_size=size[0])), dtype=np.int64
    )
    found = distinct(table, counts)
    rows = [tuple("-" if np.isnan(x) else float(x) for x in row) for row in table.astype(float)]
    kept = [tuple("-" if np.isnan(x) else float(x) for x in row) for row in found.marks.astype(float)]
    assert len(set(kept)) == len(kept)
    for row, which, count in zip(rows, found.which, counts, strict=True):
        assert which == -1 if not count else kept[which] == row
    assert found.counts.tolist() == [
        sum(int(c) for r, c in zip(rows, counts, strict=True) if r == k) for k in kept
    ]
