"""Sections, numbers in words, JSON, terminal and the mailed page."""

import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override
from readouts import told
from rich.console import Console

from estime.readouts import wording
from estime.readouts.html import html_page
from estime.readouts.json import as_json
from estime.readouts.pages import view_build
from estime.readouts.shapes import Report, plain
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
