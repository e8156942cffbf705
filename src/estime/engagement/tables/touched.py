"""Which periods new acts touch: the only ones that a refresh computes again.

A new act touches its own week. It also touches the week of the act that it undoes, of the opening that it answers,
and of the replies that were waiting for it as their parent. A change of membership touches every week from then
on, because the number of members does. The last weeks are always touched: openings grow old in them.
"""

from datetime import date, timedelta
from typing import NamedTuple

import ibis

from estime.engagement.families import MEMBERSHIP
from estime.engagement.tables.prepare import DAY, month_of
from estime.engagement.tables.recent import Recent, keys_of
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

RIPENING = 21  # days: the patience for an answer (7) and the week in which it runs out


class Touched(NamedTuple):
    """Mondays in days since 1970 and months (year·12 + month − 1); None means all of them."""

    weeks: frozenset[int] | None
    months: frozenset[int] | None


def touched(shelf: Shelf, read: Recent, kinds: Table, since: int, until: int) -> Touched:
    """What `read.fresh` touches, given figures as of day `since` and now as of `until`.

    `kinds` (channel, account, first) tells when members began before.
    """
    fresh, acts = read.fresh, read.acts
    old = acts.anti_join(fresh, "seq")
    undos = fresh.filter((fresh.type == "Undo") & fresh.object_key.notnull())
    undos = undos.select("account", source_key=undos.object_key).distinct()
    undone = old.semi_join(undos, ["account", "source_key"])  # only one's own Undo counts
    answered = acts.semi_join(keys_of(fresh, "reply_key"), [("object_key", "key")])
    waiting = acts.semi_join(
        keys_of(fresh.filter(fresh.type == "Create"), "object_key"), [("reply_key", "key")]
    )
    told = [
        _told(table, name) for name, table in zip(_NAMES, (fresh, undone, answered, waiting), strict=True)
    ]
    found = shelf.rows(ibis.union(*told).distinct())
    weeks = {_monday(row["day"]) for row in found}
    moved = [row["day"] for row in found if row["membership"] and row["name"] in ("fresh", "undone")]
    if moved:
        weeks |= set(range(_monday(min(moved)), until + 7, 7))
    weeks |= set(range(_monday(since - RIPENING), until + 7, 7))
    if any(row["name"] == "undone" for row in found) and _first_was_undone(shelf, undone, kinds):
        return Touched(frozenset(weeks), None)
    months = {_month_of_day(row["day"]) for row in found if row["name"] in ("fresh", "undone")}
    months |= _left(shelf, fresh, kinds) | set(range(_month_of_day(since), _month_of_day(until) + 1))
    return Touched(frozenset(weeks), frozenset(months))


_NAMES = ("fresh", "undone", "answered", "waiting")


def _told(table: Table, name: str) -> Table:
    member = table.type.isin(sorted(MEMBERSHIP))
    return table.select("day", name=ibis.literal(name), membership=member).distinct()


def _left(shelf: Shelf, fresh: Table, kinds: Table) -> set[int]:
    """Months of the cohorts that people leave because an earlier act of theirs came late."""
    early = fresh.group_by("account").agg(early=fresh.published.min().epoch_seconds())
    before = kinds.semi_join(early, "account").group_by("account").agg(first=lambda t: t["first"].min())
    moved = before.inner_join(early, "account")
    moved = moved.filter(moved.early < moved["first"])
    return {
        row["month"] for row in shelf.rows(moved.select(month=month_of(moved["first"] // DAY)).distinct())
    }


def _first_was_undone(shelf: Shelf, undone: Table, kinds: Table) -> bool:
    """Whether somebody took their first act back, or may have: then they belong to a later cohort, who knows which."""
    before = kinds.semi_join(undone, "account").group_by("account").agg(first=lambda t: t["first"].min())
    joined = undone.left_join(before, "account")
    moved = joined.filter(joined["first"].isnull() | (joined.published.epoch_seconds() <= joined["first"]))
    return bool(shelf.rows(moved.aggregate(n=moved.count()))[0]["n"])


def _month_of_day(day: int) -> int:
    told = date(1970, 1, 1) + timedelta(days=day)
    return told.year * 12 + told.month - 1


def _monday(day: int) -> int:
    return day - (day + 3) % 7
