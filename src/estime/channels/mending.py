"""Refused rows, corrected and brought in: by the same translation and the same rules as the import that refused them.

A refused row comes in one of a few shapes, according to where it failed: cells of a table, an object, a draft that the
ledger refused, or a line that could not even be cut. Corrections and the word that they are in are one transaction:
a row is never in and still waiting, nor settled and not in.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

import orjson
from django.db import transaction

from estime.channels.actions import EVERY_CHANNEL
from estime.channels.errors import MappingNeeded
from estime.channels.formats.as2 import reader as as2
from estime.channels.formats.csv.reader import row_translator
from estime.channels.formats.csv.records import separator
from estime.channels.formats.jsonl.reader import translator_for
from estime.channels.headers import (
    ACT_NAMES,
    acts_mapping,
    audience_mapping,
    folded_columns,
    insights_mapping,
    pick,
)
from estime.channels.identity import DerivedIds
from estime.channels.mapping import Mapping
from estime.channels.models import Import, SettledReject
from estime.channels.moments import moment_reader
from estime.channels.refused import settle, settled_places
from estime.channels.rows import Draft, Untranslatable, reject
from estime.channels.translate import kind_of
from estime.channels.uploads import read_options
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

Shape = Literal["cells", "object", "draft", "total", "line"]
Values = list[str] | dict[str, Any] | str

TABLES: Final = {"csv": acts_mapping, "insights": insights_mapping, "audience": audience_mapping}
OBJECTS: Final = ("jsonl", "parquet", "as2")
ACT_FIELDS: Final = tuple(name for name in ActDraft._fields if name not in ("extra", "origin"))
TOTAL_FIELDS: Final = ("object_id", "metric", "value", "observed", "published", "object_type")


@dataclass(frozen=True)
class Broken:
    """A refused row in the shape in which it can be corrected. `place`: where it waits (`rejects.py`)."""

    place: int
    code: str
    shape: Shape
    values: Values


@dataclass(frozen=True)
class Mended:
    """What became of corrected rows: how many are settled, and which were refused again (their `line` is the place)."""

    inside: int
    refused: list[Reject]


def broken_of(record: Import, place: int, refused: Reject) -> Broken:
    """The shape of a refused row. What cannot be told from its text is offered as an act to fill in by hand."""
    raw = _loaded(refused.raw)
    columns = columns_of(record)
    if isinstance(raw, list) and len(raw) == len(columns):
        return Broken(place, refused.code, "cells", [str(cell) for cell in raw])
    if isinstance(raw, dict):
        if raw.keys() >= {"metric", "value", "observed"} and set(ObservationDraft._fields) >= raw.keys():
            return Broken(place, refused.code, "total", raw)
        if raw.keys() >= {"source_id", "type", "published"} and set(ActDraft._fields) >= raw.keys():
            return Broken(place, refused.code, "draft", raw)
        if record.format in OBJECTS:
            return Broken(place, refused.code, "object", raw)
        return Broken(place, refused.code, "draft", _guessed(raw))
    if record.format in TABLES or record.format in OBJECTS:
        return Broken(place, refused.code, "line", refused.raw)
    return Broken(place, refused.code, "draft", {"content": refused.raw} if refused.raw else {})


def _loaded(raw: str) -> object:
    try:
        return orjson.loads(raw)
    except ValueError:
        return None


def _guessed(raw: dict[str, Any]) -> dict[str, Any]:
    columns = folded_columns(list(raw))
    found = {field: raw[column] for field, names in ACT_NAMES.items() if (column := pick(columns, names))}
    return {field: value for field, value in found.items() if isinstance(value, str | int | float)}


def columns_of(record: Import) -> list[str]:
    """The columns of the table that an import read, as far as it told them."""
    told = record.options.get("columns")
    return [str(name) for name in told] if isinstance(told, list) else []


def mendable(record: Import) -> bool:
    """Whether its rows can be brought in one by one: those of an export of Estime do not say where they belong; those
    of a challenge belong into it, and are mended in the source, which is brought again."""
    return record.channel != EVERY_CHANNEL and not record.options.get("challenge")


class Reader:
    """Reads corrected rows of one import as the import read its own. `overrides` win over what was said then."""

    def __init__(self, record: Import, overrides: dict[str, Any] | None = None) -> None:
        given = overrides or {}
        self._format = record.format
        self._columns = columns_of(record)
        options = read_options({**record.options, "channel": record.channel, **given})
        decimal = given.get("decimal")
        if decimal:
            mapping = (options.mapping or self._suggested()).model_copy(update={"decimal": decimal})
            options = replace(options, mapping=mapping)
        self._options = options
        self._kinds: dict[str, str] = given.get("types") or {}
        self._moment = moment_reader(options.time_format, options.zone)
        self._delimiter = str(record.options.get("delimiter") or "")

    def _suggested(self) -> Mapping:
        return TABLES.get(self._format, acts_mapping)(self._columns)

    def drafts(self, row: Broken) -> list[Draft]:
        """What a row tells now. Raises `Untranslatable`."""
        if row.shape == "draft":
            return [self._draft(_fields(row))]
        if row.shape == "total":
            return [self._total(_fields(row))]
        if row.shape == "line":
            return self._line(str(row.values))
        if row.shape == "object":
            return self._object(_fields(row))
        return self._cells([str(cell) for cell in row.values])

    def _cells(self, cells: list[str]) -> list[Draft]:
        if len(cells) != len(self._columns):
            raise Untranslatable(
                "wrong-number-of-cells", f"The row has {len(cells)} cells, the header {len(self._columns)}."
            )
        try:
            mapping = self._options.mapping or self._suggested()
        except MappingNeeded as error:
            raise Untranslatable("missing-field", error.message) from error
        return row_translator(mapping, self._options, self._columns).translate(cells)

    def _object(self, found: dict[str, Any]) -> list[Draft]:
        if self._format == "as2":
            return [as2.translate(found, DerivedIds(), self._moment)]
        keys = list(dict.fromkeys([*self._columns, *found]))
        return translator_for(self._options, keys, acts_mapping).translate(found)

    def _line(self, text: str) -> list[Draft]:
        if self._format in OBJECTS:
            found = _loaded(text)
            if not isinstance(found, dict):
                raise Untranslatable("bad-json", "The line is not one JSON object in braces.")
            return self._object(found)
        mark = self._delimiter or separator(text)
        try:
            cells = next(csv.reader([text + "\n"], delimiter=mark, strict=True), [])
        except csv.Error as error:
            raise Untranslatable("bad-csv", f"The row cannot be read as CSV: {error}.") from error
        return self._cells(cells)

    def _draft(self, fields: dict[str, Any]) -> ActDraft:
        told: dict[str, Any] = {name: _clean(fields.get(name)) for name in ACT_FIELDS}
        for name in ("actor", "published"):
            if told[name] is None:
                raise Untranslatable("missing-field", f"The row has no “{name}”.")
        word = told["type"] or "Create"
        kind, made = kind_of(self._kinds.get(word, word))
        told["source_id"] = told["source_id"] or DerivedIds().id_of(fields)
        if kind == "Create":
            told["object_id"] = told["object_id"] or told["source_id"]
            made = made or ("Note" if told["object_id"] == told["source_id"] else None)
        told |= {
            "type": kind,
            "object_type": told["object_type"] or made,
            "published": self._moment(told["published"]),
            "value": _number(told["value"]),
        }
        extra = fields.get("extra")
        return ActDraft(**told, extra=extra if isinstance(extra, dict) else None)

    def _total(self, fields: dict[str, Any]) -> ObservationDraft:
        told = {name: _clean(fields.get(name)) for name in TOTAL_FIELDS}
        value = _number(told["value"])
        if value is None or told["metric"] is None or told["observed"] is None:
            raise Untranslatable(
                "missing-field", "A total needs what was counted, how many there were, and when."
            )
        published = None if told["published"] is None else self._moment(told["published"])
        return ObservationDraft(
            told["object_id"] or "", told["metric"], value, self._moment(told["observed"]), published,
            told["object_type"],
        )  # fmt: skip


def _fields(row: Broken) -> dict[str, Any]:
    return row.values if isinstance(row.values, dict) else {}


def _clean(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text.replace("\u202f", "").replace("\xa0", "").replace(",", "."))
    except ValueError:
        raise Untranslatable("bad-number", f"“{text[:40]}” is not a number.") from None


def mend(
    import_id: UUID, rows: Sequence[Broken], by: int | None, overrides: dict[str, Any] | None = None
) -> Mended:
    """Bring corrected rows in. Those that are settled already are passed over; those refused again go on waiting.

    Of a row that stands there twice the first counts.
    """
    with transaction.atomic():
        record = Import.objects.select_for_update().get(pk=import_id)
        known = settled_places(record, [row.place for row in rows])
        first = {row.place: row for row in reversed(rows)}
        todo = [row for row in rows if row.place not in known and first[row.place] is row]
        acts, totals, refused = _read(Reader(record, overrides), todo)
        for part in (
            ledger.append(record.channel, acts) if acts else None,
            ledger.observe(record.channel, totals) if totals else None,
        ):
            for again in part.rejects if part else []:
                refused.setdefault(again.line, again)
        inside = [(row.place, row.code) for row in todo if row.place not in refused]
        settle(record, inside, SettledReject.How.MENDED, by)
    return Mended(len(inside), list(refused.values()))


def _read(
    reader: Reader, rows: Sequence[Broken]
) -> tuple[list[tuple[int, ActDraft]], list[tuple[int, ObservationDraft]], dict[int, Reject]]:
    acts: list[tuple[int, ActDraft]] = []
    totals: list[tuple[int, ObservationDraft]] = []
    refused: dict[int, Reject] = {}
    for row in rows:
        try:
            drafts = reader.drafts(row)
        except Untranslatable as error:
            refused[row.place] = reject(row.place, error.code, error.reason, "")
            continue
        for draft in drafts:
            if isinstance(draft, ActDraft):
                acts.append((row.place, draft._replace(origin=None)))
            else:
                totals.append((row.place, draft))
    return acts, totals, refused
