"""`estime validate`: the report on a made-up community, and a clear outcome for every history that is too short."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from estime.engagement import api as engagement
from estime.listening import api as listening

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
BEGUN = datetime(2024, 1, 1, 9, tzinfo=UTC)
SAID = ("I love it, thank you!", "This is terrible, it broke again.", "It works as it is.")


def written(path: Path, acts: list[tuple[int, float, str]]) -> Path:
    """A forum in CSV: (who, day, words), every third text answers the one before."""
    lines = ["id,author,date,text,reply_to"]
    for n, (who, day, words) in enumerate(sorted(acts, key=lambda act: act[1])):
        at = (BEGUN + timedelta(days=day)).isoformat()
        lines.append(f"p{n},u{who},{at},{words},{f'p{n - 1}' if n % 3 else ''}")
    path.write_text("\n".join(lines) + "\n")
    return path


def community() -> list[tuple[int, float, str]]:
    """Over 400 days: 45 who stay at a rhythm of their own, 45 who come and go within some weeks."""
    rng = random.Random(5)
    acts = []
    for who in range(90):
        start = rng.uniform(0, 60 if who % 3 else 250)
        day, end = start, 400.0 if who % 2 else start + rng.uniform(5, 60)
        while day < end:
            acts.append((who, day, SAID[rng.randrange(3)].replace(",", " ")))
            day += rng.expovariate(1 / 25) + 0.01
    return acts


def told_of(call, path: Path, *words: str):
    assert call("import", path, "-c", "forum").code == 0
    listening.listen()
    engagement.refresh()
    return call("validate", *words)


@SQLITE
def test_a_year_of_a_community_is_measured_kept_and_written(installed, call, tmp_path):
    path = written(tmp_path / "forum.csv", community())
    page = tmp_path / "validity.html"
    found = told_of(call, path, "--json", "--lang", "en", "--html", page)
    assert found.code == 0
    told = found.json
    assert (told["outcome"], told["scope"]) == ("measured", "forum")
    baselines = "prevalence like_count frequency recency rfm bg_nbd".split()
    assert list(told["baselines"]) == baselines
    assert {"without_affect", "affect_alone", "affect_dealt", "rhythm_only"} <= set(told["ablations"])
    assert "random feelings" in " ".join(told["words"])
    assert told["placebo"]["auc_lead"]["low"] <= told["placebo"]["auc_lead"]["high"]
    assert (told["heard"]["toward"], told["toward"]) == (0, None), "no brand is listed"
    assert told["heard"]["texts"] >= told["heard"]["tone"] > 0
    for scores in (told["durability"], *told["baselines"].values(), *told["ablations"].values()):
        for score in ("auc", "brier"):
            assert scores[score]["low"] <= scores[score]["value"] <= scores[score]["high"]
    for scores in told["baselines"].values():
        assert scores["auc_lead"]["low"] <= scores["auc_lead"]["high"]
    assert told["affect"][0]["name"] == "overall"
    assert {part["name"] for part in told["affect"][1:]} <= {"little", "middling", "much"}, (
        "those of few are left out"
    )
    assert sum(cut["n"] for cut in told["cuts"]) == told["n"]
    assert told["expected"]["low"] <= told["expected"]["expected"] <= told["expected"]["high"]
    assert told["words"][-1].startswith(f"Of {told['expected']['people']} people active in the last 180 days")

    html = page.read_text()
    assert html.count("<svg") == 2
    assert "<script" not in html
    assert told["words"][0].replace("’", "") in html.replace("\u2060", "").replace("’", "").replace(
        "&#x27;", "’"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope, told FROM engagement_validityreport")
        ((scope, kept),) = cursor.fetchall()
    assert scope == "forum"
    assert json.loads(kept)["durability"] == told["durability"]


SHORT = {
    "one person": (
        [(1, day * 4.0, "Bonjour") for day in range(100)],
        "too_few_outcomes",
        "20 people came again",
    ),
    "one day": ([(who, who / 50, "Bonjour") for who in range(40)], "too_few_cuts", "There are 0 so far."),
    "no text": (
        [(who, day * 9.0, "") for day in range(12) for who in range(30)],
        "too_few_cuts",
        "about a year",
    ),
}


@SQLITE
@pytest.mark.parametrize("case", list(SHORT))
def test_a_history_that_is_too_short_is_told_and_no_error(installed, call, tmp_path, case):
    acts, reason, words = SHORT[case]
    path = written(tmp_path / "forum.csv", acts)
    found = told_of(call, path, "--json", "--lang", "en")
    told = found.json
    assert (found.code, told["outcome"], told["reason"]) == (0, "too_short", reason)
    assert words in " ".join(told["words"])
    assert told["expected"]["outcome"] != "told"


@SQLITE
def test_nothing_at_all_and_a_channel_that_is_not_there(installed, call):
    told = call("validate", "--json")
    assert (told.code, told.json["outcome"], told.json["reason"]) == (0, "too_short", "no_acts")
    assert call("validate").code == 0
    lost = call("validate", "--channel", "nowhere")
    assert (lost.code, "nothing-to-validate" in lost.err) == (2, True)
    assert call("validate", "--lang", "de").code == 2
