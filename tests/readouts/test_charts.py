"""Charts: legible, without style attributes, serving light and dark, each with a text alternative."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import altair as alt
import pytest
from jsonschema import ValidationError
from readouts import told

from estime.readouts.charts import VARIABLES, chart_svg, specification
from estime.readouts.shapes import Report

ReportIn = Callable[..., Report]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    from estime.readouts.report import report_of

    svgs = {}
    for lang in ("en", "fr"):
        for kind in (told.community, told.brand_page):
            info = told.scope()
            report = report_of(told.edition(info), info, lang, kind())
            svgs |= {f"{lang}-{name}": chart_svg(c, name=name, lang=lang) for name, c in report.charts()}
    return svgs


def test_every_chart_is_an_image_with_words(drawn: dict[str, str]) -> None:
    assert len(drawn) == 14
    for name, svg in drawn.items():
        root = ElementTree.fromstring(svg)  # noqa: S314  our own
        assert root.get("role") == "img", name
        assert len(root.get("aria-label", "")) > 20, name
        assert root.get("viewBox")


def test_what_is_drawn_is_as_the_schema_says(report_in: ReportIn) -> None:
    """Drawing itself does not check it: a property that Vega-Lite does not know would be left out in silence."""
    charts = [
        chart
        for figures in (told.community(), told.brand_page())
        for _, chart in report_in("fr", figures).charts()
    ]
    assert {chart.kind for chart in charts} == {"lines", "bars", "dots"}
    for chart in charts:
        spec = specification(chart)
        alt.LayerChart.from_dict(spec)
        spec["layer"][0]["encoding"]["x"]["nosuch"] = 1
        with pytest.raises(ValidationError):
            alt.LayerChart.from_dict(spec)


def test_no_style_attribute_no_font_no_fixed_colour(drawn: dict[str, str]) -> None:
    for name, svg in drawn.items():
        assert " style=" not in svg, name
        assert "font-family" not in svg, name
        assert not any(sentinel in svg for sentinel in VARIABLES), name
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
        assert {colour for colour in colours if not colour.startswith("var(")} <= {"none", "transparent"}, (
            name
        )


def test_text_is_large_enough_on_a_narrow_screen(drawn: dict[str, str]) -> None:
    for name, svg in drawn.items():
        root = ElementTree.fromstring(svg)  # noqa: S314  our own
        width = float(root.get("viewBox", "").split()[2])
        sizes = [float(size.removesuffix("px")) for size in re.findall(r'font-size="([^"]+)"', svg)]
        assert min(sizes) * 328 / width >= 13, name


def test_numbers_and_months_are_in_the_language(drawn: dict[str, str]) -> None:
    assert "févr" in drawn["fr-active-share"] or "mars" in drawn["fr-active-share"]
    assert "1,5\u00a0%" in drawn["fr-active-share"] or "1,0\u00a0%" in drawn["fr-active-share"]
    assert "1.0\u00a0%" in drawn["en-active-share"]


def test_the_digest_follows_the_picture(report_in: ReportIn) -> None:
    chart = dict(report_in("en").charts())["answers"]
    assert chart.digest("en", "1") == dict(report_in("en").charts())["answers"].digest("en", "1")
    assert chart.digest("en", "1") != chart.digest("fr", "1")
    assert chart.digest("en", "1") != chart.digest("en", "2")


@pytest.mark.parametrize("people", [0, 1, 250_000])
def test_extremes_are_drawn(report_in: ReportIn, people: int) -> None:
    for figures in (told.active(people, 0, None, "unknown"), told.active(min(people, 5), 0, 5, "known")):
        chart = dict(report_in("en", figures).charts())["active-share"]
        assert "NaN" not in chart_svg(chart, name="x", lang="en")


def test_a_scale_that_is_not_linear_says_so(drawn: dict[str, str]) -> None:
    assert "Square-root scale" in drawn["en-likes-hide"]
    assert "Échelle en racine carrée" in drawn["fr-passed-on"]


def test_no_label_stands_outside_its_picture(report_in: ReportIn) -> None:
    nobody = [told.figure("presence", "gone", 0.0, n=0, d=380, ends=(0.0, 0.01))]
    chart = dict(report_in("fr", [*told.active(), *nobody]).charts())["presence"]
    root = ElementTree.fromstring(chart_svg(chart, name="x", lang="fr"))  # noqa: S314  our own
    width = float(root.get("viewBox", "").split()[2])
    shifts = [float(x) for x in re.findall(r"translate\((-?[\d.]+),", ElementTree.tostring(root).decode())]
    assert max(shifts) <= width
