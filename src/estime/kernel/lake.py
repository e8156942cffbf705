"""The lake: Delta tables that hold the ledger's numbers for analysis. Derived from the ledger, never its master.

Each write is one Delta commit that carries a cursor: how far its source was read. The cursor and the rows
become visible together, so a process killed at any point neither loses rows nor doubles them.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import Transaction

from estime.kernel.errors import EstimeError

_APP = "estime"
_LAYOUT = WriterProperties(
    max_row_group_size=131_072
)  # small enough for a scan to skip those it needs nothing of
_DROPPED = "dropped-"


class LakeBroken(EstimeError):
    """The lake's files were lost or cut short, as a power cut or a full disk may leave them."""

    code = "lake-broken"


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
        """The Delta table, or None when nothing was written yet. Raises `LakeBroken` if its log cannot be read."""
        try:
            return DeltaTable(self._uri(name), storage_options=self.options)
        except TableNotFoundError:
            return None
        except DeltaError as error:
            if not self.local:
                raise
            raise _broken() from error

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """While the body works on the lake: a failure whose cause is a lost or cut file becomes `LakeBroken`."""
        try:
            yield
        except EstimeError:
            raise
        except Exception as error:  # each engine has its own errors: the files tell what was the matter
            if self.local and not self._whole():
                raise _broken() from error
            raise

    def _whole(self) -> bool:
        import pyarrow.parquet as pq

        try:
            for log in Path(self.url).glob("*/_delta_log"):
                for file in self.files(log.parent.name):
                    pq.read_metadata(file)
        except (OSError, pa.ArrowException, EstimeError):
            return False
        return True

    def cursor(self, name: str) -> int | None:
        """The cursor of the last commit to this table, or None when there is no table."""
        table = self.table(name)
        return None if table is None else table.transaction_version(_APP)

    def files(self, name: str) -> list[str]:
        """The Parquet files that make up the table now (empty when there is none)."""
        table = self.table(name)
        return [] if table is None else table.file_uris()

    def append(
        self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, *, stats: list[str]
    ) -> None:
        """Add rows. `stats` names the columns whose bounds may stand in the log: never a key of a person."""
        self._write(name, rows, cursor, "append", stats)

    def overwrite(
        self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, *, stats: list[str]
    ) -> None:
        """Replace all rows."""
        self._write(name, rows, cursor, "overwrite", stats)

    def _write(
        self, name: str, rows: pa.Table | pa.RecordBatchReader, cursor: int, mode: Any, stats: list[str]
    ) -> None:
        if self.local:
            Path(self.url).mkdir(parents=True, exist_ok=True)
            self._remove_dropped()
        write_deltalake(
            self._uri(name),
            rows,
            mode=mode,
            configuration={"delta.dataSkippingStatsColumns": ",".join(stats)},
            commit_properties=_commit(cursor),
            storage_options=self.options,
            writer_properties=_LAYOUT,
        )

    def compact(self, name: str) -> None:
        """Join many small files into few large ones; the rows and the cursor stay."""
        table = self.table(name)
        if table is not None:
            table.optimize.compact(
                commit_properties=_commit(table.transaction_version(_APP) or 0), writer_properties=_LAYOUT
            )

    def erase(self, name: str, column: str, keys: list[int]) -> None:
        """Take out every row whose `column` is one of `keys`, and remove the files that ever held them.

        The table is written anew rather than DELETEd from: Delta keeps the condition of a DELETE, and with it the
        keys, in its log.
        """
        self._remove_dropped()
        table = self.table(name)
        if table is None:
            return
        rows = table.to_pyarrow_dataset()
        if column in rows.schema.names:
            kept = rows.scanner(filter=~pc.field(column).isin(keys)).to_reader()
            write_deltalake(
                table,
                kept,
                mode="overwrite",
                commit_properties=_commit(table.transaction_version(_APP) or 0),
                storage_options=self.options,
                writer_properties=_LAYOUT,
            )
        self.vacuum(name)

    def vacuum(self, name: str) -> None:
        """Remove files that no longer belong to the table."""
        table = self.table(name)
        if table is not None:
            table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True)

    def holding(self, name: str, column: str, keys: list[int]) -> list[str]:
        """Every Parquet file on disk, listed in the table or not, in which one of `keys` stands. A proof by scan."""
        import pyarrow.parquet as pq

        wanted = pa.array(keys, pa.int64())
        found = []
        for file in sorted(Path(self._uri(name)).rglob("*.parquet")):
            values = pq.read_table(file, columns=[column]).column(column) if _has(file, column) else None
            if values is not None and pc.any(pc.is_in(values, value_set=wanted)).as_py():
                found.append(str(file))
        return found

    def _remove_dropped(self) -> None:
        if self.local:
            for folder in Path(self.url).glob(f"{_DROPPED}*"):
                shutil.rmtree(folder, ignore_errors=True)

    def drop(self) -> None:
        """Remove the whole lake; `refresh --all` makes it anew.

        A table is moved aside before its files go, so that a process killed on the way leaves no half of one.
        """
        if self.local:
            for folder in sorted(Path(self.url).glob("*/_delta_log"), reverse=True):
                table_folder = folder.parent
                if not table_folder.name.startswith(_DROPPED):
                    aside = f"{_DROPPED}{table_folder.name}-{secrets.token_hex(4)}"
                    table_folder.rename(table_folder.with_name(aside))
            self._remove_dropped()
        else:
            for name in ("acts", "persons", "readings"):
                table = self.table(name)
                if table is not None:
                    table.delete(commit_properties=_commit(0))
                    self.vacuum(name)


def _has(file: Path, column: str) -> bool:
    import pyarrow.parquet as pq

    return column in pq.read_schema(file).names


def _broken() -> LakeBroken:
    return LakeBroken(
        "The lake, the copy of the ledger for analysis, has files that were lost or cut short.",
        todo="Run `estime refresh --all`: it makes the lake anew from the ledger, where nothing is missing.",
    )


def _commit(cursor: int) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(_APP, cursor)])
