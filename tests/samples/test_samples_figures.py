"""Protects the figures of every sample: each is computed once more, in plain Python over the raw files."""

import math
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from plain import Found, figures, page_rates, wilson
from processes import need
from raw import MANIFEST, SAMPLES, Act, forum, page_posts, sample_acts
from sampled import FORUM_PATH, WHERE, forum_there

pytestmark = pytest.mark.slow
Reports = dict[tuple[str, str], dict[str, Any]]
COMPARED = (
    "acts active_share active_share_7d reach presence lost_waiting retention top_share absence_factor behaviour"
    " rank_stability replies horizontality reciprocity words_deeds first_response unanswered owed"
).split()
RATES = [f"{deed}_per_1000_likes{end}" for deed in ("comments", "shares") for end in ("", "_page")]
CHANNELS = {sample["channel"]: sample for sample in MANIFEST["samples"]}
PAGES = [name for name, sample in CHANNELS.items() if sample["format"] == "insights"]


@pytest.fixture(scope="session")
def raw() -> dict[str, list[Act]]:
    return sample_acts()


def told(reports: Reports, scope: str, measures: list[str]) -> Found:
    """The report's figures in the shape of those computed here."""
    found: Found = {}
    for figure in reports[scope, "en"]["figures"]:
        if figure["measure"] in measures:
            period = date.fromisoformat(figure["period"]) if figure["period"] else None
            key = (figure["measure"], period, figure["label"])
            assert key not in found
            found[key] = tuple(figure[name] for name in ("value", "low", "high", "n", "d"))
    return found


def compare(found: Found, wanted: Found) -> None:
    assert found.keys() == wanted.keys(), sorted(found.keys() ^ wanted.keys(), key=str)[:9]
    wrong = [
        (key, found[key], wanted[key])
        for key in wanted
        if not all(
            theirs == "~" or same(mine, theirs) for mine, theirs in zip(found[key], wanted[key], strict=True)
        )
    ]
    assert not wrong, f"{len(wrong)} differ: {wrong[:9]}"


def same(mine: float | None, theirs: Any) -> bool:
    if isinstance(theirs, tuple):
        return mine is not None and min(theirs) <= mine + 1e-9 and mine - 1e-9 <= max(theirs)
    if mine is None or theirs is None:
        return mine is theirs
    return math.isclose(mine, theirs, rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize("name", CHANNELS)
def test_figures_of_a_shipped_sample(reports: Reports, raw: dict[str, list[Act]], name: str) -> None:
    last = max(act.when for act in raw[name])
    report = reports[name, "en"]
    assert datetime.fromisoformat(report["as_of"]) == last
    assert report["archive"]
    compare(told(reports, name, COMPARED), figures(raw[name], last))


@pytest.mark.parametrize("name", PAGES)
def test_rates_of_a_brand_page(reports: Reports, name: str) -> None:
    compare(told(reports, name, RATES), page_rates(page_posts(SAMPLES / CHANNELS[name]["path"])))


def test_figures_of_the_forum(reports: Reports) -> None:
    need(forum_there(), WHERE)
    acts = forum(FORUM_PATH)
    assert len(acts) == 40_194
    compare(told(reports, "forum", COMPARED), figures(acts, max(act.when for act in acts)))


def test_figures_of_all_channels_together(reports: Reports, raw: dict[str, list[Act]]) -> None:
    acts = [act._replace(who=f"{name} {act.who}") for name, some in raw.items() for act in some]
    if forum_there():
        acts += forum(FORUM_PATH)
    wanted = figures(acts, max(act.when for act in acts))
    skipped = ("active_share", "active_share_7d", "reach")  # reach of all together has rules of its own
    wanted = {key: value for key, value in wanted.items() if key[0] not in skipped}
    compare(told(reports, "*", [name for name in COMPARED if name not in skipped]), wanted)


def test_the_slack_once_more_by_hand(reports: Reports, raw: dict[str, list[Act]]) -> None:
    """One week of it, counted without any of the functions above but Wilson's interval."""
    week = date(2015, 6, 8)
    start, end = datetime(2015, 6, 8, tzinfo=UTC), datetime(2015, 6, 15, tzinfo=UTC)
    acts = [act for act in raw["houston-slack"] if not act.brand]
    joined = {act.who for act in acts if act.kind == "Join" and act.when < end}
    did = {act.who for act in acts if act.kind not in ("Join", "Leave") and start <= act.when < end}
    reached = len(joined | did)
    assert not [act for act in acts if act.kind == "Leave" and act.when < end]
    wanted = (len(did) / reached, *wilson(len(did), reached), len(did), reached)
    found = told(reports, "houston-slack", ["active_share"])["active_share", week, "all"]
    assert all(same(mine, theirs) for mine, theirs in zip(found, wanted, strict=True))


def test_every_report_tells_its_truth_in_both_languages(reports: Reports) -> None:
    for (scope, lang), report in reports.items():
        truth = report["truth"]
        assert len(truth) > 40, (scope, lang, truth)
        assert "None" not in truth
        assert "{" not in truth
        other = reports[scope, "en" if lang == "fr" else "fr"]
        assert truth != other["truth"]
        assert report["figures"] == other["figures"]
        assert report["attribution"] or scope == "forum"


def test_the_truth_says_what_the_figures_say(reports: Reports) -> None:
    """The number of the week's active persons, or the share of them, stands in the opening sentence."""
    for (scope, lang), report in reports.items():
        if scope in PAGES:
            rate = told(reports, scope, RATES)["comments_per_1000_likes_page", None, ""][0]
            assert (
                f"{rate:.0f}" in report["truth"]
                or f"{rate:.1f}".replace(".", "," * (lang == "fr") or ".") in (report["truth"])
            ), (scope, report["truth"])
            continue
        if scope == "*":  # tells of the channels that know their reach, each as of its own end
            share = told(reports, "houston-slack", ["active_share_7d"])["active_share_7d", None, "all"][0]
            assert f"{100 * share:.1f}".replace(".", "," if lang == "fr" else ".") in report["truth"]
            continue
        value, _, _, n, d = told(reports, scope, ["active_share_7d"])["active_share_7d", None, "all"]
        first = re.sub(r"[\s\u00a0\u202f]", "", report["truth"].splitlines()[0])
        if not n:
            continue
        if value is None:
            assert f"{n:.0f}p" in first, (scope, first)
        else:
            assert f"{d:.0f}m" in first, (scope, first)
            assert f"{100 * value:.1f}".replace(".", "," if lang == "fr" else ".") in first, (scope, first)
