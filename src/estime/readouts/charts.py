"""Charts as SVG, drawn by Vega through Altair and vl-convert. Never imported by a page.

Colours are drawn as sentinels and then named as CSS variables, so that one picture serves paper and screen,
light and dark. Nothing in the SVG is a style attribute: the content security policy would drop it.
"""

import re
from functools import cache
from html import escape
from importlib.resources import as_file, files
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from estime.readouts.flows import flows_of
from estime.readouts.shapes import Chart, Mark

DRAWING = "5"  # change it when a chart is to look otherwise: every chart is then drawn again
WIDTH, FONT = 360, 15
FAMILY = "Estime Sans"  # Source Sans 3 as a renderer outside of browsers reads it (fonts/)
INK, SOFT, LINE, ACCENT, BAND, QUIET, PAPER = (f"#0a0b0{digit}" for digit in range(1, 8))
VARIABLES = {
    INK: "var(--ink)",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    BAND: "var(--accent-band)",
    QUIET: "var(--track)",
    PAPER: "var(--paper)",
}
NUMBERS: dict[str, dict[str, Any]] = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"},
    "fr": {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", ""],
        "percent": "\u00a0%",
    },
}
TIMES: dict[str, Any] = {"fr": "fr-FR", "en": "en-GB"}


@cache
def fonts_ready() -> None:
    """Words are measured and drawn in our own type, whatever the machine has."""
    with as_file(files("estime.readouts") / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))


def chart_svg(chart: Chart, *, name: str, lang: str) -> str:
    """Draw; `name` keeps the ids inside this picture apart from those of its neighbours on a page."""
    fonts_ready()
    spec = {**specification(chart), "config": _config(), "background": None, "padding": 0}
    svg = vl_convert.vegalite_to_svg(
        spec,
        format_locale=NUMBERS.get(lang, NUMBERS["en"]),
        time_format_locale=TIMES.get(lang, TIMES["en"]),
        allowed_base_urls=[],
        show_warnings=False,
    )
    return _for_page(svg, chart.alt, name)


def specification(chart: Chart) -> dict[str, Any]:
    """What Vega-Lite draws. Altair checks each part against the schema as it is made, which takes longer than
    drawing: a test does that, for every kind of chart.
    """
    draw = {
        "lines": _lines,
        "bars": _bars,
        "dots": _dots,
        "map": _map,
        "moves": _moves,
        "calibration": _calibration,
    }[chart.kind]
    with debug_mode(False):
        spec: dict[str, Any] = draw(chart).to_dict(validate=False)
    return spec


def _config() -> dict[str, Any]:
    axis = {
        "labelColor": SOFT,
        "labelFontSize": FONT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelPadding": 6,
        "titleFontWeight": "normal",
        "titleColor": SOFT,
        "titleFontSize": FONT,
    }
    return {
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": SOFT,
            "labelFontSize": FONT,
            "symbolSize": 400,
            "columnPadding": 24,
            "labelLimit": 260,
        },
        "title": {"color": SOFT, "fontSize": FONT, "fontWeight": "normal", "anchor": "start"},
        "font": FAMILY,
    }


def _rows(marks: tuple[Mark, ...]) -> alt.Data:
    return alt.Data(
        values=[
            {**mark._asdict(), "at": index, "when": mark.when.isoformat() if mark.when else None}
            for index, mark in enumerate(marks)
        ]
    )


def _top(chart: Chart) -> float:
    return max((mark.high if mark.high is not None else mark.value for mark in chart.marks), default=1.0)


def _time_axis(chart: Chart) -> alt.Axis:
    days = sorted(mark.when for mark in chart.marks if mark.when)
    span = (days[-1] - days[0]).days if days else 0
    axis = {"tickCount": 5, "labelOverlap": "greedy", "grid": False}
    if span > 1500:
        return alt.Axis(format="%Y", **axis)
    if span > 75:  # the year once, under its first month shown
        year = "datum.index == 0 || month(datum.value) == 0 ? timeFormat(datum.value, '%Y') : ''"
        return alt.Axis(
            labelExpr=f"[timeFormat(datum.value, '%b'), {year}]", labelLineHeight=FONT + 3, **axis
        )
    return alt.Axis(format="%-d %b", labelFlush=True, **axis)


def _value_axis(chart: Chart) -> alt.Axis:
    if chart.unit == "share":
        top = _top(chart)
        form = "%" if top >= 0.04 else ".1%"
        return alt.Axis(format=form, tickCount=4, domain=False, ticks=False)
    return alt.Axis(
        format="~s" if _top(chart) >= 10_000 else ",~r", tickCount=4, domain=False, ticks=False, tickMinStep=1
    )


def _lines(chart: Chart) -> alt.LayerChart:
    names = list(dict.fromkeys(mark.series for mark in chart.marks))
    key = alt.Legend(title=None, orient="top", direction="horizontal", symbolStrokeWidth=2.5, offset=8)
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=[ACCENT, INK]), legend=key)
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=[[1, 0], [2, 4]]), legend=key)
    x = alt.X("when:T", title=None, axis=_time_axis(chart))
    y = alt.Y(
        "value:Q", title=None, axis=_value_axis(chart), scale=alt.Scale(domain=[0, _top(chart) or 1], nice=4)
    )
    base = alt.Chart(_rows(chart.marks))
    band = (
        base.transform_filter("datum.low != null")
        .mark_area(opacity=0.7)
        .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q", detail="series:N", color=alt.value(BAND))
    )
    line = base.mark_line(strokeWidth=2.25, strokeCap="round", strokeJoin="round").encode(
        x=x, y=y, color=colour, strokeDash=dash
    )
    return _fitted(alt.layer(band, line), height=230)


def _fitted(layers: alt.LayerChart, *, height: int) -> alt.LayerChart:
    return layers.properties(
        width=WIDTH, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding")
    )


def _bars(chart: Chart) -> alt.LayerChart:
    step = 56
    height = step * len(chart.marks)
    top = 1.0 if chart.unit == "share" else max(_top(chart), 1.0)
    base = alt.Chart(_rows(chart.marks)).transform_calculate(
        y=f"datum.at * {step} + 38", full=f"{top}", zero="0"
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False))
    x = alt.Scale(domain=[0, top], nice=False)
    bar = {"size": 14, "orient": "horizontal"}
    track = base.mark_bar(color=QUIET, **bar).encode(y=y, x=alt.X("full:Q", axis=None, scale=x), x2="zero:Q")
    value = base.mark_bar(color=ACCENT, **bar).encode(
        y=y, x=alt.X("value:Q", axis=None, scale=x), x2="zero:Q"
    )
    text = {"fontSize": FONT + 1, "baseline": "alphabetic", "dy": -14}
    name = base.mark_text(align="left", color=INK, **text).encode(y=y, x=alt.value(0), text="series:N")
    label = base.mark_text(align="right", color=SOFT, **text).encode(
        y=y, x=alt.value({"expr": "width"}), text="label:N"
    )
    known = base.transform_filter("datum.low != null")
    across = {"y": y, "x": alt.X("low:Q", axis=None, scale=x), "x2": "high:Q"}
    gap = known.mark_rule(color=PAPER, strokeWidth=5).encode(**across)  # the line is seen on the bar as well
    ends = known.mark_rule(color=INK, strokeWidth=2).encode(**across)
    return _fitted(alt.layer(track, value, gap, ends, name, label), height=height)


def _dots(chart: Chart) -> alt.LayerChart:
    base = alt.Chart(_rows(chart.marks))
    x = alt.X("when:T", title=None, axis=_time_axis(chart))
    top = _top(chart) or 1.0
    scale = alt.Scale(type="sqrt", domain=[0, top], nice=False)
    axis = alt.Axis(values=_root_ticks(top), format=",~r", domain=False, ticks=False)
    ends = base.mark_rule(color=ACCENT, strokeWidth=1, opacity=0.45).encode(
        x=x, y=alt.Y("low:Q", title=None, axis=axis, scale=scale), y2="high:Q"
    )
    dots = base.mark_circle(color=ACCENT, size=30, opacity=0.9).encode(
        x=x, y=alt.Y("value:Q", title=None, axis=axis, scale=scale)
    )
    title = alt.TitleParams(chart.title, offset=14, frame="bounds")
    return _fitted(alt.layer(ends, dots).properties(title=title), height=260)


def _calibration(chart: Chart) -> alt.LayerChart:
    """What came over what was said, with its interval; on the dotted line every word was true."""
    base = alt.Chart(_rows(chart.marks))
    top = max(0.1, _top(chart), *(mark.said or 0.0 for mark in chart.marks))
    scale = alt.Scale(domain=[0, top], nice=4)
    axis = {"format": "%", "tickCount": 4, "domain": False, "ticks": False}
    x = alt.X("said:Q", title=chart.title or None, axis=alt.Axis(grid=False, **axis), scale=scale)
    y = alt.Y("value:Q", title=None, axis=alt.Axis(**axis), scale=scale)
    honest = (
        alt.Chart(alt.Data(values=[{"said": 0, "value": 0}, {"said": top, "value": top}]))
        .mark_line(color=SOFT, strokeWidth=1.5, strokeDash=[2, 4], strokeCap="round")
        .encode(x=x, y=y)
    )
    ends = base.mark_rule(color=ACCENT, strokeWidth=1.5, opacity=0.6).encode(
        x=x, y=alt.Y("low:Q", title=None, scale=scale), y2="high:Q"
    )
    dots = base.mark_circle(color=ACCENT, size=60, opacity=1).encode(x=x, y=y)
    return _fitted(alt.layer(honest, ends, dots), height=300)


ROW, STRIP, GAP = 104, 78, 6  # heights of a row of the map and of its last strip, and what lies between cells
SIDE = 64  # of the square that would stand for everybody
AXIS = 22  # for the words along the two axes
COLUMN = (WIDTH - AXIS - GAP) / 2
HEIGHT = AXIS + 3 * (ROW + GAP) + STRIP
CELLS = (  # left, top, height of each cell, in the order of the marks
    (AXIS + COLUMN + GAP, AXIS, ROW),
    (AXIS, AXIS, ROW),
    (AXIS + COLUMN + GAP, AXIS + ROW + GAP, ROW),
    (AXIS, AXIS + ROW + GAP, 2 * ROW + GAP),
    (AXIS + COLUMN + GAP, AXIS + 2 * (ROW + GAP), ROW),
    (AXIS, AXIS + 3 * (ROW + GAP), STRIP),
)


def _map(chart: Chart) -> alt.LayerChart:
    """The engagement map: its cells in their places, in each a square whose area is the share, with its interval."""
    base = alt.Chart(alt.Data(values=[_cell(mark, *CELLS[at]) for at, mark in enumerate(chart.marks)]))

    def along(name: str) -> alt.X:
        return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))

    def down(name: str) -> alt.Y:
        scale = alt.Scale(domain=[0, HEIGHT], range=[0, HEIGHT], nice=False)
        return alt.Y(f"{name}:Q", axis=None, scale=scale)

    frame = base.mark_rect(color=QUIET, opacity=0.45, cornerRadius=3).encode(
        x=along("left"), x2="right:Q", y=down("top"), y2="bottom:Q"
    )
    sized = base.transform_filter("datum.value > 0")
    size = alt.Scale(domain=[0, 1], range=[0, SIDE * SIDE])

    def square(name: str, **look: Any) -> alt.Chart:
        return sized.mark_square(opacity=1, **look).encode(
            x=along("across"), y=down("below"), size=alt.Size(f"{name}:Q", scale=size, legend=None)
        )

    def axis(said: list[dict[str, Any]], **look: Any) -> alt.Chart:
        words = alt.Chart(alt.Data(values=said)).mark_text(color=SOFT, fontSize=FONT - 1, **look)
        return words.encode(x=along("x"), y=down("y"), text="name:N")

    squares = (
        square("high", filled=True, color=BAND),
        square("value", filled=True, color=ACCENT),
        square("low", filled=False, stroke=PAPER, strokeWidth=1.5),
    )
    words = {"align": "left", "baseline": "alphabetic"}
    name = base.mark_text(color=INK, fontSize=FONT + 1, **words).encode(
        x=along("words"), y=down("first"), text="series:N"
    )
    label = base.mark_text(color=SOFT, fontSize=FONT - 1, **words).encode(
        x=along("words"), y=down("second"), text="label:N"
    )
    level, up = _axes(chart.names)
    sides = (axis(level, baseline="alphabetic"), axis(up, angle=270, baseline="middle"))
    return _fitted(alt.layer(frame, *squares, name, label, *sides), height=HEIGHT)


def _axes(names: tuple[str, ...]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Words over the columns, from left to right, and beside the rows, from above."""
    level = [AXIS + COLUMN / 2, AXIS + COLUMN + GAP + COLUMN / 2]
    up = [AXIS + ROW / 2 + at * (ROW + GAP) for at in range(3)]
    return (
        [{"name": name, "x": x, "y": AXIS - 8} for name, x in zip(names[:2], level, strict=False)],
        [{"name": name, "x": AXIS / 2 - 2, "y": y} for name, y in zip(names[2:], up, strict=False)],
    )


def _cell(mark: Mark, left: float, top: float, height: float) -> dict[str, Any]:
    wide = WIDTH - AXIS if height == STRIP else COLUMN
    low, high = (mark.value if bound is None else bound for bound in (mark.low, mark.high))
    half = SIDE * high**0.5 / 2
    return {
        "series": mark.series,
        "label": mark.label,
        "value": mark.value,
        "low": low,
        "high": high,
        "left": left,
        "right": left + wide,
        "top": top,
        "bottom": top + height,
        "words": left + 10,
        "first": top + 24,
        "second": top + 44,
        "across": left + wide - 8 - half,
        "below": top + height - 8 - half,
    }


EDGES = (132.0, 228.0)  # between the names on the left and those on the right


def _moves(chart: Chart) -> alt.LayerChart:
    """Bands from where people were, on the left, to where they are, on the right; soft where they stayed."""
    places, bands, height = flows_of(chart.marks, chart.names, EDGES)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], range=[0, WIDTH], nice=False))
    scale = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    y = alt.Y("top:Q", axis=None, scale=scale)
    base = alt.Chart(alt.Data(values=bands))
    ribbons = [
        base.transform_filter(f"datum.stayed == {stayed}")
        .mark_area(color=colour, opacity=opacity)
        .encode(x=x, y=y, y2="bottom:Q", detail="band:N")
        for stayed, colour, opacity in (("true", QUIET, 1), ("false", ACCENT, 0.38))
    ]
    return _fitted(alt.layer(*ribbons, *_ends(places, scale)), height=round(height))


def _ends(places: list[dict[str, Any]], scale: alt.Scale) -> list[alt.Chart]:
    """The names on both sides, with how many people, and a line that holds the bands of each."""
    found = []
    for side, edge, away in ((0, EDGES[0], -1), (1, EDGES[1], 1)):
        data = alt.Data(values=[place for place in places if place["side"] == side])
        base = alt.Chart(data).encode(x=alt.value(edge + 10 * away))
        line = alt.Chart(data).mark_rule(color=LINE, strokeWidth=1.5)
        found.append(
            line.encode(x=alt.value(edge + 4 * away), y=alt.Y("top:Q", axis=None, scale=scale), y2="bottom:Q")
        )
        words = {"align": "right" if away < 0 else "left", "baseline": "alphabetic", "limit": EDGES[0] - 10}
        for text, colour, below in (("name:N", INK, 15), ("people:Q", SOFT, 33)):
            told = base.mark_text(color=colour, fontSize=FONT - 1, dy=below, **words)
            told = told.encode(y=alt.Y("top:Q", axis=None, scale=scale), text=text)
            found.append(told)
    return found


def _root_ticks(top: float) -> list[float]:
    """Round numbers that stand well apart on a square-root scale."""
    rounds = [digit * 10.0**power for power in range(6, -4, -1) for digit in (5, 2, 1)]
    shown: list[float] = []
    for tick in (tick for tick in rounds if tick <= top):
        if tick**0.5 > 0.2 * top**0.5 and (not shown or shown[-1] ** 0.5 - tick**0.5 > 0.17 * top**0.5):
            shown.append(tick)
    return [0.0, *reversed(shown)]


def _for_page(svg: str, alt_text: str, name: str) -> str:
    for sentinel, variable in VARIABLES.items():
        svg = svg.replace(sentinel, variable)
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(
        r' (?:aria-roledescription|aria-label|aria-hidden|role|class|pointer-events)="[^"]*"', "", svg
    )
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'<path d="" [^>]*display="none"[^>]*/>', "", svg)
    box = re.search(r'viewBox="([^"]+)"', svg)
    shape = box.group(1) if box else f"0 0 {WIDTH} 200"
    told = f'viewBox="{shape}" role="img" aria-label="{escape(alt_text)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {told}>'
    return re.sub(r"<svg[^>]*>", lambda _found: head, svg, count=1)
