"""The analytics engine: DuckDB in this process, or a Spark cluster named by ESTIME_ENGINE_URL.

Measures are written once, as Ibis expressions, and run on either. Ibis is slow to import, so nothing that answers
`--help` or renders a page imports this module.
"""

import os
import sys
from pathlib import Path
from typing import Any

import ibis
from deltalake import DeltaTable

from estime.kernel.errors import EstimeError
from estime.kernel.lake import Lake

# Engines merge selects by themselves; Ibis takes a third of its time to do so before, and writes some things twice.
ibis.options.sql.fuse_selects = False


class BadEngine(EstimeError):
    """ESTIME_ENGINE_URL names no engine that can be reached."""

    code = "bad-engine"


def connect(url: str = "duckdb://", *, threads: int | None = None, memory: str | None = None) -> Any:
    """An Ibis backend for `duckdb://`, `spark://host:port` or `spark://local[n]`, with UTC as its time zone."""
    if url == "duckdb://":
        backend = ibis.duckdb.connect()
        backend.raw_sql("SET TimeZone = 'UTC'")
        backend.raw_sql("SET preserve_insertion_order = false")
        if threads:
            backend.raw_sql(f"SET threads = {int(threads)}")
        if memory:
            backend.raw_sql(f"SET memory_limit = '{memory}'")
        return backend
    if url.startswith("spark://"):
        return ibis.pyspark.connect(_spark_session(url))
    raise BadEngine(
        f"“{url}” is no engine.",
        todo="Set ESTIME_ENGINE_URL to duckdb://, spark://host:7077 or spark://local[2].",
    )


def _spark_session(url: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BadEngine(
            "PySpark is not installed.", todo="Run `pip install estime[spark]`; Java 17 is needed too."
        ) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    master = url.removeprefix("spark://") if url.startswith("spark://local") else url
    builder = SparkSession.builder.master(master).appName("estime")
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        # What is known of columns is lost at a checkpoint (Shelf.keep): Spark 4 then fails to look it up in a UNION.
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.driver.host": "127.0.0.1",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def read_lake(backend: Any, lake: Lake, name: str) -> Any:
    """A lake table as an Ibis table of this backend, or None when nothing was written yet."""
    files = lake.files(name)
    if not files:
        return None
    if backend.name == "pyspark":
        return backend.create_view(f"lake_{name}", backend.read_parquet(files), overwrite=True)
    if lake.local:
        # DuckDB takes all files to be like the first one. After many small refreshes that would be the latest of
        # them, and ten million rows would count as fewer than what is looked for in them.
        largest = sorted(files, key=lambda file: -Path(file).stat().st_size)
        return backend.read_parquet(largest, table_name=f"lake_{name}")
    return backend.read_in_memory(
        DeltaTable(f"{lake.url}/{name}", storage_options=lake.options).to_pyarrow_dataset()
    )
