"""Any CSV as a challenge, by a mapping file: one table or several, each of one kind of rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any

from estime.channels.challenges.mapping import ChallengeMapping, Table
from estime.channels.challenges.markup import plain_text
from estime.channels.challenges.read import (
    Read,
    comment,
    contribution,
    name_of,
    refused,
    required,
    supporting,
    supports_told,
    vote,
    whole,
)
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.csv.reader import cell_finder
from estime.channels.formats.csv.records import records
from estime.channels.moments import moment_reader, zone_named
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.channels.translate import cell_of
from estime.cocreation.api import About, Brings, Choosable, Chosen, Given, Spoken, Stood
from estime.cocreation.tally.formats.pabulib import amount
from estime.ledger.drafts import ActDraft, Reject

ORDER = ("contributions", "comments", "supports", "options", "votes")
Moment = Callable[[object], datetime]


@dataclass(frozen=True)
class Rows:
    """The cells of one row by field, and how this source writes times and texts."""

    about: str
    method: str
    moment: Moment
    html: bool
    cells: Mapping[str, Any]

    def text(self, field: str) -> str:
        value = self.cells.get(field)
        return "" if value is None else str(value).strip()

    def words(self, field: str) -> str:
        """What somebody wrote, without markup."""
        return plain_text(self.text(field)) if self.html else self.text(field)

    def needed(self, field: str) -> str:
        return required(self.cells.get(field), field)

    def at(self, field: str = "at") -> datetime:
        return self.moment(self.needed(field))

    def named(self, kind: str, field: str) -> str:
        """What the ledger calls a thing of this challenge, empty where the row says none."""
        told = self.text(field)
        return f"{self.about}/{kind}/{told}" if told else ""

    @property
    def name(self) -> str:
        return self.text("name")


def read(source: Source, options: ReadOptions, mapping: ChallengeMapping) -> Read:
    """Every table, in the order in which things refer to each other."""
    named = mapping.source or name_of(source.path)
    held = Read(
        About(
            named, mapping.title or name_of(source.path), mapping.text, mapping.known, mapping.lang,
            mapping.method, mapping.parameters,
        )
    )  # fmt: skip
    for table in sorted(mapping.tables, key=lambda each: ORDER.index(each.rows)):
        for part in _files(source, table):
            _table(part, options, mapping, table, held)
    _totals(held, options)
    _unlisted(held)
    return held


def _files(source: Source, table: Table) -> list[Source]:
    if not source.is_folder:
        return [source.single()]
    found = [source.entry(name) for name in source.entries() if fnmatch(name.rpartition("/")[2], table.file)]
    if not found:
        raise DocumentInvalid(
            f"“{source.name}” holds no file {table.file} for the {table.rows}.",
            todo="Correct `file` in the mapping, or leave that table out.",
        )
    return found


def _table(source: Source, options: ReadOptions, mapping: ChallengeMapping, table: Table, held: Read) -> None:
    source.encoding = source.encoding or options.encoding or mapping.encoding
    rows = records(source, options.delimiter or mapping.delimiter)
    header = next(rows, None)
    if header is None or isinstance(header, Reject):
        raise DocumentInvalid(
            f"The header of “{source.name}” cannot be read.", todo="The first line names the columns."
        )
    find = cell_finder([name.strip() for name in header[1]])
    cells = {field: cell_of(spec, find) for field, spec in table.fields.items()}
    moment = _moments(options, mapping)
    for item in rows:
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, row = item
        try:
            told = {field: cell(row) for field, cell in cells.items()}
            read_row = Rows(held.about.source, mapping.method, moment, mapping.html, told)
            held.rows += _KINDS[table.rows](number, read_row)
        except Untranslatable as error:
            held.rejects.append(refused(number, error, row))


def _moments(options: ReadOptions, mapping: ChallengeMapping) -> Moment:
    """How times are written; of several ways the first that fits."""
    zone = options.zone or (zone_named(mapping.timezone) if mapping.timezone else None)
    told = options.date_format or mapping.date_format
    formats = list(told) if isinstance(told, tuple) else [told]
    readers = [moment_reader(each, zone) for each in formats]

    def read(value: object) -> datetime:
        for reader in readers[:-1]:
            try:
                return reader(value)
            except Untranslatable:
                continue
        return readers[-1](value)

    return read


def _contribution(number: int, row: Rows) -> Iterator[Brings]:
    withdrawn = row.at("withdrawn") if row.text("withdrawn") else None
    given = Given(
        f"{row.about}/contribution/{row.needed('id')}", row.text("author") or None,
        required(" ".join(row.words("title").split()), "title"), row.words("body"), row.at(),
        row.text("kind") or "idea", row.text("lang"), whole(row.cells.get("supports"), "supports"), withdrawn,
    )  # fmt: skip
    yield contribution(row.about, number, given, row.name)


def _comment(number: int, row: Rows) -> Iterator[Brings]:
    said = Spoken(
        f"{row.about}/comment/{row.needed('id')}", row.text("author") or None, required(row.words("body"), "body"),
        row.at(), row.named("contribution", "contribution"), row.named("comment", "answers"), row.text("intent"),
        row.text("lang"),
    )  # fmt: skip
    yield comment(row.about, number, said, row.name)


def _support(number: int, row: Rows) -> Iterator[Brings]:
    on = f"{row.about}/contribution/{row.needed('contribution')}"
    yield supporting(row.about, number, Stood(row.needed("author"), on, row.at()), row.name)


def _option(number: int, row: Rows) -> Iterator[Brings]:
    name, title = f"{row.about}/option/{row.needed('id')}", row.words("title")
    at = row.at() if row.text("at") else None
    by = row.text("author") or None
    cost = None
    if row.method == "budget":
        told = amount(row.needed("cost").replace(",", "."))
        if told is None or told <= 0:
            raise Untranslatable("bad-number", f"“{row.text('cost')[:40]}” is no cost of more than 0.")
        cost = f"{float(told):.2f}"
    hidden = row.text("hidden").casefold() in ("1", "true", "yes", "oui", "x")
    act = ActDraft(name, by, "Create", at, name, "Note", None, row.about, title) if by and at else None
    yield Brings(number, Choosable(name, title, at, by if act else None, hidden, cost), act, name=row.name)


def _vote(number: int, row: Rows) -> Iterator[Brings]:
    by, option = row.needed("author"), row.needed("option")
    of: tuple[str, ...] = (f"{row.about}/option/{option}",)
    if row.method == "pairwise":
        of = (*of, f"{row.about}/option/{row.needed('against')}")
        if of[0] == of[1]:
            raise Untranslatable("bad-field", "Both options of this vote are the same.")
    told = row.cells.get("mark")
    mark = (-1 if row.method == "pairwise" else 1) if told is None else whole(told, "mark", least=-1)
    if row.method == "groups" and mark not in (-1, 0, 1):
        raise Untranslatable("bad-number", f"A vote is 1, 0 or -1, not “{mark}”.")
    name = row.text("id") or f"{by}/{'/'.join(each.rpartition('/')[2] for each in of)}"
    chosen = Chosen(by, of, mark, row.at())
    yield vote(row.about, number, chosen, f"{row.about}/vote/{name}", row.name)


_KINDS: Mapping[str, Callable[[int, Rows], Iterator[Brings]]] = {
    "contributions": _contribution,
    "comments": _comment,
    "supports": _support,
    "options": _option,
    "votes": _vote,
}


def _totals(held: Read, options: ReadOptions) -> None:
    """Counts of support, as they stood on the day that is given, else at the end of what the source tells."""
    moments = [row.thing.at for row in held.rows if isinstance(row.thing, Given)]
    observed = options.observed_at or max(moments, default=datetime.now(UTC))
    held.rows += [
        supports_told(row.thing, observed)
        for row in held.rows
        if isinstance(row.thing, Given) and row.thing.supports
    ]


def _unlisted(held: Read) -> None:
    """Options that no table lists: contributions that were voted on, else what the votes themselves call them."""
    listed = {row.thing.source for row in held.rows if isinstance(row.thing, Choosable)}
    given = {row.thing.source: row.thing for row in held.rows if isinstance(row.thing, Given)}
    voted: dict[str, None] = {}
    for row in held.rows:
        if isinstance(row.thing, Chosen):
            voted |= dict.fromkeys(row.thing.of)
    if listed:
        return
    for name in voted:
        plain = name.rpartition("/")[2]
        of = f"{held.about.source}/contribution/{plain}"
        title = given[of].title if of in given else plain
        held.rows.append(Brings(0, Choosable(name, title, None, of=of if of in given else "")))
