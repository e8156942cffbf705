"""BG/NBD: the published parameters of the CDNOW sample, and probabilities that behave."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.engagement.measures.bg_nbd import BgNbd, bg_nbd_fit, bg_nbd_returns

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "purchases" / "CDNOW_sample.txt"
PUBLISHED = BgNbd(0.243, 4.414, 0.793, 2.426, -9582.4)


def visits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat purchases, last and age in weeks after 39 weeks, as Fader, Hardie and Lee counted them."""
    rows = np.loadtxt(CDNOW, usecols=(1, 2), dtype=int)
    days = np.array([np.datetime64(f"{d // 10_000}-{d // 100 % 100:02d}-{d % 100:02d}") for d in rows[:, 1]])
    end = np.datetime64("1997-09-30")
    found = []
    for who in np.unique(rows[:, 0]):
        mine = np.unique(days[(rows[:, 0] == who) & (days <= end)])
        found.append((len(mine) - 1, (mine[-1] - mine[0]).astype(int) / 7, (end - mine[0]).astype(int) / 7))
    again, last, age = np.array(found, dtype=float).T
    return again, last, age


@pytest.mark.skipif(not CDNOW.exists(), reason="shared/data/purchases is not here")
def test_the_published_parameters_of_the_cdnow_sample() -> None:
    model = bg_nbd_fit(*visits())
    assert model == pytest.approx(PUBLISHED, rel=2e-3)


rates = st.tuples(st.integers(0, 30), st.floats(0, 100), st.floats(0.1, 100))


@given(rates, st.floats(0.1, 200))
def test_a_chance_is_a_chance_and_grows_with_time(one: tuple[int, float, float], within: float) -> None:
    again, last, more = one
    row = np.array([float(again)]), np.array([last if again else 0.0]), np.array([last + more])
    near, far = (bg_nbd_returns(PUBLISHED, *row, within=w)[0] for w in (within, 2 * within))
    assert 0 <= near <= far <= 1


def test_silence_speaks_louder_of_who_came_often() -> None:
    often, age = np.array([20.0, 1.0]), np.array([60.0, 60.0])
    silent = bg_nbd_returns(PUBLISHED, often, np.array([20.0, 20.0]), age, 12.0)
    assert silent[0] < silent[1]


def test_impossible_visits_are_refused() -> None:
    with pytest.raises(ValueError, match="0 <= last <= age"):
        bg_nbd_fit(np.array([1.0]), np.array([3.0]), np.array([2.0]))
    with pytest.raises(ValueError, match="0 <= last <= age"):
        bg_nbd_fit(*(np.empty(0),) * 3)
