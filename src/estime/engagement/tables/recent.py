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
from typing import Any, NamedTuple

import ibis

from estime.engagement.families import JOINING, LEAVING, VOTE
from estime.engagement.settings import Settings
from estime.engagement.tables.prepare import DAY, month_of, week_of
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

READ = (
    "batch seq channel account type object_type source_key object_key reply_key thread_key published day spoken_for"
).split()


@dataclass(frozen=True)
class Recent:
    """What was read of the lake. `acts` holds `fresh`, every act that came after the edition before; `since` are those
    that came after what is remembered."""

    lake: Table
    acts: Table
    fresh: Table
    since: Table
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
        both = shelf.add(self.acts, extra)
        nothing = extra.filter(ibis.literal(False))
        linked = _linked(shelf, self.lake, _Keys.of(extra, nothing, nothing))
        return shelf.add(both, self.lake.semi_join(linked, "seq").anti_join(both, "seq"))


def recent(
    shelf: Shelf, acts: Table, since: Table, batch: int, as_of: Mapping[str, datetime], settings: Settings
) -> Recent:
    """Read what every limited computation needs, given that the edition before knew the acts up to `batch`.

    `since` are the acts that came after what is remembered of each person (memory.py): what they undo is read too.
    """
    since = shelf.keep(since)
    days = settings.silence + settings.window + 1
    starts = {name: int(moment.timestamp()) // DAY - days for name, moment in as_of.items()}
    recently, new = _near(acts, starts), acts.batch > batch
    # Two scans that each skip what they do not want: of one condition OR another, or of one table that both filter
    # (and so select before they do), DuckDB reads every row.
    close = shelf.keep(acts.filter(recently).select(*READ).union(acts.filter(new & ~recently).select(*READ)))
    fresh = shelf.keep(close.filter(close.batch > batch))
    # Of old acts some types first, which lie together in the lake; of the others keys, and all else of those found.
    old = acts.filter(~recently & ~new)
    moving = acts.type.isin((*JOINING, *LEAVING, "Undo"))
    linked = _linked(shelf, old, _Keys.of(close, fresh, since))
    found = shelf.add(close, old.filter(moving))
    found = shelf.add(found, old.filter(~moving).semi_join(linked, "seq"))
    return Recent(acts.select(*READ), found, fresh, since, starts)


def _near(lake: Table, starts: Mapping[str, int]) -> Any:
    """Recent for its channel. The first condition, on the day alone, is the one that skips row groups."""
    oldest = lake.day >= min(starts.values())
    if len(set(starts.values())) == 1:
        return oldest
    return oldest & ibis.cases(
        *((lake.channel == name, lake.day >= day) for name, day in starts.items()), else_=True
    )


class _Keys(NamedTuple):
    """What links acts to others that lie further back. One column `key` each."""

    asked: Table
    """The parents of replies."""
    waited: Table
    """Texts that may have been answered before: openings, and those that came late."""
    undone: Table

    @classmethod
    def of(cls, acts: Table, fresh: Table, since: Table) -> "_Keys":
        """Of the replies and openings in `acts`, of what came with `fresh`, and of what `since` takes back."""
        texts = acts.filter((acts.type == "Create") & (acts.object_type != VOTE).fill_null(True))
        opened = texts.filter(texts.reply_key.isnull())
        made = fresh.filter(fresh.type == "Create")
        undos = [some.filter(some.type == "Undo").select("object_key") for some in (fresh, since)]
        return cls(
            keys_of(texts, "reply_key"),
            keys_of(opened.select("object_key").union(made.select("object_key")), "object_key"),
            keys_of(undos[0].union(undos[1]), "object_key"),
        )


def keys_of(table: Table, column: str) -> Table:
    return table.filter(table[column].notnull()).select(key=table[column]).distinct()


def _linked(shelf: Shelf, acts: Table, keys: _Keys) -> Table:
    """The `seq` of those `acts` to which `keys` lead, or may: answers and parents among them, and what is undone."""
    made = acts.filter(acts.type == "Create")
    # Kept, so that DuckDB knows how many they are, and looks the acts up in them rather than them in the acts.
    asked, waited = shelf.keep(keys.asked), shelf.keep(keys.waited)
    found = shelf.keep(made.semi_join(asked, [("object_key", "key")]).select("seq"))
    shelf.add(found, made.semi_join(waited, [("reply_key", "key")]).select("seq"))
    return shelf.add(found, acts.semi_join(keys.undone, [("source_key", "key")]).select("seq"))


def _first_day(month: int) -> int:
    return (datetime(month // 12, month % 12 + 1, 1) - datetime(1970, 1, 1)).days  # noqa: DTZ001  days only
