"""Could any single voter have changed it? Against every ballot that every voter could have cast instead."""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from estime.cocreation.tally.approval import approval_counting, score_counting
from estime.cocreation.tally.ballots import Ballots, Kind, Money, ballots_of
from estime.cocreation.tally.counting import Counting
from estime.cocreation.tally.equal_shares import budget_counting, equal_shares
from estime.cocreation.tally.fragility import Asked, fragility
from estime.cocreation.tally.methods import tally
from estime.cocreation.tally.result import Method
from estime.cocreation.tally.schulze import ranked_counting

FAST = settings(max_examples=50, deadline=None)
SCALE = (0.0, 1.0, 3.0)


def possible(kind: Kind, m: int) -> np.ndarray:
    """Every ballot of a kind on m options."""
    if kind is Kind.APPROVAL:
        return np.array(list(itertools.product([False, True], repeat=m)))
    if kind is Kind.SCORE:
        return np.array(list(itertools.product(SCALE, repeat=m)))
    return np.array(list(itertools.product(range(1, m + 1), repeat=m)), dtype=np.int16)


def changed(cast: Ballots, again) -> Iterator[tuple[str, ...]]:
    """Who wins if one voter stays away, or casts any other ballot."""
    others = possible(cast.kind, len(cast.options))
    for row in range(len(cast.marks)):
        yield again(ballots_of(cast.kind, np.delete(cast.marks, row, axis=0), cast.options))
        for ballot in others:
            table = cast.marks.copy()
            table[row] = ballot
            yield again(ballots_of(cast.kind, table, cast.options))


@pytest.mark.parametrize("seats", [1, 2])
@FAST
@given(st.data())
def test_approval_against_all_ballots(seats: int, data: st.DataObject) -> None:
    size = data.draw(st.tuples(st.integers(1, 8), st.integers(1, 4)))
    cast = ballots_of(Kind.APPROVAL, data.draw(arrays(np.bool_, size)))
    _agrees(cast, approval_counting(cast, seats=seats)[0], lambda c: approval_counting(c, seats=seats)[0].now)


@pytest.mark.parametrize("seats", [1, 2])
@FAST
@given(st.data())
def test_score_against_all_ballots(seats: int, data: st.DataObject) -> None:
    """On the scale that was used, which these ballots use to its ends."""
    size = data.draw(st.tuples(st.integers(2, 6), st.integers(2, 3)))
    table = data.draw(arrays(np.float64, size, elements=st.sampled_from(SCALE)))
    table[0, 0], table[1, 1] = SCALE[0], SCALE[-1]
    cast = ballots_of(Kind.SCORE, table)
    _agrees(cast, score_counting(cast, seats=seats)[0], lambda c: score_counting(c, seats=seats)[0].now)


@FAST
@given(st.data())
def test_ranked_against_all_ballots(data: st.DataObject) -> None:
    m = data.draw(st.integers(2, 3))
    some = data.draw(st.lists(st.sampled_from(possible(Kind.RANKED, m).tolist()), min_size=1, max_size=3))
    rows = data.draw(st.lists(st.sampled_from(some), min_size=1, max_size=14))
    cast = ballots_of(Kind.RANKED, np.array(rows))
    _agrees(cast, ranked_counting(cast)[0], lambda c: ranked_counting(c)[0].now)


def _agrees(cast: Ballots, counting: Counting, again) -> None:
    truth = any(set(won) != set(counting.now) for won in changed(cast, again))
    assert counting.any_voter(1.0).changes is truth


@FAST
@given(st.data())
def test_budget_without_each_voter(data: st.DataObject) -> None:
    size = data.draw(st.tuples(st.integers(1, 8), st.integers(1, 4)))
    cast = ballots_of(Kind.APPROVAL, data.draw(arrays(np.bool_, size)))
    money = Money(
        tuple(Fraction(data.draw(st.integers(1, 20))) for _ in range(size[1])),
        Fraction(data.draw(st.integers(1, 40))),
    )
    now = set(equal_shares(cast, money).winners)
    fewer = [
        ballots_of(cast.kind, np.delete(cast.marks, row, axis=0), cast.options) for row in range(size[0])
    ]
    truth = any(set(equal_shares(votes, money).winners) != now for votes in fewer)
    assert budget_counting(cast, money)[0].any_voter(1.0).changes is truth


def test_it_is_told_from_twenty_voters_on() -> None:
    for voters, told in ((19, None), (20, False)):
        votes = ballots_of(Kind.APPROVAL, np.array([[True, False]] * voters))
        found = tally(Method.APPROVAL, votes, asked=Asked()).fragility.any_single_voter
        assert found.changes is told
        assert found.as_json()["computed"] is (told is not None)


def test_what_takes_too_long_says_so_and_is_no_no() -> None:
    rng = np.random.default_rng(0)
    kinds = approval_counting(ballots_of(Kind.APPROVAL, rng.random((60, 12)) < 0.4))[1]
    cast = ballots_of(Kind.APPROVAL, kinds.marks)
    money = Money((Fraction(7),) * 12, Fraction(40))
    unpaid = budget_counting(cast, money)[0].any_voter(1e-9)
    assert unpaid.changes is None
    assert "too long" in unpaid.why
    told = fragility(budget_counting(cast, money)[0], cast.counts, asked=Asked(patience=1e-9))
    assert told.bootstrap.as_json() == {"computed": False, "why": told.bootstrap.why}
