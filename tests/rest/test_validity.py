"""Protects GET /validity: the report as promised, nothing of few people, for tokens that may read readouts."""

import pytest
from readouts.told_validity import measured, too_short

from estime.engagement.api import validity_store


@pytest.fixture
def kept(db: None) -> None:
    validity_store(measured(), {})


def test_the_report_with_its_intervals(asking, kept) -> None:
    told = asking("readouts:read").get("/validity?scope=club").json()
    assert told["outcome"] == "measured"
    assert "tells less than as many random feelings" in " ".join(told["words"])
    assert (told["placebo"]["auc_lead"]["value"], told["heard"]["toward"]) == (-0.02, 800)
    assert told["calibration"]["slope_low"] == 0.9
    assert told["durability"]["auc"] == {"value": 0.83, "low": 0.81, "high": 0.85}
    assert set(told["baselines"]) == set(measured()["baselines"])
    assert told["ablations"]["affect_alone"]["brier_lead"]["low"] is not None
    assert [(cut["day"], cut["n"], cut["came"]) for cut in told["cuts"]] == [
        ("2025-07-08", 450, 98), ("2025-10-06", None, None),
    ], "four people are not told"  # fmt: skip
    assert told["expected"]["by_cell"] == [], "places are not told while nobody may be placed"
    assert (told["expected"]["people"], told["expected"]["expected"]) == (250, 90.0)


def test_a_short_history_is_an_answer(asking, db) -> None:
    validity_store(too_short(), {})
    told = asking("readouts:read").get("/validity?scope=club").json()
    assert (told["outcome"], told["reason"], told["closed_cuts"], told["durability"]) == (
        "too_short", "too_few_cuts", 1, None,
    )  # fmt: skip


def test_the_words_in_the_language_asked_for(asking, kept) -> None:
    told = asking("readouts:read").get("/validity?scope=club&lang=fr")
    assert told.headers["Content-Language"] == "fr"
    assert "ressentis au hasard" in " ".join(told.json()["words"])


def test_who_may_ask(asking, kept) -> None:
    assert asking("acts:read").get("/validity?scope=club").status_code == 403
    assert asking("readouts:read").get("/validity?scope=other").status_code == 404
    assert asking("readouts:read", channel="forum").get("/validity?scope=club").status_code == 403
