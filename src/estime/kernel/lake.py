"""The lake: Delta tables that hold the ledger's numbers for analysis. Derived from the ledger, never its master.

Each write is one Delta commit that carries a cursor: how far its source was read. The cursor and the rows
become visible together, so a process killed at any point neither loses rows nor doubles them.
"""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import Transaction

_APP = "estime"


class Lake:
    """A folder (or object-store prefix) of Delta tables."""

    def __init__(self, url: str, storage_options: dict[str, str] | None = None) -> None:
        self.url = url.rstrip("/")
        self.options = storage_options

    @property
    def local(self) -> bool:
        """Whether the files can be opened by path."""
        return "://" not in self.url

    def _uri(self, name: str) -> str:
        return f"{self.url}/{name}"

    def table(self, name: str) -> DeltaTable | None:
        """The Delta table, or None when nothing was written yet."""
        try:
            return DeltaTable(self._uri(name), storage_options=self.options)
        except TableNotFoundError:
            return None

    def cursor(self, name: str) -> int | None:
        """The cursor of the last commit to this table, or None when there is no table."""
        table = self.table(name)
        return None if table is None else table.transaction_version(_APP)

    def files(self, name: str) -> list[str]:
        """The Parquet files that make up the table now (empty when there is none)."""
        table = self.table(name)
        return [] if table is None else table.file_uris()

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, *, stats: list[str]) -> None:
        """Add rows. `stats` names the columns whose bounds may stand in the log: never a key of a person."""
        self._write(name, rows, cursor, "append", stats)

    def overwrite(self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, *, stats: list[str]) -> None:
        """Replace all rows."""
        self._write(name, rows, cursor, "overwrite", stats)

    def _write(
        self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, mode: Any, stats: list[str]
    ) -> None:
        if self.local:
            Path(self.url).mkdir(parents=True, exist_ok=True)
        write_deltalake(
            self._uri(name),
            rows,
            mode=mode,
            configuration={"delta.dataSkippingStatsColumns": ",".join(stats)},
            commit_properties=_commit(cursor),
            storage_options=self.options,
        )

    def compact(self, name: str) -> None:
        """Join many small files into few large ones; the rows and the cursor stay."""
        table = self.table(name)
        if table is not None:
            table.optimize.compact(commit_properties=_commit(table.transaction_version(_APP) or 0))

    def erase(self, name: str, column: str, keys: list[int]) -> None:
        """Delete every row whose `column` is one of `keys`, and the files that ever held them from the disk."""
        table = self.table(name)
        if table is None:
            return
        names = ", ".join(str(int(key)) for key in keys)
        cursor = table.transaction_version(_APP) or 0
        table.delete(f"{column} IN ({names})", commit_properties=_commit(cursor))
        self.vacuum(name)

    def vacuum(self, name: str) -> None:
        """Remove files that no longer belong to the table."""
        table = self.table(name)
        if table is not None:
            table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True)

    def holding(self, name: str, column: str, keys: list[int]) -> list[str]:
        """Every Parquet file on disk, listed in the table or not, in which one of `keys` stands. A proof by scan."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        wanted = pa.array(keys, pa.int64())
        found = []
        for file in sorted(Path(self._uri(name)).rglob("*.parquet")):
            values = pq.read_table(file, columns=[column]).column(column) if _has(file, column) else None
            if values is not None and pc.any(pc.is_in(values, value_set=wanted)).as_py():
                found.append(str(file))
        return found

    def drop(self) -> None:
        """Remove the whole lake; `refresh --all` makes it anew."""
        if self.local:
            shutil.rmtree(self.url, ignore_errors=True)
        else:
            for name in ("acts", "persons"):
                table = self.table(name)
                if table is not None:
                    table.delete(commit_properties=_commit(0))
                    self.vacuum(name)


def _has(file: Path, column: str) -> bool:
    import pyarrow.parquet as pq

    return column in pq.read_schema(file).names


def _commit(cursor: int) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(_APP, cursor)])
