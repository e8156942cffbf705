"""Scores of probabilities: against their definitions, and honest about what is not known."""

import doctest
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.engagement.measures import bg_nbd, panel, ridge, scoring, validity, wording
from estime.engagement.measures.scoring import (
    Draws,
    auc,
    brier,
    calibration,
    scored,
    slope_and_intercept,
    slope_and_intercept_bounded,
)

ROWS = st.lists(
    st.tuples(st.sampled_from([0.05, 0.2, 0.2001, 0.5, 0.9]), st.booleans()), min_size=1, max_size=30
)


def arrays(rows: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool]]) -> None:
    scores, came = arrays(rows)
    pairs = [(a > b) + (a == b) / 2 for a in scores[came] for b in scores[~came]]
    if pairs:
        assert auc(scores, came) == pytest.approx(np.mean(pairs))
        assert auc(-scores, came) == pytest.approx(1 - np.mean(pairs))
    else:
        assert np.isnan(auc(scores, came))


@given(ROWS)
def test_brier_is_the_mean_square(rows: list[tuple[float, bool]]) -> None:
    told, came = arrays(rows)
    assert brier(told, came) == pytest.approx(np.mean([(p - y) ** 2 for p, y in rows]))


@given(ROWS, st.integers(1, 12))
def test_bins_hold_everybody_once_and_in_order(rows: list[tuple[float, bool]], bins: int) -> None:
    told, came = arrays(rows)
    found = calibration(told, came, bins)
    assert sum(each.n for each in found) == len(rows)
    assert sum(each.n * each.came for each in found) == pytest.approx(came.sum())
    said = [each.said for each in found]
    assert said == pytest.approx(sorted(said)), "means of equal numbers may differ in the last digit"
    assert all(each.low <= each.came <= each.high for each in found)


def world(n: int = 800) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    true = rng.beta(1, 3, n)
    return true, rng.random(n) < true, rng.integers(0, n // 3, n)


def test_a_faultless_order_of_few_is_not_told_as_certain() -> None:
    """Every draw of persons keeps it faultless: the bootstrap alone would say 1.000 to 1.000."""
    told, came = np.array([0.1, 0.2, 0.3, 0.4, 0.8, 0.9]), np.arange(6) > 3
    found = scored({"right": told, "wrong": -told}, came, Draws(np.arange(6), 200), "right")
    assert found["right"].auc == pytest.approx((1.0, 0.025**0.5, 1.0))
    assert found["wrong"].auc == pytest.approx((0.0, 0.0, 1 - 0.025**0.5))


def test_a_lead_is_judged_on_the_same_draws_and_repeats() -> None:
    true, came, persons = world()
    sets = {"true": true, "same": true.copy(), "noise": np.random.default_rng(1).random(len(true))}
    found = scored(sets, came, Draws(persons, 200, 3), "true")
    assert found == scored(sets, came, Draws(persons, 200, 3), "true")
    assert found["true"].auc_lead is None
    assert found["same"].auc_lead == (0.0, 0.0, 0.0)
    lead = found["noise"].auc_lead
    assert lead is not None
    assert lead.low is not None
    assert lead.low > 0.1
    brier_lead = found["noise"].brier_lead
    assert brier_lead is not None
    assert brier_lead.low is not None
    assert brier_lead.low > 0


def test_who_stands_in_many_rows_widens_the_interval() -> None:
    true, came, _ = world(300)
    alone = scored({"a": true}, came, Draws(np.arange(300), 400), "a")["a"].brier
    twice = [np.repeat(each, 4) for each in (true, came, np.arange(300))]
    together = scored({"a": twice[0]}, twice[1], Draws(twice[2], 400), "a")["a"].brier
    apart = scored({"a": twice[0]}, twice[1], Draws(np.arange(1200), 400), "a")["a"].brier
    assert together.value == pytest.approx(alone.value)
    widths = [(each.high or 0) - (each.low or 0) for each in (alone, together, apart)]
    assert widths[1] == pytest.approx(widths[0], rel=0.25)
    assert widths[2] < 0.7 * widths[1]


@pytest.mark.parametrize("came", [[True, True], [False, False]])
def test_one_outcome_alone_has_no_order(came: list[bool]) -> None:
    found = scored({"a": np.array([0.2, 0.4])}, np.array(came), Draws(np.array([1, 2]), 50), "a")["a"]
    assert np.isnan(found.auc.value)
    assert found.auc.low is None


def test_one_person_has_no_interval() -> None:
    found = scored({"a": np.array([0.2, 0.4])}, np.array([True, False]), Draws(np.array([1, 1]), 50), "a")
    assert found["a"].brier.low is None


@settings(deadline=None)
@given(st.floats(0.6, 2.5), st.floats(-1, 1))
def test_slope_and_intercept_undo_what_was_distorted(slope: float, intercept: float) -> None:
    true = np.repeat(np.linspace(0.05, 0.95, 10), 200)
    came = np.tile(np.arange(200), 10) < np.round(true * 200)
    distorted = scoring.sigmoid((scoring.logit(true) - intercept) / slope)
    assert slope_and_intercept(distorted, came) == pytest.approx((slope, intercept), abs=0.03)


def test_the_slope_is_bounded_by_draws_of_persons() -> None:
    true, came, persons = world(3_000)
    slope, intercept = slope_and_intercept_bounded(true, came, Draws(persons, 200))
    assert (slope.value, intercept.value) == slope_and_intercept(true, came)
    assert (slope.low or 9) < 1 < (slope.high or 0), "what is said is true here"
    assert (intercept.low or 9) < 0 < (intercept.high or -9)
    sure, _ = slope_and_intercept_bounded(scoring.sigmoid(2 * scoring.logit(true)), came, Draws(persons, 200))
    assert (sure.high or 9) < 0.7
    alone, _ = slope_and_intercept_bounded(true[:2], np.array([True, True]), Draws(np.arange(2), 50))
    assert (alone.low, alone.high) == (None, None)


@pytest.mark.parametrize("module", [bg_nbd, panel, ridge, scoring, validity, wording])
def test_the_examples_in_docstrings(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
