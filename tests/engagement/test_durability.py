"""Durability and its validity report on made-up people whose chances are known."""

import json

import numpy as np
import pytest

from estime.engagement.measures.durability import DAYS, Durability, TooShort, durability_fit
from estime.engagement.measures.panel import Panel
from estime.engagement.measures.scoring import auc
from estime.engagement.measures.validity import Validity, cuts_of, too_short_json, validity

FIRST, ENDS = 10_000, 10_000 + 700
CUTS = cuts_of(FIRST, ENDS)


def made_up(people: int = 100, cuts: tuple[int, ...] = CUTS.learnt, seed: int = 1) -> Panel:
    """Each comes at a rate of their own, seen through a noisy recency; affect says something, words nothing."""
    rng = np.random.default_rng(seed)
    person = np.tile(np.arange(people), len(cuts))
    cut = np.repeat(cuts, people)
    rate = np.tile(rng.gamma(0.7, 0.01, people), len(cuts))
    mood = np.tile(rng.normal(size=people), len(cuts))
    wait = rng.exponential(1 / (rate * np.exp(1.5 * mood)))
    wait = np.where(cut + wait < ENDS, np.floor(wait), np.nan)
    last = np.clip(rng.exponential(1 / rate), 1, 180).round()
    n = rng.poisson(rate * 300) + 1.0
    columns = {
        "last": last,
        "n": n,
        "first": last + rng.integers(20, 300, len(cut)),
        "weeks": n.clip(1, 8),
        "fading21": n * 2 ** (-last / 21),
        "received": rng.poisson(2.0, len(cut)).astype(float),
        "likes180": np.zeros(len(cut)),
        "answers": n / 2,
        "partners": n,
        "alive": n,
        "words_thanks_mean": rng.random(len(cut)),
        "affect_valence": mood,
        "affect_toward": np.where(person % 2, mood / 2, np.nan),
        "dealt_valence": rng.permutation(mood),
    }
    return Panel.of({"person": person, "cut": cut, "wait": wait, **columns}, ENDS)


def fitted(panel: Panel, before: int = ENDS) -> Durability:
    model = durability_fit(panel, before)
    assert isinstance(model, Durability)
    return model


@pytest.fixture(scope="module")
def report() -> Validity:
    found = validity(made_up(), CUTS, replicates=100)
    assert isinstance(found, Validity)
    return found


def test_chances_are_learnt_and_honest() -> None:
    model, fresh = fitted(made_up(400)), made_up(400, seed=2)
    known = fresh.closed(ENDS, DAYS)
    told, came = model.tell(known), known.came(DAYS)
    assert ((told > 0) & (told < 1)).all()
    assert auc(told, came) > 0.75
    assert told.mean() == pytest.approx(came.mean(), abs=0.05)


def test_what_came_after_the_day_is_not_known_to_the_model() -> None:
    panel, before = made_up(), CUTS.judged[0]
    wait = np.where(panel.cut + np.nan_to_num(panel.wait, nan=1e9) >= before, np.nan, panel.wait)
    blind = Panel(panel.person, panel.cut, wait, panel.columns, panel.ends)
    at = panel.at(before)
    assert np.array_equal(fitted(panel, before).tell(at), fitted(blind, before).tell(at))


def test_the_order_of_rows_does_not_matter() -> None:
    panel = made_up()
    mixed = np.random.default_rng(3).permutation(len(panel))
    arrays = {"person": panel.person, "cut": panel.cut, "wait": panel.wait, **panel.columns}
    other = Panel.of({name: values[mixed] for name, values in arrays.items()}, ENDS)
    assert np.array_equal(fitted(panel).tell(panel), fitted(other).tell(panel))


def test_a_column_that_nobody_has_is_no_obstacle() -> None:
    panel = made_up()
    columns = {
        **panel.columns,
        "response": np.full(len(panel), np.nan),
        "longest": np.where(panel.person % 2, np.nan, 3.0),
    }
    model = fitted(Panel(panel.person, panel.cut, panel.wait, columns, ENDS))
    assert "response" not in model.columns
    assert "longest" in model.columns


def test_nobody_is_told_nothing() -> None:
    panel = made_up()
    assert len(fitted(panel).tell(panel.rows(np.zeros(len(panel), bool)))) == 0


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        (made_up(cuts=(ENDS - 10,)), "no_closed_window"),
        (made_up(1), "too_few_outcomes"),
        (made_up().only([]), "nothing_varies"),
    ],
)
def test_too_little_past_is_a_result(panel: Panel, reason: str) -> None:
    found = durability_fit(panel, ENDS)
    assert isinstance(found, TooShort)
    assert found.reason == reason


def test_a_person_stands_once_at_a_cut() -> None:
    row = {name: np.array([1, 1]) for name in ("person", "cut", "wait", "last")}
    with pytest.raises(ValueError, match="at most once"):
        Panel.of(row, ENDS)


def test_cuts_of_a_long_past_begin_at_day_540() -> None:
    assert cuts_of(0, 1_365).judged == tuple(range(540, 1_261, 90))
    assert cuts_of(0, 10) == ((), (), 0)


def test_fewer_than_three_closed_cuts_are_told() -> None:
    cuts = cuts_of(FIRST, FIRST + 300)
    found = validity(made_up(cuts=cuts.learnt), cuts)
    assert isinstance(found, TooShort)
    told = too_short_json(found)
    assert (told["outcome"], told["reason"], told["closed_cuts"]) == ("too_short", "too_few_cuts", 2)


def test_the_report_is_json_with_intervals_of_everything(report: Validity) -> None:
    told = json.loads(json.dumps(report.as_json(), allow_nan=False))
    names = "prevalence like_count frequency recency rfm bg_nbd".split()
    families = "rhythm role replies partners conversations likes words affect".split()
    assert list(told["baselines"]) == names
    assert set(told["ablations"]) == {f"without_{family}" for family in families} | {
        "without_tone",
        "affect_alone",
        "affect_dealt",
        "rhythm_only",
        "with_season",
    }
    for each in (told["durability"], *told["baselines"].values(), *told["ablations"].values()):
        for score in ("auc", "brier"):
            assert each[score]["low"] <= each[score]["value"] <= each[score]["high"]
    assert (
        sum(each["n"] for each in told["calibration"]["bins"])
        == told["n"]
        == sum(c["n"] for c in told["cuts"])
    )


def test_the_report_finds_what_helps_and_prints_what_does_not(report: Validity) -> None:
    affect, words = report.ablations["without_affect"].auc_lead, report.ablations["without_words"].auc_lead
    assert affect is not None
    assert affect.low is not None
    assert affect.low > 0
    assert words is not None
    assert abs(words.value) < 0.02
    assert report.baselines["prevalence"].brier.value > report.durability.brier.value


def test_affect_is_judged_overall_and_within_terciles_of_behaviour(report: Validity) -> None:
    parts = report.felt.terciles
    assert [each.name for each in parts] == ["overall", "little", "middling", "much"]
    assert sum(each.n for each in parts[1:]) == parts[0].n == report.n
    assert parts[0].without.auc_lead is not None


def test_feelings_that_are_somebodys_tell_more_than_the_same_dealt_out(report: Validity) -> None:
    placebo, toward = report.felt.placebo, report.felt.toward
    assert placebo is not None
    assert placebo.auc_lead is not None
    assert placebo.auc_lead.low is not None
    assert placebo.auc_lead.low > 0
    assert placebo.auc == report.ablations["affect_dealt"].auc
    alone = report.ablations["affect_alone"].auc.value
    assert placebo.auc_lead.value == pytest.approx(alone - placebo.auc.value)
    assert toward is not None
    assert toward.auc_lead is not None
    assert toward.auc_lead.value == pytest.approx(
        report.ablations["without_tone"].auc.value - report.ablations["without_affect"].auc.value
    )


def test_only_its_own_ablation_knows_what_was_dealt_out(report: Validity) -> None:
    blind = validity(made_up().without(["dealt"]), CUTS, replicates=100)
    assert isinstance(blind, Validity)
    told, theirs = report.as_json(), blind.as_json()
    assert theirs["placebo"] is None
    del told["ablations"]["affect_dealt"]
    assert {**told, "placebo": None} == theirs


def test_what_is_learnt_of_some_is_judged_on_everybody(report: Validity) -> None:
    some = validity(made_up(), CUTS, every=2, replicates=20)
    assert isinstance(some, Validity)
    assert (some.n, some.persons) == (report.n, report.persons)
    for name, scores in report.baselines.items():
        assert some.baselines[name].auc.value == scores.auc.value
    assert some.durability.auc.value != report.durability.auc.value
    assert some.durability.auc.value > 0.6


def test_the_slope_has_an_interval(report: Validity) -> None:
    for name in ("slope", "intercept"):
        told = report.as_json()["calibration"]
        assert told[f"{name}_low"] < told[name] < told[f"{name}_high"]


def test_without_affect_nothing_is_said_of_it() -> None:
    found = validity(
        made_up().without(["affect", "dealt", "words", "likes", "partners"]), CUTS, replicates=30
    )
    assert isinstance(found, Validity)
    assert found.as_json() | {"affect": [], "toward": None, "placebo": None} == found.as_json()
    assert "like_count" in found.baselines
