"""What the readout says of the map: a sentence first, what is hidden said to be hidden, no cause made up."""

from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

import altair as alt
import pytest
from readouts import told
from readouts.told_map import QUARTERS, hidden, mapped, of

from estime.readouts.charts import CELLS as PLACES
from estime.readouts.charts import HEIGHT, WIDTH, chart_svg, specification
from estime.readouts.flows import TALL, flows_of
from estime.readouts.report import MAPPED
from estime.readouts.sections.map import CELLS
from estime.readouts.shapes import Report, Section, plain

ReportIn = Callable[..., Report]


def sections(report: Report) -> dict[str, Section]:
    return {section.id: section for section in report.sections}


def test_the_map_opens_with_a_sentence_and_tells_its_interval(report_in: ReportIn) -> None:
    found = sections(report_in("en", [*told.community(), *mapped()]))
    assert [name for name in MAPPED if name in found] == list(MAPPED)
    finding = plain(found["map"].finding)
    assert finding.startswith("Of 412 people active in 90 days, what they feel is known well enough of 206.")
    assert "are attached (" in finding
    assert "active critics (" in finding
    assert "412" in [span.text for span in found["map"].finding if span.acts]
    french = plain(sections(report_in("fr", mapped()))["map"].finding)
    assert french.startswith("Sur 412 personnes actives en 90 jours")


def test_what_went_before_losses_is_told_as_association_and_also_when_there_is_none(
    report_in: ReportIn,
) -> None:
    asked = [*mapped(), *told.replies()]
    losses = plain(sections(report_in("en", asked))["before-losses"].finding)
    assert "Of 60 people who asked and then left, 52\u00a0% had no answer within a week" in losses
    assert "which proves no cause" in losses
    assert "Refusals without a reason: too few" in losses
    nothing = [f for f in asked if f.label != "late_difference"]
    even = told.figure("map_before_loss", "late_difference", 0.02, ends=(-0.1, 0.14))
    assert "No difference that chance could not make" in plain(
        sections(report_in("en", [*nothing, even]))["before-losses"].finding
    )
    few = [*hidden(), *told.replies()]
    assert "too few of those who left" in plain(sections(report_in("en", few))["before-losses"].finding)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "No reply is recorded here, so who waited for an answer is not known. Refusals"),
        ("fr", "Aucune réponse n’est enregistrée ici : on ne sait donc pas qui en attendait une. "),
    ],
)
def test_where_no_reply_is_recorded_nobody_is_said_to_have_waited(
    report_in: ReportIn, lang: str, said: str
) -> None:
    losses = plain(sections(report_in(lang, mapped()))["before-losses"].finding).replace("\u00a0", " ")
    assert losses.startswith(said)
    assert "52 %" not in losses


def test_hidden_cells_are_not_told_as_nought(report_in: ReportIn) -> None:
    section = sections(report_in("en", hidden()))["map"]
    assert section.chart is not None
    assert section.table is not None
    labels = {mark.series: mark.label for mark in section.chart.marks}
    assert labels["Active critic"] == "not told"
    assert labels["Attached, quiet"].startswith("0")
    cells = {row.cells[0]: row.cells[1] for row in section.table.rows}
    assert cells["Detached"] == "not told"
    assert cells["Cells that are not told, together"] == "12"
    assert "Too little is known" in plain(section.finding)
    assert "nor is one that would give it away" in section.note
    assert not set(MAPPED) & set(sections(report_in("en", told.community())))


def test_moves_are_drawn_for_the_last_quarter_and_told_for_all(report_in: ReportIn) -> None:
    section = sections(report_in("en", mapped()))["map-moves"]
    assert section.table is not None
    assert section.chart is not None
    rows = [row.cells for row in section.table.rows]
    assert rows[1][:6] == ("Q4\u00a02025", "Not there before", "Not known", "60", "90", "67\u00a0%")
    assert [row[0] for row in rows].count("Q3\u00a02025") == 2
    assert not any("Here for the offer" in row[1] for row in rows), "what is not told is no row"
    assert "Q4\u00a02025" in section.sentence
    assert plain(section.finding) == (
        "The largest move: 30 people of 90, from “Not there before” to “Here for the offer”."
    )
    drawn = {mark.series for mark in section.chart.marks}
    assert len(drawn) == 9
    assert "Active critic → Left" in drawn


def test_bands_are_as_broad_as_people_are_many_and_stay_inside(report_in: ReportIn) -> None:
    chart = sections(report_in("en", mapped()))["map-moves"].chart
    assert chart is not None
    places, bands, height = flows_of(chart.marks, chart.names, (100.0, 200.0))
    left = {place["name"]: place["people"] for place in places if place["side"] == 0}
    assert left["Attached and active"] == 56
    assert "Left" not in left
    widths = {band["band"]: band["bottom"] - band["top"] for band in bands}
    assert sum(widths.values()) == pytest.approx(TALL)
    for side, x in ((0, 100.0), (1, 200.0)):
        ends = sorted((band["top"], band["bottom"]) for band in bands if band["x"] == x)
        assert all(one[1] <= other[0] + 1e-6 for one, other in pairwise(ends)), "no band lies on another"
        for top, bottom in ends:
            own = [
                p
                for p in places
                if p["side"] == side and p["top"] <= top + 1e-6 and bottom <= p["bottom"] + 1e-6
            ]
            assert len(own) == 1
    assert max(place["bottom"] for place in places) <= height + 1e-6
    alt.LayerChart.from_dict(specification(chart))
    svg = chart_svg(chart, name="moves", lang="en")
    assert "Attached and active" in svg
    assert "140" in svg
    assert " style=" not in svg


def test_nobody_moved_is_told(report_in: ReportIn) -> None:
    stayed = [of("map_moves", "unknown>unknown", 40, 40, QUARTERS[-1])]
    section = sections(report_in("en", [*mapped()[:6], *stayed]))["map-moves"]
    assert plain(section.finding) == "Nobody moved, as far as it can be told."


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_picture_holds_its_words_and_its_areas(report_in: ReportIn, lang: str) -> None:
    section = sections(report_in(lang, mapped()))["map"]
    assert section.chart is not None
    assert len(section.chart.marks) == len(CELLS) == len(PLACES)
    alt.LayerChart.from_dict(specification(section.chart))
    svg = chart_svg(section.chart, name="map", lang=lang)
    root = ElementTree.fromstring(svg)  # noqa: S314  our own
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    for mark in section.chart.marks:
        assert mark.series in texts
        assert mark.label in texts
        assert mark.label in root.get("aria-label", "")
    assert " style=" not in svg
    for left, top, height in PLACES:
        assert 0 <= left < WIDTH
        assert top + height <= HEIGHT


def test_everybody_in_one_cell_fits(report_in: ReportIn) -> None:
    one = [of("map", label, 50 if label == "unknown" else 0, 50) for label in CELLS]
    section = sections(report_in("en", one))["map"]
    assert section.chart is not None
    assert "100" in chart_svg(section.chart, name="map", lang="en")
