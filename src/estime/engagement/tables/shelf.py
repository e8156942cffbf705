"""Tables that several measures read are computed once and kept until the end."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

import ibis
import pyarrow as pa
from ibis.expr.operations import DatabaseTable, Namespace

from estime.engagement.tables.table import Table

Rows = list[dict[str, Any]]


class Shelf:
    """Keeps intermediate tables on the engine; leaving the `with` block drops them.

    With `ahead`, DuckDB works in a thread of its own, in the order in which it is asked: Ibis takes as long to write
    a question of a small community, or of what is new in a large one, as DuckDB to answer it. Whoever asks must not
    go past the shelf to the same engine before `settle`.
    """

    def __init__(self, backend: ibis.BaseBackend, *, ahead: bool = False) -> None:
        self._backend: Any = backend
        self._names: list[str] = []
        self._views: list[str] = []
        self._engine = ThreadPoolExecutor(1) if ahead and backend.name == "duckdb" else None
        self._asked: list[Future[Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._engine is not None:
            if error is not None:
                self._stop(self._engine)
            self._engine.shutdown()
        # Not `drop_table`, nor `cache` on DuckDB: Ibis 12 on sqlglot 30.30 writes a DROP without a name.
        for name in self._names:
            self._backend.raw_sql(f'DROP TABLE IF EXISTS temp.main."{name}"')
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
        statement = f'CREATE TEMP TABLE "{name}" AS {self._backend.compile(table)}'
        self._names.append(name)
        self._do(lambda: self._ran(table, statement))
        # By the types it was asked for: DuckDB would tell of those that it chose, and be asked about each table.
        place = Namespace(catalog="temp", database="main")
        return DatabaseTable(
            name=name, schema=table.schema(), source=self._backend, namespace=place
        ).to_expr()

    def add(self, kept: Table, more: Table) -> Table:
        """`kept`, which this shelf keeps, and after it the rows of `more`: what is asked of it later finds both."""
        if self._backend.name != "duckdb":
            return self.keep(kept.union(more))
        statement = (
            f'INSERT INTO temp.main."{kept.op().name}" {self._backend.compile(more.select(*kept.columns))}'
        )
        self._do(lambda: self._ran(more, statement))
        return kept

    def ask(self, table: Table) -> Callable[[], Rows]:
        """A small result, in Python, for whoever calls what is returned."""
        if self._engine is None:
            found = rows(table)
            return lambda: found
        query = self._backend.compile(table)
        asked = self._do(lambda: self._answered(table, query))
        return lambda: _in_python(table, asked.result())

    def rows(self, table: Table) -> Rows:
        """A small result, in Python."""
        return self.ask(table)()

    def settle(self) -> None:
        """Wait until all is done that was asked for."""
        if self._asked:
            self._asked[-1].result()

    def _stop(self, engine: ThreadPoolExecutor) -> None:
        """Nothing more is wanted. What is about to begin cannot be interrupted yet, so more than once."""
        engine.shutdown(wait=False, cancel_futures=True)
        while wait(self._asked, timeout=0.05).not_done:
            self._backend.con.interrupt()

    def _do(self, work: Callable[[], Any]) -> "Future[Any]":
        if self._engine is None:
            done: Future[Any] = Future()
            done.set_result(work())
            return done
        before = self._asked[-1] if self._asked else None

        def after() -> Any:
            if before is not None:
                before.result()  # what failed is told, not what lacks its table
            return work()

        self._asked.append(self._engine.submit(after))
        return self._asked[-1]

    def _ran(self, table: Table, statement: str) -> None:
        self._backend._run_pre_execute_hooks(table)
        self._backend.raw_sql(statement)

    def _answered(self, table: Table, query: str) -> pa.Table:
        self._backend._run_pre_execute_hooks(table)
        return self._backend.con.sql(query).to_arrow_table()


def rows(table: Table) -> Rows:
    """A small result, in Python."""
    found: Rows = table.to_pyarrow().to_pylist()
    return found


def _in_python(table: Table, found: pa.Table) -> Rows:
    from ibis.backends.duckdb.converter import DuckDBPyArrowData

    told: Rows = table.__pyarrow_result__(found, data_mapper=DuckDBPyArrowData).to_pylist()
    return told
