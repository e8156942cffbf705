"""Which pair is asked next: never one that was judged, new ideas soon, and by chance only through the generator."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.tally.pairwise import comparisons
from estime.cocreation.tally.pairwise_next import answered, joined, next_pair, pair_state


def some_state(ideas: int = 6, answers: int = 60, seed: int = 0):
    rng = np.random.default_rng(seed)
    first = rng.integers(0, ideas, answers)
    return pair_state(comparisons(first, (first + rng.integers(1, ideas, answers)) % ideas, ideas))


def test_every_pair_is_asked_once_and_then_none() -> None:
    state, rng, judged = some_state(), np.random.default_rng(1), []
    while (pair := next_pair(state, judged, rng)) is not None:
        judged.append(pair)
    assert len(judged) == 15
    assert len({frozenset(pair) for pair in judged}) == 15


def test_same_generator_same_pair_and_near_equals_are_spread() -> None:
    state = pair_state(comparisons([], [], 10))
    assert next_pair(state, [], np.random.default_rng(3)) == next_pair(state, [], np.random.default_rng(3))
    asked = {next_pair(state, [], np.random.default_rng(seed)) for seed in range(200)}
    assert len({frozenset(pair) for pair in asked if pair}) > 30
    assert {left > right for left, right in asked} == {True, False}


def test_a_new_idea_is_asked_about_at_once() -> None:
    state = joined(some_state(answers=400), 1)
    assert 6 in (next_pair(state, [], np.random.default_rng(0)) or ())


def test_ideas_that_are_left_out_are_not_asked_about() -> None:
    state, rng = some_state(), np.random.default_rng(0)
    for _ in range(30):
        assert not {0, 1} & set(next_pair(state, [], rng, left_out=[0, 1]) or ())
    assert next_pair(state, [], rng, left_out=range(5)) is None
    assert next_pair(pair_state(comparisons([], [], 1)), [], rng) is None
    assert next_pair(pair_state(comparisons([], [], 0)), [], rng) is None


def test_the_chosen_pair_shrinks_the_uncertainty_nearly_as_much_as_any() -> None:
    state = some_state(ideas=7, answers=25)
    volume = {}
    for i in range(7):
        for j in range(i):
            by_answer = [np.linalg.slogdet(answered(state, *pair).covariance)[1] for pair in ((i, j), (j, i))]
            volume[frozenset((i, j))] = np.linalg.slogdet(state.covariance)[1] - np.mean(by_answer)
    chosen = next_pair(state, [], np.random.default_rng(0))
    assert volume[frozenset(chosen or ())] >= 0.9 * max(volume.values())


def test_answers_one_by_one_come_near_to_counting_anew() -> None:
    state = pair_state(comparisons([], [], 4))
    better, worse = [0, 1, 0, 2, 3, 0, 1], [1, 2, 2, 3, 1, 3, 3]
    for pair in zip(better, worse, strict=True):
        state = answered(state, *pair)
    anew = pair_state(comparisons(better, worse, 4))
    assert np.abs(state.strength - anew.strength).max() < 0.15
    assert np.abs(state.covariance - anew.covariance).max() < 0.15


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] != p[1]), max_size=20))
def test_never_a_judged_pair(judged: list[tuple[int, int]]) -> None:
    pair = next_pair(some_state(), judged, np.random.default_rng(0))
    assert pair is None or (pair not in judged and pair[::-1] not in judged)


def test_answers_about_no_idea_are_refused() -> None:
    state = some_state()
    for pair in ((0, 0), (0, 6), (-1, 0)):
        with pytest.raises(ValueError, match="ideas"):
            answered(state, *pair)
    with pytest.raises(ValueError, match="join"):
        joined(state, -1)
    with pytest.raises(ValueError, match="finite"):
        pair_state(comparisons([0], [1], 2), float("inf"))
