"""Protects the shelf that works ahead: what fails first is told, nothing stays, and whoever stops need not wait."""

from collections.abc import Iterator
from typing import Any

import duckdb
import ibis
import pytest

from estime.engagement.tables.shelf import Shelf


@pytest.fixture
def engine() -> Iterator[Any]:
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


def numbers(engine: Any, count: int) -> Any:
    return ibis.range(count).unnest().name("n").as_table()


@pytest.mark.parametrize("ahead", [False, True])
def test_what_is_kept_can_be_asked_and_is_gone_afterwards(engine: Any, ahead: bool) -> None:
    with Shelf(engine, ahead=ahead) as shelf:
        kept = shelf.keep(numbers(engine, 7).filter(lambda t: t.n > 2))
        doubled = shelf.ask(kept.select(n=kept.n * 2).order_by("n"))
        asked = shelf.ask(kept.aggregate(total=kept.n.sum()))
        assert [row["n"] for row in doubled()] == [6, 8, 10, 12]
        assert asked() == asked() == [{"total": 18}]
        shelf.settle()
        assert engine.raw_sql("SELECT count(*) FROM duckdb_tables()").fetchone() == (1,)
    assert engine.raw_sql("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_what_failed_first_is_told_wherever_one_waits(engine: Any) -> None:
    with Shelf(engine, ahead=True) as shelf:
        broken = shelf.keep(numbers(engine, 3).select(n=ibis.literal("no number").cast("int64")))
        later = shelf.ask(broken.aggregate(total=broken.n.sum()))
        for wait in (later, shelf.settle):
            with pytest.raises(duckdb.ConversionException, match="no number"):
                wait()


def test_whoever_stops_need_not_wait_for_the_engine(engine: Any) -> None:
    """It would take days."""
    with pytest.raises(KeyboardInterrupt), Shelf(engine, ahead=True) as shelf:
        many = numbers(engine, 10**7)
        endless = many.cross_join(numbers(engine, 10**7).rename(m="n"))
        shelf.ask(endless.aggregate(total=(endless.n % (endless.m + 1)).sum()))
        raise KeyboardInterrupt
    assert engine.raw_sql("SELECT 1").fetchone() == (1,)
