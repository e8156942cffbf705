"""The figures behind a section as a file: raw, with the names of their measures, and where they come from."""

import csv
import io

from estime.readouts.shapes import Report, Section

COLUMNS = (
    "measure", "scope", "period", "label", "value", "low", "high", "n", "d",
    "scope_title", "as_of", "computed_at", "definition", "source",
)  # fmt: skip
MARK = "\ufeff"
"""Spreadsheets read accents only after this mark; pandas, R's readr, DuckDB and Polars skip it."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(report: Report, section: Section) -> str:
    """RFC 4180: commas, CRLF, points in numbers, times in UTC (ISO 8601); empty where a number is not known."""
    out = io.StringIO(newline="")
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    told = (
        report.title,
        report.as_of.isoformat(timespec="seconds"),
        report.made_at.isoformat(timespec="seconds"),
        f"docs/measures/{section.definition}.md",
        report.attribution,
    )
    for figure in section.figures:
        period = figure.period.isoformat() if figure.period else ""
        words = (harmless(figure.measure), harmless(figure.scope), period, harmless(figure.label))
        numbers = (figure.value, figure.low, figure.high, figure.n, figure.d)
        writer.writerow((*words, *map(_number, numbers), *map(harmless, told)))
    return out.getvalue()


def harmless(text: str) -> str:
    """A cell that a spreadsheet would compute gets an apostrophe before it: data must not run.

    >>> harmless("=HYPERLINK(1)"), harmless("Like")
    ("'=HYPERLINK(1)", 'Like')
    """
    return "'" + text if text.startswith(RISKY) else text


def _number(value: float | None) -> str:
    """Every digit that is known, and no more: a count is written without a point."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)
