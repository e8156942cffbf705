"""Asking PostgreSQL what it has planned before: planning was three quarters of what it did for an idea’s page.

A statement is planned by name, once for each connection; psycopg keeps those asked for last. PgBouncer, where it pools
transactions, has to know names: 1.21 or newer, with `max_prepared_statements`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, NamedTuple

_KEPT: Final = 200
_NEVER: Final = 1 << 62
"""Executions after which psycopg would name what else is asked: Django's own texts, of which hardly two are alike."""


class _Said(NamedTuple):
    query: bytes


@contextmanager
def asking(connection: Any) -> Iterator[Any]:
    """A cursor for prepared queries; what is asked through it is counted and logged by Django as ever."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.cursor.close()
            cursor.cursor = _planned()(connection.connection)
        yield cursor


@lru_cache(maxsize=1)
def _planned() -> Any:
    import psycopg  # 60 ms that nobody with SQLite should pay for

    class Planned(psycopg.Cursor[Any]):
        def __init__(self, connection: Any) -> None:
            connection.prepare_threshold, connection.prepared_max = _NEVER, _KEPT
            super().__init__(connection)

        def execute(self, query: Any, params: Sequence[Any] | None = None) -> Any:  # type: ignore[override]
            super().execute(query, [_untyped(each) for each in params or ()], prepare=True)
            if self._query is None:  # psycopg keeps nothing of what it ran by name; Django’s log asks for it
                self._query = _Said(query.encode())  # type: ignore[assignment]
            return self

    return Planned


def _untyped(given: Any) -> Any:
    """A number as text without a type: else numbers of two, four and eight bytes make statements of their own."""
    return str(given) if type(given) is int else given
