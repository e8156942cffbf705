"""What the validity report says in words: a success, a null result and a harm with the same weight; nothing of few."""

from xml.etree import ElementTree

import altair as alt
import pytest
from django.utils.translation import override
from readouts.told_validity import measured, scores, too_short

from estime.readouts.charts import chart_svg, specification
from estime.readouts.sections.felt import affect_words
from estime.readouts.sections.validity import lead_words
from estime.readouts.shapes import Section, plain
from estime.readouts.validity import sentences, validity_report
from estime.readouts.validity_words import BETTER, OPEN, WORSE, both

pytestmark = pytest.mark.django_db


def sections(told: dict, lang: str = "en") -> dict[str, Section]:
    return {section.id: section for section in validity_report(told, lang).sections}


@pytest.mark.parametrize(
    ("gained", "words"),
    [
        (0.02, "adds to what they do: with it"),
        (0.0, "adds nothing that can be shown"),
        (-0.02, "makes it worse"),
    ],
)
def test_what_affect_adds_is_said_in_the_paragraph_whatever_it_is(gained: float, words: str) -> None:
    told = measured(affect=gained)
    assert words in " ".join(sentences(told))
    found = sections(told)["validity-affect"]
    assert words in plain(found.finding)
    assert found.table is not None
    assert [row.head for row in found.table.rows][4:] == [
        "Toward the brand, by itself",
        "Alone, over random feelings",
    ]
    assert "Alone, what texts feel like has an AUC of 0.670" in found.note
    assert "the same readings have 0.690" in found.note


@pytest.mark.parametrize(
    ("lead", "words", "writes"),
    [
        (0.02, "tells more than as many random feelings", False),
        (0.0, "tells nothing that can be shown beyond as many random feelings", True),
        (-0.02, "tells less than as many random feelings", True),
    ],
)
def test_feelings_beside_random_ones_whatever_comes_of_it(lead: float, words: str, writes: bool) -> None:
    told = measured(placebo=lead)
    for said in (" ".join(sentences(told)), plain(sections(told)["validity-affect"].finding)):
        assert words in said
        assert ("how much somebody writes, not what they feel" in said) is writes
    few = " ".join(sentences({**told, "few": True}))
    assert "tells nothing that can be shown" in few
    assert "how much somebody writes" not in few


@pytest.mark.parametrize(
    ("toward", "words"),
    [
        (800, "on what 800 of them feel toward the brand"),
        (0, "of none is it known what it feels toward the brand"),
        (None, "too few people wrote of the brand"),
    ],
)
def test_what_was_tested_is_said_and_on_how_many_texts(toward: int | None, words: str) -> None:
    told = measured()
    told["heard"] = {**told["heard"], "toward": toward}
    told |= {} if toward else {"toward": None}
    said = " ".join(sentences(told))
    assert "Tested on the tone of 9,000 texts" in said
    assert words in said
    assert ("What is felt toward the brand, by itself, adds nothing" in said) is bool(toward)


def test_a_report_made_before_there_was_a_placebo_still_opens() -> None:
    told = measured()
    for name in ("placebo", "toward", "heard"):
        del told[name]
    for name in ("affect_dealt", "without_tone"):
        del told["ablations"][name]
    told["calibration"] = {"slope": 0.98, "intercept": -0.05, "bins": told["calibration"]["bins"]}
    assert "(slope 0.98; 1 is honest)" in plain(sections(told)["validity-calibration"].finding)
    assert "random feelings" not in " ".join(sentences(told))


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        ((0.98, 0.9, 1.06), "can be taken as it stands (slope 0.98 (0.90"),
        ((0.7, 0.5, 0.9), "too sure of itself"),
        ((0.7, 0.4, 1.1), "is left open"),
        ((1.4, 1.1, 1.7), "too timid"),
    ],
)
def test_what_the_slope_says_holds_with_its_interval(slope: tuple[float, ...], words: str) -> None:
    told = measured()
    told["calibration"] |= dict(zip(("slope", "slope_low", "slope_high"), slope, strict=True))
    found = sections(told)["validity-calibration"]
    assert words in plain(found.finding).replace("\u00a0", " ")
    assert "Intercept −0.05 (−0.20" in found.note


def test_what_affect_does_within_thirds_is_said_for_harm_as_for_gain() -> None:
    told = measured()
    told["affect"][1]["without"] = scores(0.83, 0.12, -0.02)
    said = "Within no third of behaviour does it add anything that can be shown. It makes it worse within: The third"
    assert said in " ".join(sentences(told))
    told["affect"][2]["without"] = scores(0.83, 0.12, 0.02)
    assert "it adds to: The third in the middle. It makes it worse within: The third that did least" in plain(
        sections(told)["validity-affect"].finding
    )


def test_what_affect_adds_is_said_with_its_figures() -> None:
    assert "(AUC +0.0200 (+0.0160 to +0.0240); Brier 0.0000 (" in affect_words(measured(affect=0.02))


def test_of_few_nothing_is_claimed_whatever_the_intervals_say() -> None:
    told = {**measured(affect=0.02, rfm=0.02), "few": True}
    said = " ".join(sentences(told))
    assert "is left open" in said
    assert "adds nothing that can be shown" in said
    assert "it adds to" not in said
    assert "Of no single kind" in plain(sections(told)["validity-evidence"].finding)


def test_a_kind_of_evidence_that_harms_is_named_as_one_that_helps() -> None:
    told = measured()
    told["ablations"]["without_likes"] = scores(0.85, 0.11, -0.02)
    found = plain(sections(told)["validity-evidence"].finding)
    assert found == "It tells worse without one’s own rhythm. It tells better without likes."


def test_without_texts_that_is_said_too() -> None:
    assert "is not known here" in affect_words({**measured(), "affect": []})


@pytest.mark.parametrize(
    ("lead", "words"), [(0.02, "That is better"), (0.0, "is left open"), (-0.02, "is better here")]
)
def test_against_the_usual_way(lead: float, words: str) -> None:
    assert words in lead_words(measured(rfm=lead))


def test_order_and_closeness_must_not_contradict_each_other() -> None:
    assert both(scores(0.8, 0.1, 0.02, 0.0)) == BETTER
    assert both(scores(0.8, 0.1, 0.0, -0.02)) == WORSE
    assert both(scores(0.8, 0.1, 0.02, -0.02)) == OPEN
    assert both({"auc_lead": {"value": 0.1, "low": None, "high": None}}) == OPEN


def test_a_short_history_says_what_it_takes_in_both_languages() -> None:
    report = validity_report(too_short(), "fr")
    assert [section.id for section in report.sections] == ["durability"]
    assert "Il y en a 1 à ce jour." in report.truth.text
    assert "There are 1 so far." in validity_report(too_short(), "en").truth.text


def test_few_outcomes_come_first_and_no_slope_is_told_of_them() -> None:
    told = {**measured(), "few": True}
    assert sentences(told)[0].startswith("So few people")
    assert sections(told)["validity-calibration"].finding == ()


def test_a_moment_of_few_people_is_not_told_and_groups_are() -> None:
    found = sections(measured())
    rows = found["validity-cuts"].table.rows
    assert rows[1].cells[1:] == ("too few to be told", "", "", "", "")
    assert "At 1 moment there was too little" in found["validity-cuts"].note
    assert [row.head for row in found["durability"].table.rows] == ["Attached and active", "Not known"]
    assert "Of 250 people active in the last 180 days, about 90 (70 to 110)" in plain(
        found["durability"].finding
    )


def test_an_untested_expectation_says_so() -> None:
    told = too_short()
    told["expected"] = {**measured()["expected"], "tested": False}
    assert "too short to test it" in sections(told)["durability"].note


def test_the_picture_of_calibration_is_what_vega_knows_and_names_what_came() -> None:
    chart = sections(measured())["validity-calibration"].chart
    assert chart is not None
    alt.LayerChart.from_dict(specification(chart))
    svg = chart_svg(chart, name="validity-calibration", lang="en")
    ElementTree.fromstring(svg)  # noqa: S314  our own
    assert "style=" not in svg
    assert "said 34\u00a0%, came 33\u00a0%" in chart.alt


def test_french_is_whole() -> None:
    told = measured()
    with override("en"):
        english = set(validity_report(told, "en").truth.text.split(". "))
    french = validity_report(told, "fr")
    assert not english & set(french.truth.text.split(". "))
    for one, other in zip(validity_report(told, "en").sections, french.sections, strict=True):
        assert one.title != other.title
        assert one.sentence != other.sentence
