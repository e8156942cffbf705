"""Bradley–Terry: published estimates, choix as an oracle, what must hold for any comparisons, and honest intervals."""

import doctest
import json
from pathlib import Path
from typing import Any

import choix
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.tally import pairwise, pairwise_intervals, pairwise_next
from estime.cocreation.tally.pairwise import (
    PRIOR_SD,
    Comparisons,
    TallyNotConverged,
    bradley_terry,
    comparisons,
    strengths,
)
from estime.cocreation.tally.pairwise_intervals import best_set, differences, quasi_variances

CASES = sorted((Path(__file__).parent / "cases" / "pairwise").glob("*.json"))
NO_PRIOR = float("inf")
NEARLY_NONE = 1e3


def wins(known: dict[str, Any]) -> Comparisons:
    table = np.array(known["wins"])
    better, worse = np.nonzero(table)
    return comparisons(better, worse, len(table), times=table[better, worse])


def drawn(ideas: int, answers: int, seed: int, spread: float = 1.0) -> tuple[Any, Any, Any]:
    """Answers of a made-up world: winners, losers, and the true strengths."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, spread, ideas)
    first = rng.integers(0, ideas, answers)
    second = (first + rng.integers(1, ideas, answers)) % ideas
    won = rng.random(answers) < 1 / (1 + np.exp(truth[second] - truth[first]))
    return np.where(won, first, second), np.where(won, second, first), truth


@pytest.mark.parametrize("module", [pairwise, pairwise_intervals, pairwise_next])
def test_examples_in_docstrings(module: Any) -> None:
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_published_estimates(path: Path) -> None:
    known = json.loads(path.read_text())
    counted, names = wins(known), known["options"]
    against = names.index(known["against"])
    found = strengths(counted, NO_PRIOR)
    for name, value in known["strengths"].items():
        assert found[names.index(name)] - found[against] == pytest.approx(value, abs=6e-5)
    spread = np.sqrt(differences(bradley_terry(counted, NEARLY_NONE).covariance))
    for name, value in known.get("standard_errors", {}).items():
        assert spread[names.index(name), against] == pytest.approx(value, abs=6e-5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("prior_sd", [0.5, PRIOR_SD, 3.0])
def test_same_optimum_as_choix(seed: int, prior_sd: float) -> None:
    better, worse, _ = drawn(12, 90, seed)
    alpha = 1 / (2 * prior_sd**2)
    pairs = list(zip(better.tolist(), worse.tolist(), strict=True))
    oracle = choix.opt_pairwise(12, pairs, alpha=alpha, tol=1e-12)
    found = strengths(comparisons(better, worse, 12), prior_sd)
    assert np.abs(found - (oracle - oracle.mean())).max() < 1e-6


def test_same_maximum_likelihood_as_choix_by_spectral_ranking() -> None:
    better, worse, _ = drawn(8, 400, 3)
    pairs = list(zip(better.tolist(), worse.tolist(), strict=True))
    oracle = choix.ilsr_pairwise(8, pairs, alpha=0.0, max_iter=1000, tol=1e-12)
    found = strengths(comparisons(better, worse, 8), NO_PRIOR)
    assert np.abs(found - (oracle - oracle.mean())).max() < 1e-6


def test_covariance_is_the_inverse_of_the_curvature() -> None:
    better, worse, _ = drawn(6, 60, 0)
    counted = comparisons(better, worse, 6)
    found = bradley_terry(counted)

    def objective(s: Any) -> float:
        return float(
            counted.times @ np.logaddexp(0, s[counted.worse] - s[counted.better]) + s @ s / 2 / PRIOR_SD**2
        )

    step, unit = 1e-4, np.eye(6)
    curvature = np.array(
        [
            [
                sum(
                    a * b * objective(found.strength + step * (a * unit[i] + b * unit[j]))
                    for a in (-1, 1)
                    for b in (-1, 1)
                )
                / (4 * step**2)
                for j in range(6)
            ]
            for i in range(6)
        ]
    )
    inverse = np.linalg.inv(curvature)
    assert differences(found.covariance) == pytest.approx(differences(inverse), rel=1e-4, abs=1e-9)


pairs_of_five = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] != p[1]), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(pairs_of_five, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_order_and_names_of_ideas_change_nothing(pairs: Any, names: Any, chance: Any) -> None:
    found = bradley_terry(comparisons([p[0] for p in pairs], [p[1] for p in pairs], 5))
    mixed = chance.sample(pairs, len(pairs))
    other = bradley_terry(comparisons([names[p[0]] for p in mixed], [names[p[1]] for p in mixed], 5))
    for what in ("strength", "low", "high", "score", "score_low", "score_high", "compared", "unbounded"):
        assert getattr(other, what)[list(names)] == pytest.approx(getattr(found, what), abs=1e-7)
    assert {names[i] for i in found.winners} == set(other.winners)


@settings(max_examples=60, deadline=None)
@given(pairs_of_five)
def test_what_holds_for_any_comparisons(pairs: Any) -> None:
    found = bradley_terry(comparisons([p[0] for p in pairs], [p[1] for p in pairs], 5))
    assert np.isfinite(found.strength).all()
    assert abs(found.strength.sum()) < 1e-9
    assert ((found.low < found.strength) & (found.strength < found.high)).all()
    assert ((found.score_low >= 0) & (found.score_low <= found.score)).all()
    assert ((found.score <= found.score_high) & (found.score_high <= 1)).all()
    assert found.score.mean() == pytest.approx(0.5)
    assert set(found.winners) <= set(found.not_separable)
    assert bool(found.winners) == bool(pairs)


def test_nothing_was_compared() -> None:
    for ideas in (0, 1, 4):
        found = bradley_terry(comparisons([], [], ideas))
        assert (found.winners, found.not_separable) == ((), ())
        assert (found.strength == 0).all()
        assert (found.score == 0.5).all()
        assert found.unbounded.all()


def test_an_idea_that_never_lost_stays_finite_and_is_told() -> None:
    found = bradley_terry(comparisons([0, 0, 0, 1, 2], [1, 1, 2, 2, 1], 3))
    assert found.unbounded.tolist() == [True, False, False]
    assert 0 < found.strength[0] < 5
    with pytest.raises(TallyNotConverged):
        strengths(comparisons([0, 0, 0, 1, 2], [1, 1, 2, 2, 1], 3), NO_PRIOR)


def test_parts_that_never_met_are_told() -> None:
    found = bradley_terry(comparisons([0, 1, 3], [1, 2, 4], 6))
    assert found.part.tolist() == [0, 0, 0, 1, 1, 2]
    assert not found.connected
    assert bradley_terry(comparisons([0, 1], [1, 2], 3)).connected


def test_a_tie_is_half_a_win_each_and_makes_surer() -> None:
    without = bradley_terry(comparisons([0, 1], [1, 0], 2))
    tied = bradley_terry(comparisons([0, 1], [1, 0], 2, equal=[(0, 1)] * 10))
    assert tied.strength == pytest.approx(without.strength)
    assert tied.winners == (0, 1)
    assert tied.high[0] < without.high[0]


def test_weights_are_repeated_rows() -> None:
    once = comparisons([0, 1, 2], [1, 2, 0], 3, times=[3, 0, 1])
    often = comparisons([0, 0, 0, 2], [1, 1, 1, 0], 3)
    assert [x.tolist() for x in once[1:]] == [x.tolist() for x in often[1:]]


@pytest.mark.parametrize(
    ("better", "worse", "more"),
    [
        ([0], [0], {}),
        ([0], [3], {}),
        ([-1], [1], {}),
        ([0, 1], [1], {}),
        ([0], [1], {"times": [-1.0]}),
        ([0], [1], {"times": [float("nan")]}),
        ([], [], {"equal": [(1, 1)]}),
    ],
)
def test_comparisons_that_are_none_are_refused(better: Any, worse: Any, more: Any) -> None:
    with pytest.raises(ValueError, match=r"idea|rows|times"):
        comparisons(better, worse, 3, **more)


@pytest.mark.parametrize("prior_sd", [0.0, -1.0, float("nan")])
def test_priors_that_are_none_are_refused(prior_sd: float) -> None:
    with pytest.raises(ValueError, match="prior_sd"):
        strengths(comparisons([0], [1], 2), prior_sd)


def test_intervals_hold_what_they_promise() -> None:
    """Worlds drawn from the prior: 95 % of strengths and scores inside, the best idea in the set of the best."""
    inside, score_inside, best_inside, ideas = [], [], [], 8
    for seed in range(150):
        better, worse, truth = drawn(ideas, 120, seed, PRIOR_SD)
        found = bradley_terry(comparisons(better, worse, ideas))
        centred = truth - truth.mean()
        inside.append((found.low <= centred) & (centred <= found.high))
        chance = 1 / (1 + np.exp(truth[None] - truth[:, None]))
        score = (chance.sum(1) - 0.5) / (ideas - 1)
        score_inside.append((found.score_low <= score) & (score <= found.score_high))
        best_inside.append(int(truth.argmax()) in found.not_separable)
    assert 0.93 <= np.mean(inside) <= 0.97
    assert 0.93 <= np.mean(score_inside) <= 0.97
    assert np.mean(best_inside) >= 0.94


def test_ideas_that_are_clearly_worse_leave_the_set_of_the_best() -> None:
    found = bradley_terry(comparisons([0] * 40 + [1] * 40, [1] * 40 + [2] * 40, 3))
    assert found.not_separable == (0,)
    assert best_set(np.zeros(3), np.eye(3)).tolist() == [0, 1, 2]


def test_quasi_variances_give_back_differences() -> None:
    better, worse, _ = drawn(10, 500, 1)
    found = bradley_terry(comparisons(better, worse, 10))
    quasi, error = quasi_variances(found.covariance)
    true = np.sqrt(differences(found.covariance))[0, 1]
    assert np.sqrt(quasi[0] + quasi[1]) == pytest.approx(true, rel=error + 1e-12)
    assert found.quasi_error == error < 0.05
