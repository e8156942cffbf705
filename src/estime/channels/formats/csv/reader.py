"""CSV with a header: by a mapping file, or by the obvious names of its columns."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from estime.channels.errors import DocumentInvalid, MappingInvalid
from estime.channels.formats.csv.records import records
from estime.channels.headers import ACT_NAMES, acts_mapping, folded
from estime.channels.mapping import Mapping
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, attempt
from estime.channels.source import Source
from estime.channels.translate import Bind, Cell, Translator, extras_kept
from estime.ledger.drafts import Reject

SUFFIXES = (".csv", ".tsv", ".txt")


def sniff(peek: Peek) -> int:
    """Likely when the first line is a row of cells that names an author and a time."""
    if peek.is_folder or peek.looks_like_json or len(peek.columns) < 2:
        return 0
    names = {folded(column) for column in peek.columns}
    obvious = bool(names & set(ACT_NAMES["actor"]) and names & set(ACT_NAMES["published"]))
    return 2 if obvious else int(peek.suffix in SUFFIXES)


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every row as the mapping says, or as the names of the columns suggest."""
    return table(source, options, acts_mapping)


def table(
    source: Source, options: ReadOptions, suggested: Callable[[Sequence[str]], Mapping]
) -> Iterator[Row]:
    """Rows of a CSV as drafts, by the user's mapping or else by the one suggested for the header."""
    source = source.single()
    mapping = options.mapping
    delimiter = options.delimiter or (mapping.delimiter if mapping else None)
    rows = records(source, delimiter)
    header = next(rows, None)
    if header is None or isinstance(header, Reject):
        detail = header.reason if header else "The first line is empty."
        raise DocumentInvalid(
            f"The header of “{source.name}” cannot be read. {detail}",
            todo="The first line names the columns.",
        )
    names = [name.strip() for name in header[1]]
    source.found |= {"columns": names, "delimiter": delimiter or ""}
    chosen = mapping or suggested(names)
    translator = row_translator(chosen, options, names)
    for item in rows:
        if isinstance(item, Reject):
            yield item
            continue
        number, cells = item
        yield from attempt(number, cells, translator.translate)


def row_translator(mapping: Mapping, options: ReadOptions, names: list[str]) -> Translator:
    """A translator of the cells of a row under these names of columns."""
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    kept = [(name, places[name]) for name in extras_kept(mapping, names)]
    return Translator(
        mapping, options, cell_finder(names), lambda row: row,
        lambda row: {name: row[place] for name, place in kept if row[place] != ""},
    )  # fmt: skip


def cell_finder(names: list[str]) -> Bind:
    """What finds the cell of a column in a row, by its name; case and accents do not matter."""
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    by_folded = {folded(name): place for name, place in places.items()}

    def bind(column: str) -> Cell:
        place = places.get(column, by_folded.get(folded(column)))
        if place is None:
            shown = ", ".join(names[:30])
            raise MappingInvalid(
                f"The mapping names a column “{column}” that is not in the file, which has: {shown}.",
                todo="Correct the name in the mapping; case and accents do not matter.",
                column=column,
            )

        def cell(row: Any, place: int = place) -> object:
            return row[place].strip() or None

        return cell

    return bind
