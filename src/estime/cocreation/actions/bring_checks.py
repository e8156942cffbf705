"""What no row of an import may be, whoever made it: acts are checked by the ledger, and many rows have none."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from estime.cocreation.bringing import LONGEST_SOURCE, Brings, Brought, Choosable, Chosen, Given, Thing
from estime.kernel import clock

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
SLACK: Final = timedelta(days=1)
"""Clocks elsewhere may be ahead of ours by so much."""
LONGEST_TEXT: Final = 1_000_000
MOST: Final = 1_000_000_000
"""Supporters, points or a rank: beyond, it is a mistake of the source."""
DEAREST: Final = Decimal(10) ** 11


def rows_checked(rows: Sequence[Brings], told: Brought) -> list[Brings]:
    """The rows that may come in; the others are refused, each with its reason, and their acts are not written."""
    latest = clock.now() + SLACK
    kept = []
    for row in rows:
        problem = "" if row.thing is None else _problem(row.thing, latest)
        if problem:
            told.refuse(row.line, problem, row.thing)
        else:
            kept.append(row)
    return kept


def _problem(thing: Thing, latest: datetime) -> str:
    names = [getattr(thing, field, None) for field in ("source", "by", "on", "answers")]
    names += thing.of if isinstance(thing, Chosen) else ()
    if any(name is not None and len(name) > LONGEST_SOURCE for name in names):
        return "name-too-long"
    moments = [thing.at, thing.withdrawn] if isinstance(thing, Given) else [thing.at]
    if any(at is not None and not EARLIEST <= at <= latest for at in moments):
        return "out-of-time"
    if (isinstance(thing, Given) and thing.supports > MOST) or (
        isinstance(thing, Chosen) and abs(thing.mark) > MOST
    ):
        return "too-many"
    if isinstance(thing, Choosable) and thing.cost is not None and not 0 < Decimal(thing.cost) < DEAREST:
        return "no-cost"
    texts = [getattr(thing, field, "") for field in ("title", "body", "reason")]
    return "text-too-long" if sum(map(len, texts)) > LONGEST_TEXT else ""
