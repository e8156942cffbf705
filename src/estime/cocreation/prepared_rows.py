"""Rows of the database as models: what Django's own iterable does, with all that can be known before known.

A model is put together without its `__init__`, which sends two signals and sets each field alone: nobody listens to
them here, and no field of ours minds (tests/cocreation/test_prepared.py compares both ways for every query).
Columns that were not asked for are read when they are needed, as always.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS
from django.db.models.base import ModelState

Convert = Callable[[Any, Any, Any], Any]


class _Part(NamedTuple):
    """A model within a row: its columns are those from `start` to `end`. `key`: the column of its primary key."""

    model: Any
    names: list[str]
    start: int
    end: int
    key: int
    parts: "list[_Part]"
    local: Callable[[Any, Any], None] | None
    remote: Callable[[Any, Any], None] | None


class Rows:
    """How the rows of one compiled query are read; `compiler`: Django's, which has made its SQL.

    `models`: as models, else as tuples.
    """

    def __init__(self, compiler: Any, *, models: bool) -> None:
        select = compiler.select
        self._root = _part(compiler.klass_info, select) if models else None
        self._notes = list((compiler.annotation_col_map or {}).items())
        self._columns = [each[0] for each in select[: compiler.col_count]]
        self._converters: WeakKeyDictionary[Any, list[tuple[int, list[Convert], Any]]] = WeakKeyDictionary()

    def read(self, rows: Iterable[Any], connection: Any) -> list[Any]:
        """What rows say, in their order."""
        converters = self._converters_of(connection)
        if converters:
            rows = [_converted(list(row), converters, connection) for row in rows]
        if self._root is None:
            return [tuple(row) for row in rows]
        return [self._made(self._root, row) for row in rows]

    def _made(self, root: _Part, row: Any) -> Any:
        one = _object(root, row)
        for name, at in self._notes:
            setattr(one, name, row[at])
        return one

    def _converters_of(self, connection: Any) -> list[tuple[int, list[Convert], Any]]:
        """By column. Kept for each connection, to which some of them belong."""
        known = self._converters.get(connection)
        if known is None:
            told = (
                (
                    at,
                    [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)],
                    column,
                )
                for at, column in enumerate(self._columns)
            )
            known = self._converters[connection] = [each for each in told if each[1]]
        return known


def _part(info: dict[str, Any], select: Any) -> _Part:
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [each[0].target.attname for each in select[start:end]]
    return _Part(
        info["model"],
        names,
        start,
        end,
        start + names.index(info["model"]._meta.pk.attname),
        [_part(each, select) for each in info.get("related_klass_infos", [])],
        info.get("local_setter"),
        info.get("remote_setter"),
    )


def _converted(
    row: list[Any], converters: list[tuple[int, list[Convert], Any]], connection: Any
) -> list[Any]:
    for at, steps, column in converters:
        value = row[at]
        if value is not None:
            for step in steps:
                value = step(value, column, connection)
            row[at] = value
    return row


def _object(part: _Part, row: Any) -> Any:
    one = part.model.__new__(part.model)
    one._state = state = ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    one.__dict__.update(zip(part.names, row[part.start : part.end], strict=True))
    for each in part.parts:
        other = None if row[each.key] is None else _object(each, row)
        if each.local is not None:
            each.local(one, other)
        if other is not None and each.remote is not None:
            each.remote(other, one)
    return one
