"""Tables that several measures read are computed once and kept until the end."""

from types import TracebackType
from typing import Any, Self

import ibis

from estime.engagement.tables.table import Table


class Shelf:
    """Keeps intermediate tables on the engine; leaving the `with` block drops them."""

    def __init__(self, backend: ibis.BaseBackend) -> None:
        self._backend: Any = backend
        self._names: list[str] = []
        self._views: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not `drop_table`, nor `cache` on DuckDB: Ibis 12 on sqlglot 30.30 writes a DROP without a name.
        for name in self._names:
            self._backend.raw_sql(f'DROP TABLE temp.main."{name}"')
        for name in self._views:
            self._backend._session.catalog.dropTempView(name)

    def keep(self, table: Table) -> Table:
        """The same table, computed."""
        name = ibis.util.gen_name("estime")
        if self._backend.name != "duckdb":
            # A checkpoint, not a cached table: that one is planned again wherever it is read, with all it was made of.
            self._backend._run_pre_execute_hooks(table)
            self._backend._session.sql(self._backend.compile(table)).localCheckpoint().createTempView(name)
            self._views.append(name)
            return self._backend.table(name)
        # What `create_table` does at three times the cost, building the statement out of copies.
        self._backend._run_pre_execute_hooks(table)
        self._backend.raw_sql(f'CREATE TEMP TABLE "{name}" AS {self._backend.compile(table)}')
        self._names.append(name)
        return self._backend.table(name, database=("temp", "main"))


def rows(table: Table) -> list[dict[str, Any]]:
    """A small result, in Python."""
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found
