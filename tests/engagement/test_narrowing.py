"""Protects few people in a validity report: nobody counts them out of it, not by taking away, whenever it was made."""

import copy
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from readouts.told_validity import group, measured, too_short

from estime.engagement.measures.crowd import crowd
from estime.engagement.measures.lesser import TONELESS as MEASURED_TONELESS
from estime.engagement.models import Contested, Objection
from estime.engagement.narrowing import TONELESS, enough, narrowed
from estime.engagement.place import contests_counted
from estime.engagement.validity import validity_of, validity_store
from estime.kernel.home import home
from estime.readouts.terminal import terminal_report
from estime.readouts.validity import validity_report


def report(
    cuts: list[tuple[int, int]], thirds: list[tuple[int, int]], bins: list[tuple[int, int]]
) -> dict[str, Any]:
    """A report of so many predictions and so many that came true, at moments, in thirds, in bins."""
    n, came = (sum(column) for column in zip(*cuts, strict=True))
    told = measured()
    overall, *parts = told["affect"]
    told |= {"n": n, "persons": n, "prevalence": came / n}
    told["cuts"] = [{**told["cuts"][0], "n": one, "came": those} for one, those in cuts]
    told["affect"] = [
        {**each, "n": one, "came": those}
        for each, (one, those) in zip((overall, *parts), ((n, came), *thirds), strict=True)
    ]
    told["calibration"]["bins"] = [
        {"n": one, "said": 0.1 * at, "came": those / one, "low": 0.0, "high": 1.0}
        for at, (one, those) in enumerate(bins)
    ]
    return told


def counted(told: dict[str, Any]) -> list[tuple[int, int]]:
    return [(each["n"], round(each["n"] * each["came"])) for each in told["calibration"]["bins"]]


def test_what_is_enough_everywhere_stands_as_it_was() -> None:
    told = report([(100, 40), (120, 50)], [(70, 20), (70, 30), (80, 40)], [(110, 30), (110, 60)])
    assert narrowed(told, 10) == told
    assert narrowed(told, 20) != told


def test_neighbouring_bins_are_one_until_enough_came_and_enough_did_not() -> None:
    told = report(
        [(100, 40)], [(34, 10), (33, 15), (33, 15)], [(20, 1), (20, 3), (20, 7), (20, 10), (20, 19)]
    )
    found = narrowed(told, 10)
    assert counted(found) == [(60, 11), (40, 29)]
    assert found["calibration"]["bins"][0]["said"] == pytest.approx(0.1)
    assert found["calibration"]["bins"][0]["low"] < 11 / 60 < found["calibration"]["bins"][0]["high"]
    last = found["calibration"]["bins"][-1]
    assert min(last["n"] * last["came"], last["n"] * (1 - last["came"])) >= 10
    assert found["prevalence"] == 0.4


def test_predictions_of_few_people_are_no_crowd() -> None:
    told = report([(100, 40)], [(34, 10), (33, 15), (33, 15)], [(50, 20), (50, 20)])
    for each, people in zip(told["calibration"]["bins"], (9, 30), strict=True):
        each |= {"people_came": people, "people_away": 30}
    (only,) = narrowed(told, 10)["calibration"]["bins"]
    assert (only["n"], only["people_came"]) == (100, 30)
    told |= {"people_came": 9, "people_away": 90}
    found = narrowed(told, 10)
    assert (found["prevalence"], found["people_came"], found["calibration"]["bins"]) == (None, None, [])
    assert crowd(np.array([1, 1, 2, 2]), np.array([True, True, True, False])) == (2, 1)


def test_of_few_who_came_nothing_counts_them() -> None:
    told = report([(18, 5), (30, 4)], [(16, 1), (16, 3), (16, 5)], [(24, 2), (24, 7)])
    found = narrowed(told, 10)
    assert (found["prevalence"], found["calibration"]["bins"]) == (None, [])
    assert [(cut["n"], cut["came"], cut["auc"]) for cut in found["cuts"]] == [
        (18, None, None),
        (30, None, None),
    ]
    assert [(each["name"], each["came"]) for each in found["affect"]] == [("overall", None)]
    assert found["durability"] == told["durability"], "how well it tells is told of everybody"


def test_one_moment_of_few_is_not_what_is_left_of_the_whole() -> None:
    told = report([(100, 40), (90, 30), (95, 4)], [(95, 20), (95, 24), (95, 30)], [(285, 74)])
    assert [cut["came"] for cut in narrowed(told, 10)["cuts"]] == [40, None, None]
    told = report([(100, 40), (30, 12), (5, 1)], [(45, 20), (45, 13), (45, 20)], [(135, 53)])
    assert [cut["n"] for cut in narrowed(told, 10)["cuts"]] == [100, None, None]


moments = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(sum), min_size=1, max_size=6)


@given(moments, st.integers(10, 30), st.integers(10, 30))
def test_whatever_is_left_of_a_whole_is_nobody_or_enough(
    parts: list[tuple[int, int]], fewest: int, later: int
) -> None:
    """And a larger number leaves out what it would have left out at once, or more; the same one changes nothing."""
    rows = [(came + away, came) for came, away in parts]
    third = (max(1, sum(n for n, _ in rows) // 3), 0)
    told = report(rows, [third, third, third], rows)
    before = copy.deepcopy(told)
    once = narrowed(told, fewest)
    assert told == before, "what is kept is not changed"
    assert narrowed(once, fewest) == once
    for found, least in ((once, fewest), (narrowed(once, max(fewest, later)), max(fewest, later))):
        if found["outcome"] != "measured":
            assert sum(n for n, _ in rows) < least
            continue
        shown = [at for at, cut in enumerate(found["cuts"]) if cut["came"] is not None]
        left = [sum(parts[at][side] for at in range(len(parts)) if at not in shown) for side in (0, 1)]
        assert all(min(parts[at]) >= least for at in shown)
        assert not shown or len(shown) == len(parts) or min(left) >= least or not any(left)
        for n, came in counted(found):
            assert min(came, n - came) >= least
        if found["prevalence"] is not None and counted(found):
            assert sum(n for n, _ in counted(found)) == told["n"]


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60)), st.integers(1, 20), st.integers(0, 30))
def test_groups_beside_their_whole(sizes: dict[str, int], fewest: int, missing: int) -> None:
    whole = sum(sizes.values()) + missing
    told = enough({name: (size,) for name, size in sizes.items()}, (whole,), fewest)
    left = whole - sum(sizes[name] for name in told)
    assert all(sizes[name] >= fewest for name in told)
    assert left == 0 or left >= fewest or not told


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
def test_of_equal_groups_the_same_one_is_hidden(order: list[str]) -> None:
    assert enough({**dict.fromkeys(order, (12,)), "c": (3,)}, (27,), 10) == {"b"}


@pytest.mark.django_db
def test_a_number_raised_later_holds_for_reports_that_are_kept() -> None:
    place = home()
    place.mkdir(mode=0o700, exist_ok=True)
    place.joinpath("secret").write_text("5e" * 32)
    told = report([(450, 98), (450, 100)], [(300, 20), (300, 50), (300, 128)], [(450, 60), (450, 138)])
    told["expected"] |= {
        "people": 250, "by_cell": [group("attached_active", 40, 20.0), group("unknown", 195, 60.0)],
        "by_channel": [group("a", 100, 20.0), group("b", 150, 60.0)],
    }  # fmt: skip
    validity_store(told, {"en": {"validity-calibration": "<svg>", "validity-models": "<svg>"}})
    on = '[privacy]\nperson_affect = true\npurpose = "p"\nlegal_basis = "l"\nsmallest_group = '
    place.joinpath("estime.toml").write_text(f"{on}15\n")
    kept = validity_of("club")
    assert kept is not None
    assert [each["name"] for each in kept.told["expected"]["by_cell"]] == ["attached_active", "unknown"]
    assert set(kept.drawn["en"]) == {"validity-calibration", "validity-models"}
    place.joinpath("estime.toml").write_text(f"{on}61\n")
    kept = validity_of("club")
    assert kept is not None
    assert kept.told["expected"]["by_cell"] == [], (
        "forty are too few, and a hundred and ninety five would tell them"
    )
    assert len(kept.told["expected"]["by_channel"]) == 2
    assert len(kept.told["calibration"]["bins"]) == 1
    assert set(kept.drawn["en"]) == {"validity-models"}, "the chart shows two bins"
    place.joinpath("estime.toml").write_text(f"{on}1000\n")
    kept = validity_of("club")
    assert kept is not None
    assert (kept.told["outcome"], kept.told["reason"], kept.told["n"]) == (
        "too_short",
        "too_few_people",
        None,
    )
    assert kept.told["expected"] == {"outcome": "too_few_people", "fewest": 1000}


@pytest.mark.parametrize(
    ("reason", "n", "came", "told"),
    [
        ("too_few_cuts", 12, 2, (12, None)),
        ("too_few_outcomes", 90, 30, (90, 30)),
        ("too_few_cuts", 9, 4, (None, None)),
        ("too_few_people", 40, 20, (None, None)),
        ("no_acts", 0, 0, (0, 0)),
    ],
)
def test_a_short_past_counts_nobody_out(
    reason: str, n: int, came: int, told: tuple[int | None, int | None]
) -> None:
    found = narrowed({**too_short(), "reason": reason, "n": n, "came": came}, 10)
    assert (found["n"], found["came"]) == told
    assert narrowed(found, 10) == found


def test_nothing_of_few_who_wrote_about_the_brand() -> None:
    assert TONELESS == MEASURED_TONELESS
    told = measured()
    told["heard"]["people_toward"] = 9
    found = narrowed(told, 10)
    assert (found["toward"], found["heard"]["toward"], TONELESS in found["ablations"]) == (None, None, False)
    assert narrowed(found, 10) == found


@pytest.mark.django_db
def test_of_few_who_contest_it_is_not_told_how_many() -> None:
    assert contests_counted() == (0, 0)
    now = timezone.now()
    for account in range(9):
        for seq in range(2):
            Contested.objects.create(account=account, seq=10 * account + seq, meant=1, at=now)
        Objection.objects.create(account=account, out=account < 3, at=now)
    assert contests_counted() == (None, None)
    Contested.objects.create(account=9, seq=90, meant=1, at=now)
    Objection.objects.create(account=9, out=True, at=now)
    assert contests_counted() == (19, 10)
    Objection.objects.filter(account=9).update(withdrawn=now)
    assert contests_counted() == (19, None)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_report_of_few_is_told_without_counts_of_them(lang: str) -> None:
    told = narrowed(report([(37, 5), (41, 4)], [(26, 1), (26, 3), (26, 5)], [(39, 2), (39, 7)]), 10)
    made = validity_report({**told, "few": True}, lang)
    sections = {section.id: section for section in made.sections}
    assert (sections["validity-calibration"].chart, sections["validity-calibration"].table) == (None, None)
    told_of = sections["validity-cuts"].table
    assert told_of is not None
    assert [row.cells[1] for row in told_of.rows] == ["37", "41"]
    assert len({row.cells[2] for row in told_of.rows}) == 1, "how many came is not told"
    assert "78" in made.truth.under[0]
    assert len(made.truth.under) == 2, "nor is the share"
    terminal_report(made)
