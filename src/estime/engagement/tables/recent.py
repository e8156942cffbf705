"""The acts that a limited computation reads: the recent past, and of the old only what it touches.

The lake is scanned twice, whatever is asked: once for the recent past, which is quick because files and row groups
know their days, and once for old acts that recent ones point to or that point to recent ones. Only when something
new touches an old week or month is that read too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import ibis

from estime.engagement.families import JOINING, LEAVING, VOTE
from estime.engagement.settings import Settings
from estime.engagement.tables.prepare import DAY, month_of, week_of
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

READ = (
    "batch seq channel account type object_type source_key object_key reply_key thread_key published day value"
    " spontaneous spoken_for"
).split()


@dataclass(frozen=True)
class Recent:
    """What was read of the lake. `acts` holds `fresh`, every act that came after the edition before."""

    lake: Table
    acts: Table
    fresh: Table
    starts: Mapping[str, int]

    def with_periods(self, shelf: Shelf, weeks: Collection[int], months: Collection[int]) -> Table:
        """The acts with those of old weeks and months that are touched, and the texts that belong to them."""
        # The latest start: what is recent for an archive may be old for a channel that went on.
        start = max(self.starts.values())
        wanted = []
        if any(week < start for week in weeks):
            wanted.append(week_of(self.lake.day).isin(sorted(weeks)))
        if months and _first_day(min(months)) < start:
            wanted.append(month_of(self.lake.day) >= min(months))
        if not wanted:
            return self.acts
        extra = shelf.keep(self.lake.filter(reduce(or_, wanted)).anti_join(self.acts, "seq"))
        both = self.acts.union(extra)
        linked = _linked(self.lake, extra, extra.filter(ibis.literal(False))).anti_join(both, "seq")
        return both.union(shelf.keep(linked))


def recent(
    shelf: Shelf, acts: Table, batch: int, as_of: Mapping[str, datetime], settings: Settings
) -> Recent:
    """Read what every limited computation needs, given that the edition before knew the acts up to `batch`."""
    lake = acts.select(*READ)
    days = settings.silence + settings.window + 1
    starts = {name: int(moment.timestamp()) // DAY - days for name, moment in as_of.items()}
    recently, new = _near(lake, starts), lake.batch > batch
    # Two scans that each skip what they do not want: of one condition OR another, DuckDB reads every row.
    close = shelf.keep(lake.filter(recently).union(lake.filter(new & ~recently)))
    fresh = shelf.keep(close.filter(close.batch > batch))
    moves = lake.type.isin((*JOINING, *LEAVING, "Undo"))
    far = shelf.keep(lake.filter(~recently & ~new & (moves | _link(lake, close, fresh))))
    return Recent(lake, close.union(far), fresh, starts)


def _near(lake: Table, starts: Mapping[str, int]) -> Any:
    """Recent for its channel. The first condition, on the day alone, is the one that skips row groups."""
    oldest = lake.day >= min(starts.values())
    if len(set(starts.values())) == 1:
        return oldest
    return oldest & ibis.cases(
        *((lake.channel == name, lake.day >= day) for name, day in starts.items()), else_=True
    )


def _linked(lake: Table, acts: Table, fresh: Table) -> Table:
    return lake.filter(_link(lake, acts, fresh))


def _link(lake: Table, acts: Table, fresh: Table) -> Any:
    """Parents of the replies in `acts`, answers to its openings; what `fresh` undoes, or was waited for by."""
    texts = acts.filter((acts.type == "Create") & (acts.object_type != VOTE).fill_null(True))
    asked = texts.filter(texts.reply_key.notnull()).select(key=texts.reply_key).distinct()
    opened = texts.filter(texts.reply_key.isnull() & texts.object_key.notnull())
    made = fresh.filter((fresh.type == "Create") & fresh.object_key.notnull()).select(key=fresh.object_key)
    waited = opened.select(key=opened.object_key).union(made).distinct()
    undone = fresh.filter((fresh.type == "Undo") & fresh.object_key.notnull()).select(key=fresh.object_key)
    created = lake.type == "Create"
    return (
        (created & lake.object_key.isin(asked.key))
        | (created & lake.reply_key.isin(waited.key))
        | lake.source_key.isin(undone.distinct().key)
    )


def _first_day(month: int) -> int:
    return (datetime(month // 12, month % 12 + 1, 1) - datetime(1970, 1, 1)).days  # noqa: DTZ001  days only
