"""What the engine is told of the lake's files."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from estime.kernel.engine import connect, read_lake
from estime.kernel.lake import Lake


def numbers(rows: int) -> pa.Table:
    return pa.table({"number": pa.array(range(rows), pa.int64())})


@pytest.mark.parametrize("sizes", [(90_000, 10, 10), (10, 10, 90_000)])
def test_a_small_file_does_not_make_a_table_look_small(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    lake = Lake(str(tmp_path / "lake"))
    for cursor, rows in enumerate(sizes):
        lake.append("numbers", numbers(rows), cursor, stats=[])
    backend = connect()
    table = read_lake(backend, lake, "numbers")
    assert table.count().to_pyarrow().as_py() == sum(sizes)
    plan = backend.con.execute(f"EXPLAIN (FORMAT json) {backend.compile(table)}").fetchall()[0][1]
    believed = [int(rows) for rows in re.findall(r'"Estimated Cardinality": "(\d+)"', plan)]
    backend.disconnect()
    assert believed
    assert min(believed) >= 90_000
