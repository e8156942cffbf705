"""Every format that a challenge can be brought in from. To add one: a file here, and one line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from estime.channels.challenges import allourideas, decidim, given_away, madrid, mapped, pabulib, polis
from estime.channels.challenges.mapping import ChallengeMapping
from estime.channels.challenges.read import Read
from estime.channels.errors import FormatUnclear, FormatUnknown, MappingNeeded, SourceIsFile
from estime.channels.headers import folded
from estime.channels.options import ReadOptions
from estime.channels.peek import peek_at
from estime.channels.source import Source, check_path

UNPACKED: Final = 1 << 30
"""Bytes that a source may unpack to: a challenge is held in memory while it is brought."""


@dataclass(frozen=True)
class ChallengeFormat:
    """One kind of source. `channel`: what its channel is called where nobody says."""

    name: str
    title: str
    channel: str
    read: Callable[[Source, ReadOptions], Read] | None = None
    needs_folder: bool = False


FORMATS: dict[str, ChallengeFormat] = {
    form.name: form
    for form in (
        ChallengeFormat("polis", "a folder exported by Polis", "polis", polis.read, needs_folder=True),
        ChallengeFormat("decidim", "proposals and comments exported by Decidim", "decidim", decidim.read),
        ChallengeFormat("madrid", "proposals of Decide Madrid or CONSUL as CSV", "consul", madrid.read),
        ChallengeFormat("allourideas", "ideas and votes of a wiki survey", "allourideas", allourideas.read),
        ChallengeFormat("pb", "a participatory budget of Pabulib (.pb)", "pabulib", pabulib.read),
        ChallengeFormat(
            "estime",
            "a folder of `estime challenge export`",
            "estime-open-data",
            given_away.read,
            needs_folder=True,
        ),
        ChallengeFormat("mapped", "any CSV, with a mapping file (--map)", "import"),
    )
}


def named(name: str) -> ChallengeFormat:
    """The format with this name. Raises `FormatUnknown`."""
    if name not in FORMATS:
        raise FormatUnknown(
            f"There is no format “{name}”.", todo=f"Use one of: {', '.join(FORMATS)}.", format=name
        )
    return FORMATS[name]


def guess(path: Path, options: ReadOptions) -> ChallengeFormat:
    """The format that name and columns show. Raises `FormatUnclear`."""
    check_path(path)
    source = Source(path, options.encoding)
    peek = peek_at(source)
    names = {name.rpartition("/")[2] for name in peek.entries}
    columns = {folded(name) for name in peek.columns}
    text = peek.head.lstrip("\ufeff").lstrip().casefold()
    found = (
        "estime" if names >= given_away.NEEDED
        else "polis" if {"comments.csv", "votes.csv"} <= names
        else "pb" if peek.suffix == ".pb" or text.startswith(("meta\n", "meta\r\n"))
        else "allourideas" if {"winner_id", "loser_id"} <= columns or {"idea_id", "idea_text"} <= columns
        else "decidim" if {"commentable_id", "commentable_type"} <= columns or "component_id" in columns
        else "madrid" if columns >= madrid.COLUMNS
        else _of_folder(names)
    )  # fmt: skip
    if not found:
        raise FormatUnclear(
            f"What “{path.name}” is cannot be told from its name and content.",
            todo="Say it with --as, one of: "
            + "; ".join(f"{form.name} ({form.title})" for form in FORMATS.values())
            + ".",
        )
    return FORMATS[found]


def _of_folder(names: set[str]) -> str:
    if any(name.endswith("votes.csv") for name in names) and any(
        name.endswith("ideas.csv") for name in names
    ):
        return "allourideas"
    known = ("proposals", "comments")
    return (
        "decidim"
        if any(name.endswith(".csv") and any(part in name for part in known) for name in names)
        else ""
    )


def challenge_read(
    path: Path, form: ChallengeFormat, options: ReadOptions, mapping: ChallengeMapping | None
) -> Read:
    """Read a source whole. Raises what its format raises where it cannot be read at all."""
    check_path(path)
    source = Source(path, options.encoding)
    source.meter.limit = options.unpacked or UNPACKED
    if mapping is not None:
        return mapped.read(source, options, mapping)
    if form.read is None:
        raise MappingNeeded(
            f"“{path.name}” does not say itself which column is what.",
            todo="Write a mapping file and give it with --map; docs/challenges-in-and-out.md has examples.",
        )
    if form.needs_folder and not source.is_folder:
        raise SourceIsFile(
            f"“{path.name}” is a file; {form.name} is {form.title}.",
            todo="Give the path of the folder (or its zip).",
        )
    return form.read(source, options)
