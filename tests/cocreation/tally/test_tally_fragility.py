"""How fragile a result is: what is left out, what chance alone would do, how often the same comes out."""

import json

import numpy as np
import pytest

from estime.cocreation.tally.approval import approval_counting
from estime.cocreation.tally.ballots import Ballots, Duels, Kind, ballots_of
from estime.cocreation.tally.duels import Cast, pairwise_counting
from estime.cocreation.tally.fragility import Asked, by_chance, fragility, look_alikes
from estime.cocreation.tally.methods import tally
from estime.cocreation.tally.resampling import replicates_for, resampled
from estime.cocreation.tally.result import Fragility, Method

MINUTE = 60.0


def votes(tea: int, coffee: int, **more) -> Ballots:
    return ballots_of(Kind.APPROVAL, np.array([[1, 0]] * tea + [[0, 1]] * coffee), ["tea", "coffee"], **more)


def told(cast: Ballots, **asked) -> Fragility:
    return tally(Method.APPROVAL, cast, asked=Asked(replicates=200, **asked)).fragility


def test_accounts_younger_than_seven_days() -> None:
    """Exactly seven days is not younger; an unknown age stays in, and is counted."""
    ages = np.array([6.99, 6.99, 6.99, 7.0, np.nan] + [90.0] * 8)
    found = told(votes(7, 6, ages=ages)).without_new_accounts
    assert (found.left_out, found.winners, found.changes) == (3, ("coffee",), True)
    assert found.facts == {"days": 7, "age_unknown": 1}


def test_nobody_new_changes_nothing() -> None:
    found = told(votes(7, 6, ages=np.full(13, 50.0))).without_new_accounts
    assert found.as_json() == {
        "computed": True, "changes": False, "left_out": 0, "winners": ["tea"], "days": 7, "age_unknown": 0,
    }  # fmt: skip


def test_look_alikes_are_the_same_ballot_within_ten_minutes() -> None:
    """0, 8 and 16 minutes are a chain; 27 is alone; another ballot in between is not the same."""
    kinds = np.array([0, 0, 0, 0, 1])
    times = np.array([0, 8, 16, 26.1, 4]) * MINUTE
    found, groups = look_alikes(kinds, times, 10)
    assert found.tolist() == [True, True, True, False, False]
    assert groups == 1
    assert look_alikes(kinds, times, 30)[0].tolist() == [True, True, True, True, False]
    assert look_alikes(kinds[:0], times[:0], 10)[1] == 0


def test_without_look_alikes_another_option_wins() -> None:
    times = np.array([*range(7), *(1000 * i for i in range(1, 7))]) * MINUTE
    found = told(votes(7, 6, times=times)).without_look_alikes
    assert (found.left_out, found.winners, found.changes) == (7, ("coffee",), True)
    assert found.facts["groups"] == 1
    assert "10 minutes" in found.facts["definition"]


def test_the_rate_of_false_positives_is_what_shuffled_times_give() -> None:
    """Two kinds of ballots, all within ten minutes: everybody is alike by chance too. Spread over years: nobody."""
    kinds = np.array([0, 1] * 10)
    crowded = by_chance(kinds, np.arange(20.0), 20, Asked())
    assert crowded["false_positive_rate"] == 1.0
    assert crowded["voters_by_chance"] == 20
    spread = np.arange(20.0) * 1e6
    assert by_chance(kinds, spread, 0, Asked()) == {
        "groups_by_chance": 0.0, "voters_by_chance": 0.0, "false_positive_rate": None, "permutations": 200,
    }  # fmt: skip
    one_pair = np.concatenate([[0.0, 1.0], 1e6 * np.arange(1, 19)])
    pairs = by_chance(np.array([0, 0, *([1] * 18)]), one_pair, 2, Asked())
    assert pairs["groups_by_chance"] == pytest.approx((1 + 153) / 190, abs=0.1)


def test_a_row_of_several_voters_at_one_time_is_alike() -> None:
    cast = ballots_of(Kind.APPROVAL, [[1, 0], [0, 1]], counts=np.array([3, 1]), times=np.array([0.0, 0.0]))
    assert told(cast).without_look_alikes.left_out == 3


def test_the_bootstrap_is_the_binomial_one() -> None:
    """13 of 25 drawn again: tea wins if at least 13 of 25 draws, each with chance 13/25, are tea."""
    found = tally(Method.APPROVAL, votes(13, 12), asked=Asked(replicates=20_000)).fragility.bootstrap
    assert found.shares["tea"] == pytest.approx(0.5790, abs=0.015)
    assert found.shares["tea"] + found.shares["coffee"] == pytest.approx(1)
    assert found.same == found.shares["tea"]


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    times = np.random.default_rng(1).random(25) * 3600
    first, again, other = (told(votes(13, 12, times=times), seed=seed).as_json() for seed in (1, 1, 2))
    assert first == again
    assert first["bootstrap"] != other["bootstrap"]


@pytest.mark.parametrize("counts", [[3, 1], [500, 100], [0, 4]])
def test_a_draw_has_as_many_voters_as_there_were(counts: list[int]) -> None:
    for drawn in resampled(np.array(counts), 50, seed=3):
        assert (drawn.sum(axis=1) == sum(counts)).all()
        assert (drawn >= 0).all()
        assert (drawn[:, np.array(counts) == 0] == 0).all()


def test_too_few_draws_are_none() -> None:
    assert replicates_for(1.0, 1000, 99.0) == 0
    assert replicates_for(1.0, 1000, 100.0) == 100
    assert list(resampled(np.zeros(2, dtype=np.int64), 10, 0)) == []


@pytest.mark.parametrize("method", [Method.APPROVAL, Method.SCORE, Method.RANKED])
def test_nobody_voted(method: Method) -> None:
    """A result like any other: no winners, nothing computed, and it says why."""
    cast = ballots_of(Kind(str(method)), np.zeros((0, 3)), ["a", "b", "c"])
    found = tally(method, cast, asked=Asked())
    assert (found.winners, found.voters, found.ties) == ((), 0, ())
    assert {score.low for score in found.scores.values()} == {None}
    answers = json.loads(json.dumps(found.as_json(), allow_nan=False))["fragility"].values()
    assert {(answer["computed"], answer["why"]) for answer in answers} == {(False, "Nobody voted.")}


def test_everything_left_out_is_a_change() -> None:
    found = told(votes(2, 1, ages=np.zeros(3))).without_new_accounts
    assert (found.left_out, found.winners, found.changes) == (3, (), True)


def duels(*cast: tuple[int, int, int]) -> Duels:
    winner, loser, voter = (np.array(column, dtype=np.int64) for column in zip(*cast, strict=True))
    return Duels(("a", "b", "c"), winner, loser, voter, np.arange(len(cast)) * MINUTE)


def test_a_voter_of_duels_is_left_out_with_all_of_their_votes() -> None:
    """One voter alone makes a win: without them b does."""
    cast = duels(*[(0, 1, 0)] * 9, (1, 0, 1), (1, 0, 2), (1, 2, 3), (1, 2, 4))
    counting, held = pairwise_counting(cast)
    assert counting.now == ("a",)
    assert counting.any_voter(1.0).changes is True
    assert held.counts.tolist() == [1, 2, 2]
    assert held.which.tolist() == [0, 1, 1, 2, 2]
    without = held.comparisons(np.array([0.0, 2.0, 2.0]))
    assert without.times.tolist() == [2.0, 2.0]


def test_duels_of_unknown_voters_are_voters_of_their_own() -> None:
    cast = duels((0, 1, -1), (0, 1, -1), (1, 2, 5))
    assert Cast(cast).counts.sum() == 3
    assert tally(Method.PAIRWISE, cast).voters == 3


def test_nobody_compared_anything() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    cast = Duels(("a", "b"), nothing, nothing, nothing, np.zeros(0))
    found = tally(Method.PAIRWISE, cast, asked=Asked())
    assert found.winners == ()
    assert found.fragility.bootstrap.why == "Nobody voted."


def test_fragility_takes_what_a_database_has() -> None:
    """A counting and plain arrays are enough: no file, no ballot object."""
    cast = votes(14, 12)
    counting, _ = approval_counting(cast)
    found = fragility(counting, np.ones(26, dtype=np.int64), None, np.full(26, np.nan), Asked(replicates=100))
    assert found.without_new_accounts.why == "The ballots do not say how old the accounts are."
    assert found.any_single_voter.changes is True
