"""Statements that PostgreSQL plans once for each connection: planning a small one takes longer than running it.

psycopg names them in the protocol (Parse, Bind, Close; no PREPARE in SQL), keeps those asked for last, and forgets them
where it cannot know what the server holds: after a rollback it says DEALLOCATE ALL. Where a pooler hands connections
around between transactions and knows no names, `ESTIME_POOLER` switches it off: then PostgreSQL plans each time
(docs/running.md). SQLite's driver keeps its statements by itself.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection as default

_KEPT: Final = 200
_NEVER: Final = 1 << 62
"""Executions after which psycopg would name what else is asked: Django's own texts, of which hardly two are alike."""
_TYPED: Final = re.compile(r"%s::[a-z]+( precision)?")


class _Said(NamedTuple):
    query: bytes


def execute_prepared(cursor: Any, statement: str, values: Sequence[Any]) -> None:
    """Run a statement with `%s` for its values, each of which has its type beside it: `%s::bigint`.

    The text has to be one of a few. `cursor`: one of Django's; from then on it plans everything once.
    """
    if default.vendor != "postgresql":
        cursor.execute(_untyped(statement), values)
        return
    if not settings.ESTIME_NAMED_STATEMENTS:
        cursor.execute(statement, values)
        return
    if not isinstance(cursor.cursor, _planned()):
        _replace(cursor, default)
    cursor.execute(statement, values)


@contextmanager
def planned_cursor(connection: Any) -> Iterator[Any]:
    """A cursor that plans once; what is asked through it is counted and logged by Django as ever."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and settings.ESTIME_NAMED_STATEMENTS:
            _replace(cursor, connection)
        yield cursor


def _replace(cursor: Any, connection: Any) -> None:
    cursor.cursor.close()
    cursor.cursor = _planned()(connection.connection)


@lru_cache(maxsize=1)
def _planned() -> Any:
    import psycopg  # 60 ms that nobody with SQLite should pay for

    class Planned(psycopg.Cursor[Any]):
        def __init__(self, connection: Any) -> None:
            connection.prepare_threshold, connection.prepared_max = _NEVER, _KEPT
            super().__init__(connection)

        def execute(self, query: Any, params: Sequence[Any] | None = None) -> Any:  # type: ignore[override]
            super().execute(query, [_as_text(each) for each in params or ()], prepare=True)
            if self._query is None:  # psycopg keeps nothing of what it ran by name; Django's log asks for it
                self._query = _Said(query.encode())  # type: ignore[assignment]
            return self

    return Planned


def _as_text(given: Any) -> Any:
    """A number as text without a type: else numbers of two, four and eight bytes make statements of their own."""
    return str(given) if type(given) is int else given


@lru_cache(maxsize=256)
def _untyped(statement: str) -> str:
    """The statement as SQLite reads it: without the types."""
    return _TYPED.sub("%s", statement)
