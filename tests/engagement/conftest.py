"""The engines: DuckDB always, Spark once per run where it is installed."""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import ibis
import pytest
from kept import Sql

MISSING = (
    "Spark tests need PySpark and Java 17: pip install '.[spark]' and apt-get install openjdk-17-jre-headless"
)


@pytest.fixture
def duckdb(kept_sql: Sql, request: pytest.FixtureRequest) -> Iterator[Any]:
    if "spark" in request.fixturenames:  # that session is of all tests: names in it may not begin anew
        yield ibis.duckdb.connect()
        return
    with kept_sql.counted():
        yield ibis.duckdb.connect()


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    if not _spark_is_there():
        if os.environ.get("ESTIME_REQUIRE_ALL") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # A short life: the quick compiler alone and the small collector halve the time.
    os.environ["JDK_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        # A few rows each: interpreting a plan is quicker than compiling it.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.constraintPropagation.enabled", "false")  # as in kernel/engine.py
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


def _spark_is_there() -> bool:
    java = shutil.which("java") is not None or "JAVA_HOME" in os.environ
    return java and find_spec("pyspark") is not None
