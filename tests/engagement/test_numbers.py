"""The pure numbers: what must hold for any input."""

import doctest
from datetime import UTC, datetime, timedelta
from math import ceil
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.engagement.measures import intervals, page_rates, participation, tally
from estime.engagement.measures.active_share import (
    UNKNOWN,
    Reach,
    audience_at,
    combined,
    share,
)
from estime.engagement.measures.intervals import count_ratio, poisson_rate, quantile_ranks, wilson
from estime.engagement.measures.page_rates import ratio_of_sums
from estime.engagement.measures.participation import absence_factor, top_share

counts = st.integers(0, 10_000)
fractions = st.tuples(counts, st.integers(1, 10_000)).map(lambda pair: (min(pair), max(pair)))
histograms = st.dictionaries(st.integers(1, 500), st.integers(1, 50), min_size=1, max_size=20)


def arrays(histogram: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(list(histogram), dtype=np.int64), np.array(list(histogram.values()), dtype=np.int64)


@given(fractions)
def test_wilson_contains_the_share_and_stays_within_0_and_1(fraction: tuple[int, int]) -> None:
    n, d = fraction
    low, high = wilson(n, d)
    assert 0 <= low <= n / d + 1e-12
    assert n / d - 1e-12 <= high <= 1


@given(fractions)
def test_wilson_is_symmetric(fraction: tuple[int, int]) -> None:
    n, d = fraction
    low, high = wilson(n, d)
    assert wilson(d - n, d) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(fractions, st.integers(2, 100))
def test_more_evidence_gives_a_narrower_interval(fraction: tuple[int, int], times: int) -> None:
    n, d = fraction
    low, high = wilson(n, d)
    closer_low, closer_high = wilson(times * n, times * d)
    assert closer_high - closer_low < high - low


@pytest.mark.parametrize(("n", "d"), [(1, 0), (2, 1), (-1, 5)])
def test_wilson_refuses_what_is_no_share(n: int, d: int) -> None:
    with pytest.raises(ValueError, match="a share needs"):
        wilson(n, d)


@given(counts, st.integers(1, 10_000))
def test_rates_lie_within_their_bounds(n: int, d: int) -> None:
    low, high = poisson_rate(n, d)
    assert 0 <= low <= n / d <= high
    below, above = count_ratio(n, d)
    assert 0 <= below <= n / d + 1e-9
    assert above is not None
    assert n / d - 1e-9 <= above


@given(st.integers(1, 3_000), st.sampled_from([0.5, 0.9, 0.99]))
def test_quantile_ranks_are_in_order_and_within_n(n: int, q: float) -> None:
    low, middle, high = quantile_ranks(n, q)
    assert middle == min(n, max(1, ceil(n * q - 1e-9)))
    assert (low or 1) <= middle <= (high or n)


def test_quantile_ranks_cover_in_simulation() -> None:
    rng = np.random.default_rng(1)
    low, _, high = quantile_ranks(40, 0.5)
    assert low
    assert high
    draws = np.sort(rng.random((4_000, 40)), axis=1)
    covered = ((draws[:, low - 1] <= 0.5) & (draws[:, high - 1] >= 0.5)).mean()
    assert covered >= 0.945


@given(histograms, st.sampled_from([0.01, 0.1, 0.5, 1.0]))
def test_top_share_is_a_share_and_repeats(histogram: dict[int, int], part: float) -> None:
    sizes, persons = arrays(histogram)
    top = top_share(sizes, persons, part, replicates=50, seed=3)
    everyone = np.repeat(sizes, persons)
    k = ceil(part * len(everyone) - 1e-9)
    assert top.n == int(np.sort(everyone)[::-1][:k].sum())
    assert top.d == int(everyone.sum())
    assert min(part, 1) - 1e-9 <= top.value <= 1
    assert top == top_share(sizes, persons, part, replicates=50, seed=3)
    if top.low is not None and top.high is not None:
        assert 0 < top.low <= top.high <= 1 + 1e-12


@given(histograms)
def test_absence_factor_is_the_smallest_number_that_makes_half(histogram: dict[int, int]) -> None:
    sizes, persons = arrays(histogram)
    k = absence_factor(sizes, persons)
    everyone = np.sort(np.repeat(sizes, persons))[::-1]
    assert 2 * everyone[:k].sum() >= everyone.sum() > 2 * everyone[: k - 1].sum()


def test_nobody_is_not_a_share() -> None:
    with pytest.raises(ValueError):
        top_share(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 0.1)
    assert absence_factor(np.array([], dtype=np.int64), np.array([], dtype=np.int64)) == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=5, max_size=30))
def test_ratio_of_sums_repeats_and_is_bounded_by_the_posts(posts: list[tuple[int, int]]) -> None:
    n, d = (np.array(column, dtype=float) for column in zip(*posts, strict=True))
    value, low, high = ratio_of_sums(n, d, replicates=100, seed=5)
    assert (value, low, high) == ratio_of_sums(n, d, replicates=100, seed=5)
    assert low is not None
    assert high is not None
    assert (n / d).min() - 1e-9 <= low <= high <= (n / d).max() + 1e-9


@given(st.dictionaries(st.sampled_from(tally.PRESENCE), st.integers(1, 100), min_size=1))
def test_presence_shares_add_up_to_one(sizes: dict[str, int]) -> None:
    figures = tally.presence({"scope": "a", "label": label, "n": n} for label, n in sizes.items())
    assert [figure.label for figure in figures] == list(tally.PRESENCE)
    assert sum(figure.value or 0 for figure in figures) == pytest.approx(1)


def test_a_share_of_too_few_is_only_a_count() -> None:
    for d in (None, 0, 3):
        assert share("m", "a", None, "", 4, d) == ("m", "a", None, "", None, None, None, 4.0, None)


def test_one_unknown_channel_makes_all_unknown() -> None:
    known, audience = Reach("known", 3.0), Reach("audience", 10.0)
    assert combined([known, UNKNOWN], known) == UNKNOWN
    assert combined([known, known], Reach("known", 5.0)) == Reach("known", 5.0)
    assert combined([known, audience], UNKNOWN) == Reach("audience", 13.0)


@given(st.lists(st.integers(0, 100), max_size=10, unique=True), st.integers(0, 100))
def test_audience_is_the_last_count_so_far(days: list[int], day: int) -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    observed = [(start + timedelta(days=d), float(d)) for d in sorted(days)]
    past = [d for d in days if d <= day]
    assert audience_at(observed, start + timedelta(days=day)) == (float(max(past)) if past else None)


@pytest.mark.parametrize("module", [intervals, page_rates, participation])
def test_the_examples_in_docstrings(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
