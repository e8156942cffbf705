"""Rows of a table or JSON objects to drafts, as a mapping says.

A mapping is compiled once into functions; what is compiled does not look at the mapping again.
"""

import math
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dict
from datetime import datetime
from functools import lru_cache
from typing import Any

from estime.channels.headers import TYPE_WORDS, folded
from estime.channels.identity import DerivedIds
from estime.channels.mapping import FieldSpec, Mapping
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.rows import Draft, Untranslatable
from estime.ledger.drafts import ActDraft, ObservationDraft

Cell = Callable[[Any], object]
Bind = Callable[[str], Cell]
"""Given the name of a column, a function that takes a row and gives the cell (None when empty)."""


_PUBLISHED, _VALUE = ActDraft._fields.index("published"), ActDraft._fields.index("value")


class Translator:
    """Turns rows into drafts. `translate` raises Untranslatable for a row that cannot be."""

    def __init__(
        self,
        mapping: Mapping,
        options: ReadOptions,
        bind: Bind,
        content_of: Callable[[Any], object],
        extra_of: Callable[[Any], dict[str, object]],
    ) -> None:
        self._decimal = mapping.decimal
        self._moment = moment_reader(options.time_format, options.zone)
        cells = {name: cell_of(spec, bind) for name, spec in mapping.fields.items()}
        self._published = cells.pop("published", None)
        self._value = cells.pop("value", None)
        self._texts = [(ActDraft._fields.index(name), name, cell) for name, cell in cells.items()]
        self._observation = {name: cell_of(spec, bind) for name, spec in mapping.observation.items()}
        self._about_object = [(m, cell_of(s, bind)) for m, s in mapping.observations.items()]
        self._about_channel = [(m, cell_of(s, bind)) for m, s in mapping.channel_observations.items()]
        self._extra_of = extra_of
        parts = [bind(column) for column in mapping.id_from]
        self._content_of = (lambda row: [part(row) for part in parts]) if parts else content_of
        self._page = (options.account or options.channel or "") if mapping.format == "insights" else None
        self._observed = options.observed_at
        self._ids = DerivedIds()

    def translate(self, row: Any) -> list[Draft]:
        """The act of a row, if it tells one, then its observations."""
        drafts: list[Draft] = []
        act = self._act(row) if self._published is not None else None
        if act is not None:
            drafts.append(act)
        if self._about_object or self._about_channel:
            drafts += self._observations(row, act)
        return drafts

    def _act(self, row: Any) -> ActDraft:
        found: list[Any] = [None] * len(ActDraft._fields)
        for place, name, cell in self._texts:
            value = cell(row)
            found[place] = value or None if value.__class__ is str else _text(value, name)
        assert self._published is not None  # noqa: S101  (`translate` has looked)
        found[_PUBLISHED] = self._moment(_required(self._published(row), "published"))
        if self._value is not None:
            found[_VALUE] = self._number(self._value(row), "value")
        draft = ActDraft._make(found)
        source_id = draft.source_id or self._ids.id_of(self._content_of(row))
        actor, spoken_for = draft.actor, draft.on_behalf_of
        if self._page is not None:
            actor = actor or _page_of(source_id) or self._page
            spoken_for = spoken_for or actor
        kind, made = kind_of(draft.type)
        object_id = source_id if draft.object_id is None and kind == "Create" else draft.object_id
        made = draft.object_type or made
        if made is None and kind == "Create" and object_id == source_id:
            made = "Note"
        return ActDraft(
            source_id, str(_required(actor, "actor")), kind, draft.published, object_id, made,
            draft.in_reply_to, draft.context, draft.content, draft.lang, draft.value, draft.unit,
            draft.incentive, spoken_for, self._extra_of(row) or None,
        )  # fmt: skip

    def _observations(self, row: Any, act: ActDraft | None) -> list[Draft]:
        given = {name: cell(row) for name, cell in self._observation.items()}
        published = self._when(given.get("published")) or (act.published if act else None)
        observed = self._when(given.get("observed")) or self._observed or published
        if observed is None:
            raise Untranslatable("missing-field", "The row does not say when the total stood so.")
        object_id = _text(given.get("object_id"), "object_id") or (act.object_id if act else None)
        object_type = _text(given.get("object_type"), "object_type") or (act.object_type if act else None)
        drafts: list[Draft] = []
        for metric, cell in self._about_object:
            value = self._number(cell(row), metric)
            if value is not None:
                if object_id is None:
                    raise Untranslatable("missing-field", "The row does not say what its totals are about.")
                drafts.append(ObservationDraft(object_id, metric, value, observed, published, object_type))
        for metric, cell in self._about_channel:
            value = self._number(cell(row), metric)
            if value is not None:
                drafts.append(ObservationDraft("", metric, value, observed))
        return drafts

    def _when(self, value: object) -> datetime | None:
        return None if value is None else self._moment(value)

    def _number(self, value: object, field: str) -> float | None:
        if value is None:
            return None
        if isinstance(value, str):
            text = value.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
            if self._decimal == ",":
                text = text.replace(".", "").replace(",", ".")
            try:
                number = float(text) if "_" not in text else math.nan
            except ValueError:
                number = math.nan
        elif isinstance(value, bool) or not hasattr(value, "__float__"):
            number = math.nan
        else:
            number = float(value)
        if not math.isfinite(number):
            raise Untranslatable("bad-number", f"“{str(value)[:40]}” in “{field}” is not a number.")
        return number


def cell_of(spec: FieldSpec, bind: Bind) -> Cell:
    """Compile where a value comes from, then what replaces it."""
    cell = _origin(spec, bind)
    if spec.map is None and spec.default is None and not spec.prefix:
        return cell
    replaced, default, prefix = spec.map or {}, spec.default, spec.prefix

    def read(row: Any) -> object:
        value = cell(row)
        if replaced and value is not None:
            value = replaced.get(_cell_text(value), None if default is not None else value)
        if value is None:
            return default
        return f"{prefix}{value}" if prefix else value

    return read


def _origin(spec: FieldSpec, bind: Bind) -> Cell:
    if spec.column is not None:
        return bind(spec.column)
    if spec.columns:
        parts = [bind(column) for column in spec.columns]

        def joined(row: Any) -> object:
            found = [part(row) for part in parts]
            return spec.join.join(_cell_text(v) for v in found if v is not None) or None

        return joined
    if spec.template is not None:
        return _template(spec.template, bind)
    constant = spec.constant if spec.constant != "" else None
    return lambda row: constant


def _template(template: str, bind: Bind) -> Cell:
    pieces = re.split(r"\{([^{}]+)\}", template)
    cells = {name: bind(name) for name in pieces[1::2]}

    def filled(row: Any) -> object:
        values = {name: cell(row) for name, cell in cells.items()}
        if any(value is None for value in values.values()):
            return None
        return "".join(_cell_text(values[p]) if i % 2 else p for i, p in enumerate(pieces))

    return filled


def _cell_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _required(value: object, field: str) -> object:
    if value is None or value == "":
        raise Untranslatable("missing-field", f"The row has no “{field}”.")
    return value


def _text(value: object, field: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise Untranslatable("bad-field", f"“{field}” is not a text or a number.")
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise Untranslatable("bad-encoding", f"“{field}” holds bytes that are not UTF-8.") from None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _cell_text(value)


@lru_cache(maxsize=1024)
def kind_of(word: str | None) -> tuple[str, str | None]:
    """The activity type of a word people write, and what it made: "vote" makes a Vote."""
    if word is None:
        return "Create", None
    if folded(word) == "vote":
        return "Create", "Vote"
    return TYPE_WORDS.get(folded(word), word), None


def _page_of(source_id: str) -> str | None:
    """Facebook's post ids begin with the id of the page: 112215632152510_1227450240629038."""
    page, mark, post = source_id.partition("_")
    return page if mark and page.isdigit() and post.isdigit() else None


def path_getter(path: str) -> Cell:
    """A function that reads a path such as user.name or tags.0 from a JSON object."""
    parts = path.split(".")

    def read(row: Any) -> object:
        if path in row:
            return None if row[path] == "" else row[path]
        value: Any = row
        for part in parts:
            if isinstance(value, Dict):
                value = value.get(part)
            elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdecimal():
                value = value[int(part)] if int(part) < len(value) else None
            else:
                return None
        return None if value == "" else value

    return read


def columns_used(mapping: Mapping) -> set[str]:
    """The columns (or the first parts of paths) that a mapping reads."""
    used: set[str] = set()
    for specs in (mapping.fields, mapping.observations, mapping.channel_observations, mapping.observation):
        for spec in specs.values():
            used.update(spec.columns)
            used.update(re.findall(r"\{([^{}]+)\}", spec.template or ""))
            if spec.column is not None:
                used.add(spec.column)
    return used


def extras_kept(mapping: Mapping, columns: Sequence[str]) -> list[str]:
    """The columns that go into the act's extra."""
    if mapping.extra == "drop":
        return []
    if mapping.extra == "keep":
        used = columns_used(mapping)
        return [name for name in columns if name and name not in used]
    return [name for name in columns if name in mapping.extra]
