"""How many are expected again: the interval holds the truth as often as it says."""

import numpy as np

from estime.engagement.measures.expected import UNTESTED, Drift, drift, expected


def test_the_interval_holds_what_comes_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(1)
    chances = rng.beta(1, 3, 300)
    told = expected(chances, UNTESTED)
    came = (rng.random((2_000, 300)) < chances).sum(axis=1)
    assert 0.93 < ((came >= told.low) & (came <= told.high)).mean() < 0.97


def test_the_interval_knows_how_far_the_past_missed() -> None:
    rng = np.random.default_rng(2)
    chances = rng.beta(1, 3, 600)
    said, chance = chances.sum(), (chances * (1 - chances)).sum()
    held = 0
    for _world in range(300):
        seasons = np.clip(chances * rng.normal(1, 0.25, (9, 1)), 0, 1)
        came = (rng.random(seasons.shape) < seasons).sum(axis=1)
        past = drift([said] * 8, came[:8].tolist(), [chance] * 8)
        told = expected(chances, past)
        held += told.low <= came[8] <= told.high
        assert (
            told.high - told.low >= expected(chances, UNTESTED).high - expected(chances, UNTESTED).low - 1e-9
        )
    assert 0.88 < held / 300 < 0.99


def test_nobody_and_everybody() -> None:
    assert expected(np.empty(0), Drift(0.1, 3)) == (0, 0.0, 0.0, 0.0)
    assert expected(np.ones(12), Drift(9.0, 1))[2:] == (0.0, 12.0)
    assert drift([0.0], [3], [0.0]) == UNTESTED
