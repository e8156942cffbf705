"""Opinion groups: what must hold for any votes, clear outcomes at the edges, and nothing found where nothing is."""

import doctest
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score

from estime.cocreation.tally.groups import (
    clusters,
    intervals,
    projection,
    stability,
    statements,
    told,
    votes,
    whole,
)
from estime.cocreation.tally.groups.clusters import adjusted_rand, k_means
from estime.cocreation.tally.groups.intervals import discoveries, more_than_half
from estime.cocreation.tally.groups.projection import positions, project
from estime.cocreation.tally.groups.stability import prediction_strength
from estime.cocreation.tally.groups.told import groups_of
from estime.cocreation.tally.groups.votes import from_matrix, table
from estime.cocreation.tally.groups.whole import opinion_groups, place

NONE = float("nan")


def camps(people: int = 120, topics: int = 12, seed: int = 0, seen: float = 0.8, lean: float = 0.8) -> Any:
    """Two camps, two thirds and one third, that differ on the even statements and agree on the odd ones."""
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) % 3 == 0, -1, 1)
    agree = np.where(np.arange(topics) % 2 == 0, 0.5 + side[:, None] * lean / 2, 0.9)
    cast = np.where(rng.random((people, topics)) < agree, 1.0, -1.0)
    return np.where(rng.random((people, topics)) < seen, cast, NONE), side


any_votes = arrays(
    np.float64, st.tuples(st.integers(0, 12), st.integers(0, 5)), elements=st.sampled_from([1, -1, 0, NONE])
)


@pytest.mark.parametrize(
    "module", [clusters, intervals, projection, stability, statements, told, votes, whole]
)
def test_examples_in_docstrings(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


def test_two_camps_are_found_and_told_apart() -> None:
    matrix, side = camps()
    found = opinion_groups(matrix)
    assert found.stable
    assert found.k == 2
    assert found.sizes == (81, 39)
    assert adjusted_rand(found.groups, (side < 0).astype(np.int64)) > 0.8
    assert found.statements.dividing[::2].all()
    assert found.statements.uniting.tolist() == [False, True] * 6
    assert (found.statements.divides_low[::2] > 0).all()
    for group, of_one in enumerate(found.statements.representative):
        assert {one.statement % 2 for one in of_one} == {0}
        assert all((one.vote > 0) == (group == 0) for one in of_one)
        assert all(one.low <= one.share - one.share_elsewhere for one in of_one)
    assert np.nanmin(found.certainty) > 0.5


def test_what_is_told_to_divide_or_unite_is_rarely_wrong() -> None:
    """Truly, the even statements divide and the odd ones unite; 5 % of what is told may be wrong."""
    wrong, told_of, missed = 0, 0, 0
    for seed in range(30):
        of = opinion_groups(camps(seed=seed)[0], resample=False).statements
        wrong += int(of.dividing[1::2].sum() + of.uniting[::2].sum())
        told_of += int(of.dividing.sum() + of.uniting.sum())
        missed += int((~of.dividing[::2]).sum() + (~of.uniting[1::2]).sum())
    assert wrong <= 0.05 * told_of
    assert missed <= 0.05 * told_of


def test_three_camps_are_three() -> None:
    rng = np.random.default_rng(5)
    camp = np.repeat([0, 1, 2], 50)
    lean = rng.choice([-1, 1], size=(3, 18))
    agree = 0.5 + 0.45 * lean[camp]
    found = opinion_groups(np.where(rng.random(agree.shape) < agree, 1.0, -1.0))
    assert (found.k, found.stable) == (3, True)
    assert adjusted_rand(found.groups, camp) > 0.95


def test_no_groups_are_shown_where_votes_have_nothing_to_do_with_each_other() -> None:
    called = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        matrix = np.where(rng.random((100, 20)) < rng.random(20), 1.0, -1.0)
        matrix[rng.random(matrix.shape) < 0.5] = NONE
        found = opinion_groups(matrix)
        called.append((found.stable, int(found.statements.dividing.sum())))
        assert found.reason in ("halves-differ", "not-found-again")
        assert (found.groups >= 0).all()
    assert not any(stable for stable, _ in called)
    assert sum(divide for _, divide in called) <= 1


def test_groups_that_were_made_from_a_vote_do_not_prove_that_it_divides() -> None:
    """Counted plainly, the groups of votes without any structure differ hugely on the votes they were made from."""
    rng = np.random.default_rng(1)
    found = opinion_groups(np.where(rng.random((200, 6)) < 0.5, 1.0, -1.0), resample=False)
    of = found.statements
    plain = np.abs(of.agree[0] / of.seen[0] - of.agree[1] / of.seen[1])
    assert plain.max() > 0.5
    assert not of.dividing.any()


@settings(max_examples=150, deadline=None)
@given(any_votes, st.booleans())
def test_every_outcome_is_clear(matrix: Any, resample: bool) -> None:
    found = opinion_groups(matrix, resample=resample)
    n, m = matrix.shape
    cast = (~np.isnan(matrix)).any(axis=1) if m else np.zeros(n, dtype=bool)
    assert ((found.groups >= 0) == cast).all()
    assert {row for row in range(n) if not cast[row]} == set(found.left_out)
    assert sum(found.sizes) == cast.sum()
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert (np.isfinite(found.positions).all(axis=1) == cast).all()
    assert not found.stable
    assert found.reason in ("nobody", "all-alike", "too-few-people")
    assert found.statements.unites.shape == (m,)


@pytest.mark.parametrize(
    ("matrix", "reason", "sizes"),
    [
        (np.zeros((0, 0)), "nobody", ()),
        (np.zeros((0, 3)), "nobody", ()),
        (np.zeros((3, 0)), "nobody", ()),
        (np.full((4, 2), NONE), "nobody", ()),
        ([[1.0, -1.0]], "all-alike", (1,)),
        ([[1.0], [-1.0]], "too-few-people", (2,)),
        ([[1.0, 0.0]] * 50, "all-alike", (50,)),
        (np.zeros((50, 3)), "all-alike", (50,)),
        ([[1.0, -1.0]] * 10 + [[-1.0, 1.0]] * 9, "too-few-people", (19,)),
    ],
)
def test_edges(matrix: Any, reason: str, sizes: tuple[int, ...]) -> None:
    found = opinion_groups(np.asarray(matrix, dtype=np.float64))
    assert (found.reason, found.sizes, found.stable) == (reason, sizes, False)


def test_one_statement_that_half_agrees_with() -> None:
    found = opinion_groups(np.array([[1.0]] * 20 + [[-1.0]] * 15))
    assert found.sizes == (20, 15)
    assert not found.statements.dividing.any()


def test_who_cast_a_single_vote_has_a_place_near_the_middle() -> None:
    matrix, _ = camps()
    matrix[0] = NONE
    matrix[0, 0] = 1.0
    found = opinion_groups(matrix, resample=False)
    far = np.linalg.norm(found.positions, axis=1)
    assert far[0] < np.median(far)
    assert found.groups[0] >= 0
    stricter = opinion_groups(matrix, least_votes=2, resample=False)
    assert stricter.left_out == {0: "too-few-votes"}
    assert stricter.groups[0] == -1
    assert np.isnan(stricter.positions[0]).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_drawing_anew_does_not_depend_on_the_order_of_people_and_statements(seed: int, chance: Any) -> None:
    matrix, _ = camps(24, 6, seed)
    rows, columns = chance.sample(range(24), 24), chance.sample(range(6), 6)
    one, other = opinion_groups(matrix), opinion_groups(matrix[np.ix_(rows, columns)])
    assume(one.projection.explained[1] > 0)
    assert (other.reason, other.k, other.stable, other.sizes) == (one.reason, one.k, one.stable, one.sizes)
    assert (other.groups == one.groups[rows]).all()
    assert other.certainty == pytest.approx(one.certainty[rows], nan_ok=True)
    assert other.statements.dividing.tolist() == one.statements.dividing[columns].tolist()
    first, second = one.stability, other.stability
    assert first is not None
    assert second is not None
    assert second.strength == pytest.approx(first.strength)
    assert (second.halves, second.found_again) == (
        pytest.approx(first.halves),
        pytest.approx(first.found_again),
    )


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_of_people_and_statements_changes_nothing(seed: int, chance: Any) -> None:
    matrix, _ = camps(40, 8, seed)
    rows, columns = chance.sample(range(40), 40), chance.sample(range(8), 8)
    turned = matrix[np.ix_(rows, columns)]
    one, other = opinion_groups(matrix, resample=False), opinion_groups(turned, resample=False)
    assume(one.projection.explained[1] > 0)
    assert (other.groups == one.groups[rows]).all()
    assert other.positions == pytest.approx(one.positions[rows], abs=1e-6)
    assert other.sizes == one.sizes
    assert other.statements.uniting.tolist() == one.statements.uniting[columns].tolist()
    assert other.statements.unites == pytest.approx(one.statements.unites[columns])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("1 2 10".split()), st.sampled_from([1, 0, -1]))
    )
)
def test_the_last_vote_counts_in_whatever_order_people_came(cast: Any) -> None:
    made = table([c[0] for c in cast], [c[1] for c in cast], [c[2] for c in cast])
    last = {(who, what): vote for who, what, vote in cast}
    for row, who in enumerate(made.participants):
        for column, what in enumerate(made.statements):
            assert made.cast[row, column] == ((who, what) in last)
            assert made.value[row, column] == last.get((who, what), 0)
    assert list(made.statements) == sorted(made.statements, key=int)


def test_votes_on_moderated_statements_are_left_out_but_not_who_cast_them() -> None:
    made = table(["a", "b"], ["1", "2"], [1, 1], moderated=["1"])
    assert (made.participants, made.statements) == (("a", "b"), ("2",))
    assert opinion_groups(made).left_out == {0: "no-votes"}


@pytest.mark.parametrize("value", [2, -3])
def test_values_that_are_no_votes_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="a vote is"):
        table(["a"], ["1"], [value])
    with pytest.raises(ValueError, match="a vote is"):
        from_matrix(np.array([[float(value)]]))
    with pytest.raises(ValueError, match="a vote is"):
        opinion_groups(np.array([[float("inf")]]))


def test_projection_is_that_of_scikit_learn_with_means_for_missing_votes() -> None:
    matrix, _ = camps(seen=0.6)
    made = from_matrix(matrix)
    ours = project(made)
    filled = np.where(np.isnan(matrix), np.nanmean(matrix, axis=0), matrix)
    theirs = PCA(2).fit(filled)
    assert ours.explained == pytest.approx(theirs.explained_variance_ratio_)
    assert np.abs(ours.loadings.T) == pytest.approx(np.abs(theirs.components_), abs=1e-7)
    for direction in ours.loadings.T:
        assert direction[np.abs(direction).argmax()] > 0
    whole_votes, _ = camps(seen=1.0)
    full = from_matrix(whole_votes)
    assert np.abs(positions(full, project(full))) == pytest.approx(
        np.abs(PCA(2).fit_transform(whole_votes)), abs=1e-6
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_adjusted_rand_is_that_of_scikit_learn(pairs: Any) -> None:
    first, second = np.array(pairs, dtype=np.int64).T
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float64, st.tuples(st.integers(1, 25), st.just(2)), elements=st.integers(-4, 4)),
    st.integers(1, 4),
)
def test_k_means_everybody_is_with_the_nearest_centre(points: Any, k: int) -> None:
    groups, centres = k_means(points, k)
    far = np.linalg.norm(points[:, None] - centres, axis=2)
    assert (far[np.arange(len(points)), groups] <= far.min(axis=1) + 1e-9).all()
    sizes = np.bincount(groups, minlength=len(centres))
    assert (sizes > 0).all()
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    for place_of in np.unique(points, axis=0):
        assert len(set(groups[(points == place_of).all(axis=1)])) == 1


def test_prediction_strength_is_one_where_halves_agree() -> None:
    matrix, _ = camps(seen=1.0, lean=1.0)
    strength, agreement = prediction_strength(from_matrix(matrix), halves=4)
    assert strength[2] > 0.95
    assert agreement[2] > 0.95
    assert max(strength, key=lambda k: strength[k]) == 2


def test_new_voters_stand_where_they_would_have_stood() -> None:
    matrix, _ = camps(seen=1.0)
    found = opinion_groups(matrix, resample=False)
    at, groups = place(found, matrix[:7])
    assert at == pytest.approx(found.positions[:7])
    assert (groups == found.groups[:7]).all()
    at, groups = place(found, np.full((1, 12), NONE))
    assert (at.tolist(), groups.tolist()) == ([[0.0, 0.0]], [-1])
    with pytest.raises(ValueError, match="other statements"):
        place(found, np.ones((1, 3)))
    assert place(opinion_groups(np.zeros((0, 2))), np.ones((1, 2)))[1].tolist() == [-1]


def test_told_in_the_shared_shape() -> None:
    matrix, _ = camps()
    matrix[5] = NONE
    row, column = np.nonzero(~np.isnan(matrix))
    people, topics = [f"p{r}" for r in row], [f"s{c:02}" for c in column]
    made = groups_of(table(people, topics, matrix[row, column].astype(int)), {"s00": "Free tickets"})
    told_as = made.as_json()
    assert told_as["stable"] is True
    assert set(told_as["groups"].values()) == {0, 1}
    first = told_as["statements"][0]
    assert (first["text"], first["kind"]) == ("Free tickets", "divides")
    assert first["agree"] == sum(group["agree"] for group in first["groups"].values())
    assert first["divides_low"] <= first["divides"] <= first["divides_high"]
    assert told_as["statements"][1]["kind"] == "unites"
    assert told_as["detail"]["sizes"] == [80, 39]
    assert {one["id"] for of_one in told_as["detail"]["representative"] for one in of_one} <= set(topics)


def test_memberships_are_given_and_kinds_are_not_where_groups_are_not_stable() -> None:
    rng = np.random.default_rng(0)
    matrix = np.where(rng.random((100, 10)) < 0.9, 1.0, -1.0)
    row, column = np.nonzero(~np.isnan(matrix))
    made = groups_of(table([str(r) for r in row], [str(c) for c in column], matrix[row, column].astype(int)))
    assert not made.stable
    assert made.why
    assert len(made.groups) == 100
    assert {statement.kind for statement in made.statements} == {""}


def test_tests_of_shares() -> None:
    exact = more_than_half(np.array([600.0]), np.array([1000.0]))[0]
    beyond = more_than_half(np.array([601.0]), np.array([1001.0]))[0]
    assert exact == pytest.approx(1.364e-10, rel=0.01)
    assert beyond == pytest.approx(exact, rel=0.15)
    none, level = discoveries(np.array([0.5, 0.04]), np.array([True, True]))
    assert (none.tolist(), level) == ([False, False], 0.05)
    assert discoveries(np.zeros(0), np.zeros(0, dtype=bool))[0].tolist() == []
    hidden, _ = discoveries(np.array([0.001, 0.002]), np.array([False, True]))
    assert hidden.tolist() == [False, True]
