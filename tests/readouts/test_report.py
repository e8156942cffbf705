"""Sections, numbers in words, JSON, terminal and the mailed page."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override
from readouts import told
from rich.console import Console

from estime.readouts import wording
from estime.readouts.html import html_page
from estime.readouts.json import as_json
from estime.readouts.pages import view_build
from estime.readouts.shapes import Report, Section, plain
from estime.readouts.terminal import terminal_report

ReportIn = Callable[..., Report]
SECTIONS = [
    "active-share", "answers", "presence", "split", "retention", "words-deeds", "behaviour", "reciprocity",
]  # fmt: skip


def test_a_community_has_every_section_and_each_says_what_to_look_at(report_in: ReportIn) -> None:
    report = report_in("en")
    assert [section.id for section in report.sections] == SECTIONS
    assert all(section.sentence and section.title and section.definition for section in report.sections)


def test_a_brand_page_has_its_own_sections(report_in: ReportIn) -> None:
    posts = [told.figure("active_share", "all", n=0, period=date(2016, 5, 2))]
    nobody = [*told.active(0, 0, None, "unknown")[:1], *posts, told.figure("words_deeds", "broadcasts", 2)]
    report = report_in("fr", [*told.brand_page(), *nobody])
    assert "Pour 1" in report.truth.text
    assert [section.id for section in report.sections] == ["likes-hide", "passed-on"]


def test_cohorts_of_fewer_than_ten_people_are_not_shown(report_in: ReportIn) -> None:
    retention = next(section for section in report_in("en").sections if section.id == "retention")
    assert retention.table is not None
    assert [row.head for row in retention.table.rows] == ["January 2026"]
    assert "fewer than ten" in retention.note


def test_the_worst_rank_correlation_is_never_rounded_up(report_in: ReportIn) -> None:
    behaviour = next(section for section in report_in("en").sections if section.id == "behaviour")
    assert "at least 0.997." in plain(behaviour.finding)
    with override("en"):
        assert [wording.correlation(value) for value in (1.0, 0.99996, 0.9984)] == ["1", "0.999", "0.998"]


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.0, "0 %", "0 %"),
        (1.0, "100 %", "100 %"),
        (0.014, "1.4 %", "1,4 %"),
        (0.00001, "< 0.01 %", "< 0,01 %"),
        (0.0004, "0.04 %", "0,04 %"),
        (0.99999, "> 99.9 %", "> 99,9 %"),
        (0.577, "58 %", "58 %"),
    ],
)
def test_shares_in_words(share: float, english: str, french: str) -> None:
    for lang, expected in (("en", english), ("fr", french)):
        with override(lang):
            assert wording.percent(share) == expected.replace(" ", "\u00a0")


def test_days_and_durations_in_words() -> None:
    with override("fr"):
        assert wording.day(told.AS_OF.date().replace(month=8, day=1)) == "1er\u00a0août\u00a02026"
        assert wording.duration(3.2) == "3,2\u00a0h"
        assert wording.duration(100) == "4\u00a0jours"
    with override("en"):
        assert wording.duration(0.5) == "30\u00a0min"
        assert wording.duration(75) == "3\u00a0days"


def test_an_interval_never_reads_like_a_point() -> None:
    with override("en"):
        assert wording.rate_interval(20.61, 21.08) == "20.6\u00a0–\u00a021.1"
        assert wording.percent_interval(0.121, 0.124) == "12.1\u00a0–\u00a012.4\u00a0%"


def test_json_holds_what_is_said_and_every_figure(report_in: ReportIn) -> None:
    report = report_in("fr")
    told_json = json.loads(json.dumps(as_json(report)))
    assert told_json["truth"] == report.truth.text
    assert [section["id"] for section in told_json["sections"]] == SECTIONS
    assert len(told_json["figures"]) == len(report.figures)
    week = next(f for f in told_json["figures"] if f["measure"] == "active_share")
    assert week["period"] == "2026-03-02"
    assert week["n"] == 174


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", [told.community, told.brand_page])
def test_the_terminal_report_fits_in_80_columns_without_colour(
    report_in: ReportIn, lang: str, kind: Callable[[], list[told.Figure]]
) -> None:
    out = io.StringIO()
    report = report_in(lang, kind())
    Console(file=out, width=80, no_color=True, force_terminal=False).print(terminal_report(report))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(out.getvalue().split())
    for section in report.sections:
        assert section.title in text
    assert not [line for line in lines if line.lstrip().startswith(("%", ";", "–"))]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_mailed_page_asks_nothing_of_the_network(report_in: ReportIn, lang: str) -> None:
    page = html_page(report_in(lang), definitions="https://example.org/{measure}")
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in page
    assert not re.findall(r"<(?:script|link|img|iframe|object)\b", page)
    assert "@import" not in page
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", page)
    assert " src=" not in page
    links = re.findall(r'(<\w+)[^>]*\bhref="(?!#)', page)
    assert set(links) == {"<a"}
    assert page.count("<svg") == len(report_in(lang).charts())


def test_what_people_wrote_is_escaped(report_in: ReportIn) -> None:
    page = html_page(report_in("en"))
    assert "names &lt;hashed&gt;" in page
    assert "<hashed>" not in page


def test_every_truth_link_has_its_target(report_in: ReportIn) -> None:
    page = html_page(report_in("fr"))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page


def test_a_page_without_its_charts_says_it_is_not_complete(report_in: ReportIn) -> None:
    report = report_in("en")
    assert not view_build(report, {}).complete
    assert view_build(report, {section: "<svg/>" for section, _chart in report.charts()}).complete


@pytest.mark.parametrize("kind", [told.community, told.brand_page])
def test_every_section_has_its_definition_in_the_docs(
    report_in: ReportIn, kind: Callable[[], list[told.Figure]]
) -> None:
    measures = Path(__file__).parents[2] / "docs" / "measures"
    for section in report_in("en", kind()).sections:
        assert (measures / f"{section.definition}.md").is_file(), section.id


def section(report: Report, name: str) -> Section:
    return next(section for section in report.sections if section.id == name)


def cells(section: Section) -> list[tuple[str, ...]]:
    assert section.table is not None
    return [tuple(cell.replace("\u00a0", " ") for cell in row.cells) for row in section.table.rows]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "spoke 34 times. No reply is recorded here, so whether it answers is not known."),
        (
            "fr",
            "a pris 34 fois la parole. Aucune réponse n’est enregistrée ici : on ne sait donc pas si elle",
        ),
    ],
)
def test_where_no_reply_is_recorded_the_brand_is_not_said_to_answer_nothing(
    report_in: ReportIn, lang: str, said: str
) -> None:
    spoke = [told.figure("words_deeds", "broadcasts", 34), told.figure("words_deeds", "answers", 0)]
    none = told.figure("words_deeds", "answer_share", 0.0, n=0, d=34, ends=(0.0, 0.1))
    report = report_in(lang, [*told.active(), *spoke, none, told.figure("replies", "unknown", 0)])
    words = section(report, "words-deeds")
    assert said in plain(words.finding).replace("\u00a0", " ")
    assert words.chart is None
    assert words.table is None
    assert "answers" not in {one.id for one in report.sections}


def test_a_share_of_few_has_no_false_decimal_and_has_its_interval(report_in: ReportIn) -> None:
    one = told.figure("retention", "1", 1 / 16, n=1, d=16, period=date(2026, 1, 1), ends=(0.011, 0.283))
    table = section(report_in("en", [*told.active(), one]), "retention").table
    assert table is not None
    assert table.rows[0].cells[2] == "6\u00a0%"
    assert table.rows[0].under[2] == "1\u00a0–\u00a028\u00a0%"


def test_presence_shares_have_their_interval(report_in: ReportIn) -> None:
    figures = [told.figure("presence", "gone", 0.44, n=14, d=32, ends=(0.28, 0.61))]
    presence = section(report_in("en", [*told.active(), *figures]), "presence")
    assert cells(presence) == [("gone", "14", "44 %", "28 – 61 %")]
    assert presence.chart is not None
    assert presence.chart.marks[0][2:4] == (0.28, 0.61)
    assert "thin line" in presence.legend


def test_a_chart_of_the_last_year_says_how_much_it_leaves_out(report_in: ReportIn) -> None:
    weeks = [
        told.figure("active_share", "all", n=3, period=date(2024, 1, 1) + timedelta(weeks=number))
        for number in range(70)
    ]
    assert "Shown are the last 53 weeks of 70." in section(report_in("en", weeks), "active-share").legend


def test_a_single_week_is_not_told_as_a_span(report_in: ReportIn) -> None:
    figures = [told.figure("active_share", "all", n=3, period=date(2024, 1, 1))]
    out = io.StringIO()
    Console(file=out, width=80, no_color=True).print(terminal_report(report_in("en", figures)))
    assert "the week from 1\u00a0January\u00a02024" in out.getvalue()


def test_an_interval_is_not_broken_across_lines(report_in: ReportIn) -> None:
    page = html_page(report_in("en"))
    assert "1.1\u00a0–\u2060\u00a01.7\u00a0%" in page
