"""Every format that can be imported. To add one: a folder in `formats`, and one line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from estime.channels.errors import FormatUnclear, FormatUnknown, SourceIsFile
from estime.channels.formats.as2 import reader as as2
from estime.channels.formats.audience import reader as audience
from estime.channels.formats.csv import reader as csv
from estime.channels.formats.discourse import reader as discourse
from estime.channels.formats.estime import reader as estime
from estime.channels.formats.insights import reader as insights
from estime.channels.formats.jsonl import reader as jsonl
from estime.channels.formats.parquet import reader as parquet
from estime.channels.formats.polis import reader as polis
from estime.channels.formats.slack import reader as slack
from estime.channels.formats.zulip import reader as zulip
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek, peek_at
from estime.channels.rows import Row
from estime.channels.source import Source, check_path


@dataclass(frozen=True)
class Format:
    """One kind of source.

    sniff: how surely a path is of this kind: 0 no, 1 perhaps, 2 likely, 3 certain.
    read: its rows, as drafts or rejects.
    names_channels: every row says itself which channel it belongs to.
    """

    name: str
    title: str
    sniff: Callable[[Peek], int]
    read: Callable[[Source, ReadOptions], Iterator[Row]]
    needs_folder: bool = False
    names_channels: bool = False


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("as2", "Activity Streams 2.0, one JSON object per line", as2.sniff, as2.read),
        Format("csv", "CSV with a header", csv.sniff, csv.read),
        Format("parquet", "a Parquet file", parquet.sniff, parquet.read),
        Format("jsonl", "JSON Lines, with a mapping file", jsonl.sniff, jsonl.read),
        Format("polis", "a folder exported by Polis", polis.sniff, polis.read, needs_folder=True),
        Format(
            "slack", "a Slack export (folder, zip) or its messages as JSON Lines", slack.sniff, slack.read
        ),
        Format(
            "discourse", "posts of a Discourse forum (JSON or JSON Lines)", discourse.sniff, discourse.read
        ),
        Format("zulip", "a Zulip export folder, or its messages as JSON", zulip.sniff, zulip.read),
        Format("insights", "CSV of a page's posts with the platform's totals", insights.sniff, insights.read),
        Format(
            "estime",
            "a folder written by estime export",
            estime.sniff,
            estime.read,
            needs_folder=True,
            names_channels=True,
        ),
        Format("audience", "CSV of followers over time", audience.sniff, audience.read),
    )
}


def named(name: str) -> Format:
    """The format with this name."""
    if name not in FORMATS:
        raise FormatUnknown(
            f"There is no format “{name}”.", todo=f"Use one of: {', '.join(FORMATS)}.", format=name
        )
    return FORMATS[name]


def guess(path: Path, options: ReadOptions | None = None) -> Format:
    """The format that content and name show, or an error that lists the formats."""
    check_path(path)
    options = options or ReadOptions()
    if options.mapping is not None and options.mapping.format is not None:
        return FORMATS[options.mapping.format]
    peek = peek_at(Source(path, options.encoding))
    scores = {form.name: form.sniff(peek) for form in FORMATS.values()}
    best = max(scores.values())
    found = [name for name, score in scores.items() if score == best]
    if options.mapping is not None and best < 3:
        return FORMATS["jsonl" if peek.looks_like_json else "parquet" if scores["parquet"] else "csv"]
    if best == 0 or len(found) > 1:
        hint = (
            " It looks like a spreadsheet: save it as CSV." if "[Content_Types].xml" in peek.entries else ""
        )
        raise FormatUnclear(
            f"What “{path.name}” is cannot be told from its name and content.{hint}",
            todo="Say it with --as, one of: "
            + "; ".join(f"{f.name} ({f.title})" for f in FORMATS.values())
            + ".",
            candidates=found if best else [],
        )
    return FORMATS[found[0]]


def read(path: Path, form: Format, options: ReadOptions, source: Source | None = None) -> Iterator[Row]:
    """The rows of a path in a format."""
    check_path(path)
    source = source or Source(
        path, options.encoding or (options.mapping.encoding if options.mapping else None)
    )
    if form.needs_folder and not source.is_folder:
        raise SourceIsFile(
            f"“{path.name}” is a file; {form.name} is {form.title}.",
            todo="Give the path of the folder (or its zip).",
        )
    return form.read(source, options)
