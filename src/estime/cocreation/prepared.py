"""Queries of Django's that are built and compiled once, and asked many times (docs/decisions/0019-pages-of-a-place.md).

Building and compiling the fourteen queries of an idea's page took Django more than half of the page's time; asking them
took the database less than a millisecond. Here a query stays what it is, a queryset of models, and what Django made of
it is kept for each database, and for each number of things that it is asked for:

    OF_AUTHOR = Prepared(lambda author: Contribution.objects.filter(author=author).order_by("-pk")[:30])
    OF_AUTHOR.all(member.pk)

What is given stands in conditions only: a number, a text, a moment, or several numbers behind `__in` (none of them
match nothing; so never in `exclude`). Prefetching is left out: it builds its queries each time.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.models.query import ModelIterable

from estime.cocreation.prepared_rows import Rows
from estime.ledger.api import planned_cursor

Row = TypeVar("Row")
Given = int | str | datetime | Collection[int]
_MARK: Final = re.compile("%s|%%")
_STEPS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Several things are filled up to so many by one of them: few statements serve all numbers."""


class _Place(NamedTuple):
    """Where something that is given goes; `number`: which of several."""

    given: int
    number: int = -1


class _Slot(Expression):
    """Stands in a condition for what will be given."""

    def __init__(self, given: int, several: int) -> None:
        super().__init__()
        self.given, self.several = given, several

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # names
        if not self.several:
            return "%s", [_Place(self.given)]
        marks = ", ".join(["%s"] * self.several)
        return f"({marks})", [_Place(self.given, number) for number in range(self.several)]


class _Kept(NamedTuple):
    """What Django made of a queryset. `places`: of the parameters that are given; the others never change."""

    sql: str
    params: list[Any]
    places: list[tuple[int, _Place]]
    rows: Rows


class Prepared(Generic[Row]):
    """One query. `make` gets something for each thing that will be given, and puts it into conditions.

    `plan_once`: PostgreSQL plans it once (ledger/prepared.py). For what is found by its key or by one index whoever
    asks; not where the best way depends on what is given, as between what one member gave and what ten thousand did.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *, plan_once: bool = False) -> None:
        self._make, self._plan_once = make, plan_once
        self._kept: dict[tuple[Any, ...], _Kept] = {}

    def all(self, *given: Given) -> list[Row]:
        """Every row."""
        several = [0 if isinstance(each, (int, str, datetime)) else _step(len(each)) for each in given]
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (connection.vendor, *several)
        kept = self._kept.get(shape) or self._keep(shape)
        values = [_value(each, step, connection) for each, step in zip(given, several, strict=True)]
        params = list(kept.params)
        for at, (which, number) in kept.places:
            params[at] = values[which] if number < 0 else values[which][number]
        with planned_cursor(connection) if self._plan_once else connection.cursor() as cursor:
            cursor.execute(kept.sql, params)
            rows = cursor.fetchall()
        return cast("list[Row]", kept.rows.read(rows, connection))

    def first(self, *given: Given) -> Row | None:
        """The first row; the query should ask for no more."""
        return next(iter(self.all(*given)), None)

    def _keep(self, shape: tuple[Any, ...]) -> _Kept:
        found: Any = self._make(*(_Slot(number, several) for number, several in enumerate(shape[1:])))
        compiler = found.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = _with_constants(*compiler.as_sql())
        places = [(at, param) for at, param in enumerate(params) if isinstance(param, _Place)]
        models = issubclass(found._iterable_class, ModelIterable)
        kept = self._kept[shape] = _Kept(sql, list(params), places, Rows(compiler, models=models))
        return kept


def _with_constants(sql: str, params: Iterable[Any]) -> tuple[str, list[Any]]:
    """With what never changes written into the statement: else SQLite does not see that a partial index holds it."""
    given, left = iter(params), []

    def written(mark: re.Match[str]) -> str:
        if mark.group() == "%%":
            return "%%"
        value = next(given)
        if type(value) is int:
            return str(value)
        if type(value) is str and "\0" not in value:
            return "'" + value.replace("'", "''").replace("%", "%%") + "'"
        left.append(value)
        return "%s"

    return _MARK.sub(written, sql), left


def _step(number: int) -> int:
    return next((step for step in _STEPS if step >= number), number)


def _value(given: Given, several: int, connection: Any) -> Any:
    """What is given, as the database takes it. None of several are NULL, which equals nothing."""
    if isinstance(given, datetime):
        return connection.ops.adapt_datetimefield_value(given)
    if isinstance(given, (int, str)):
        return given
    told: list[int | None] = list(given) or [None]
    return told + told[-1:] * (several - len(told))
