"""A report in a terminal: the same sentences, small bars, figures. Readable at 80 columns, without colour."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Report, Row, Section, Table, plain

WIDEST = 80
SPARKS = "▁▂▃▄▅▆▇█"
BAR = 24
ROWS_SHOWN = 14


class Prose:
    """A paragraph that is never broken at a no-break space (Rich would), nor set wider than the eye likes."""

    def __init__(self, told: str, style: str = "") -> None:
        self.told, self.style = told, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in textwrap.wrap(self.told, min(options.max_width, WIDEST), break_on_hyphens=False):
            yield Text(line, style=self.style, no_wrap=True)


def terminal_report(report: Report, *, tables: bool = True) -> Group:
    """Print it with a Rich console. `tables=False` leaves only what is said and drawn."""
    with override(report.lang):
        return Group(*_parts(report, tables))


def _parts(report: Report, tables: bool) -> Iterator[RenderableType]:
    title = Text(report.title, style="bold")
    if report.about:
        title.append(f"  {report.about}", style="dim")
    yield title
    yield Text()
    told = " ".join(plain(sentence) for sentence in report.truth.sentences)
    yield Prose(told)
    for line in report.truth.under:
        yield Prose(line, "dim")
    for section in report.sections:
        yield Text()
        yield Rule(Text(section.title, style="bold"), align="left", characters="─", style="dim")
        yield from _section(section, tables)
    yield Text()
    yield Rule(characters="─", style="dim")
    yield Prose(_made(report), "dim")


def _made(report: Report) -> str:
    told = _("As of {as_of}, computed on {made_at} (UTC)").format(
        as_of=w.day(report.as_of.date()), made_at=f"{w.day(report.made_at.date())}, {w.clock(report.made_at)}"
    )
    if report.attribution:
        told += ". " + _("Data: %(told)s") % {"told": report.attribution}
    return told


def _section(section: Section, tables: bool) -> Iterator[RenderableType]:
    yield Prose(section.sentence, "dim")
    if section.finding:
        yield Prose(plain(section.finding))
    if section.chart:
        yield Padding(_drawn(section.chart), (1, 0, 0, 2))
    if section.table and tables and (section.chart is None or section.chart.kind == "dots"):
        yield Padding(_table(section.table), (1, 0, 0, 2))
    if section.note:
        yield Prose(section.note, "dim")


def _drawn(chart: Chart) -> RenderableType:
    return {
        "bars": _bars,
        "lines": _lines,
        "dots": _dots,
        "map": _bars,
        "moves": _bars,
        "calibration": _bars,
    }[chart.kind](chart)


def _bars(chart: Chart) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(max_width=28)
    grid.add_column(width=BAR, no_wrap=True)
    grid.add_column(justify="right")
    top = 1.0 if chart.unit == "share" else max((mark.value for mark in chart.marks), default=1.0) or 1.0
    for mark in chart.marks:
        grid.add_row(mark.series, _bar(mark.value / top), mark.label)
    return grid


def _bar(share: float) -> str:
    filled = round(share * BAR)
    if share > 0:
        filled = max(1, filled)
    return "█" * filled + "·" * (BAR - filled)


def _lines(chart: Chart) -> RenderableType:
    grid = RichTable.grid(padding=(0, 2))
    for _column in range(3):
        grid.add_column()
    top = max((mark.value for mark in chart.marks), default=0.0)
    names = list(dict.fromkeys(mark.series for mark in chart.marks))
    for name in names:
        marks = [mark for mark in chart.marks if mark.series == name]
        grid.add_row(name, _spark([mark.value for mark in marks[-40:]], top), _last(marks[-1], chart.unit))
    days = [mark.when for mark in chart.marks if mark.when]
    if days:
        span = days[-min(40, len(days) // len(names)) :]
        grid.add_row("", Text(_weeks(span[0], span[-1]), style="dim"))
    return grid


def _weeks(first: date, last: date) -> str:
    """The Mondays between which the weeks of a line begin, or the first days of quarters."""
    if first < last and (first.day, last.day) == (1, 1) and first.month % 3 == last.month % 3 == 1:
        return _("quarters from {first} to {last}").format(first=w.quarter(first), last=w.quarter(last))
    if first == last:
        return _("the week from {day}").format(day=w.day(first))
    return _("weeks from {first} to {last}").format(first=w.day(first), last=w.day(last))


def _spark(values: Sequence[float], top: float) -> str:
    return "".join(SPARKS[min(7, int(value / top * 7.999))] if top else SPARKS[0] for value in values)


def _last(mark: Mark, unit: str) -> str:
    if unit != "share":
        return w.count(mark.value)
    return f"{w.percent(mark.value)} ({w.percent_interval(mark.low, mark.high)})"


def _dots(chart: Chart) -> RenderableType:
    """Posts in time, as a sparkline of their rates' square roots: the eye compares what the chart shows."""
    values = [mark.value**0.5 for mark in chart.marks[-60:]]
    return Group(Text(chart.title, style="dim"), Text(_spark(values, max(values, default=0.0))))


def _table(told: Table) -> RenderableType:
    grid = RichTable(
        box=None, pad_edge=False, padding=(0, 2 if not told.heat else 1, 0, 0), header_style="dim"
    )
    columns = _columns_that_fit(told)
    for index in columns:
        grid.add_column(told.head[index], justify="left" if index == 0 else "right", no_wrap=index > 0)
    for row in told.rows[:ROWS_SHOWN]:
        grid.add_row(*(_cell(row, index) for index in columns))
    return grid


def _cell(row: Row, index: int) -> Text:
    cell = Text(row.cells[index])
    if row.under and row.under[index]:
        cell.append("\n" + row.under[index], style="dim")
    return cell


def _longest(row: Row, index: int) -> int:
    return max(len(row.cells[index]), len(row.under[index]) if row.under else 0)


def _columns_that_fit(told: Table, width: int = 76) -> list[int]:
    """The first columns, as many as stand side by side in 80 columns; `--html` and `--json` have them all."""
    gap = 1 if told.heat else 2
    shown, used = [], 0
    for index, head in enumerate(told.head):
        longest = max([_longest(row, index) for row in told.rows] + [len(head) if index else 8])
        used += min(longest, 34) + gap
        if used > width:
            break
        shown.append(index)
    return shown
