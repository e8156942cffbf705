"""Channels whose last acts lie so far apart that what fades from one to the other is no number any more."""

from math import log
from typing import Any

import ibis
import pytest
from engagement_cases import Keys, acts_table, moment, on_engine

from estime.engagement.families import ALL
from estime.engagement.settings import DEFAULT_WEIGHTS, Settings
from estime.engagement.tables.compute import compute

HALF_LIFE = 0.25
AS_OF = {"old": moment("2020-01-31 12:00"), "new": moment("2024-01-31 12:00")}
"""1,461 days apart: 5,844 half-lives, and 2 to the power of that is too large for any number."""
ACTS = (
    {"channel": "old", "when": "2020-01-31 00:00", "who": "Ana", "type": "Create", "object": "a"},
    {"channel": "old", "when": "2019-01-31 00:00", "who": "Cleo", "type": "Create", "object": "c"},
    {"channel": "new", "when": "2024-01-31 00:00", "who": "Bo", "type": "Create", "object": "b"},
)
LATELY = DEFAULT_WEIGHTS["Create"] * log(1 + 2**-2)
"""An act of half a day, which is two half-lives, ago."""


def told(backend: Any, linked: bool) -> None:
    acts = on_engine(backend, acts_table(ACTS, Keys()), ibis.util.gen_name("acts"))
    settings = Settings(half_life=HALF_LIFE, linked=linked)
    figures = compute(backend, acts, settings=settings, as_of=AS_OF)
    found = {(f.scope, f.label): f.value for f in figures if f.measure == "behaviour"}
    assert found["new", "median"] == pytest.approx(LATELY)
    assert found["old", "p99"] == pytest.approx(LATELY), "told as of its own last act"
    assert found[ALL, "p99"] == pytest.approx(LATELY)
    assert found[ALL, "median"] == 0, "of long ago, nothing is left by now"
    assert found["old", "positive"] == pytest.approx(1 / 2)
    assert found[ALL, "positive"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("linked", [False, True])
def test_duckdb(duckdb: Any, linked: bool) -> None:
    told(duckdb, linked)


@pytest.mark.spark
@pytest.mark.slow
def test_spark(spark: Any) -> None:
    told(spark, False)
