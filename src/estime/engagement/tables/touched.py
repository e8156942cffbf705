"""Which periods a batch of new acts touches: the only ones that a refresh computes again.

A new act touches its own week. It also touches the week of the act that it undoes, of the opening that it
answers, and of the replies that were waiting for it as their parent. A change of membership touches every week
from then on, because the number of members does. The last weeks are always touched: openings grow old in them.
"""

from datetime import date, timedelta
from typing import NamedTuple

import ibis

from estime.engagement.families import MEMBERSHIP
from estime.engagement.tables.shelf import rows

Table = ibis.Table
RIPENING = 21  # days: the patience for an answer (7) and the week in which it runs out


class Touched(NamedTuple):
    """Mondays in days since 1970 and months (year·12 + month − 1); None means all of them."""

    weeks: frozenset[int] | None
    months: frozenset[int] | None


def touched(acts: Table, batch: int, since: int, until: int) -> Touched:
    """What the acts after `batch` touch, given that figures were made as of day `since` and now are as of `until`."""
    fresh, old = acts.filter(acts.batch > batch), acts.filter(acts.batch <= batch)
    undone = _undone(fresh, old)
    days = _days(fresh) | _days(undone) | _days(_answered(fresh, acts)) | _days(_waiting(fresh, acts))
    weeks = {_monday(day) for day in days}
    start = _first_membership(fresh, undone)
    if start is not None:
        weeks |= set(range(_monday(start), until + 7, 7))
    weeks |= set(range(_monday(since - RIPENING), until + 7, 7))
    return Touched(frozenset(weeks), _months(fresh, old, undone, since, until))


def _undone(fresh: Table, old: Table) -> Table:
    undos = fresh.filter(fresh.type == "Undo").select(key=fresh.object_key)
    return old.semi_join(undos, [old.source_key == undos.key])


def _answered(fresh: Table, acts: Table) -> Table:
    replies = fresh.filter(fresh.reply_key.notnull()).select(key=fresh.reply_key)
    return acts.semi_join(replies, [acts.object_key == replies.key])


def _waiting(fresh: Table, acts: Table) -> Table:
    made = fresh.filter((fresh.type == "Create") & fresh.object_key.notnull()).select(key=fresh.object_key)
    return acts.semi_join(made, [acts.reply_key == made.key])


def _days(table: Table) -> set[int]:
    return {row["day"] for row in rows(table.select("day").distinct())}


def _first_membership(fresh: Table, undone: Table) -> int | None:
    kinds = sorted(MEMBERSHIP)
    firsts = [
        rows(t.filter(t.type.isin(kinds)).aggregate(day=t.day.min()))[0]["day"] for t in (fresh, undone)
    ]
    known = [day for day in firsts if day is not None]
    return min(known) if known else None


def _months(fresh: Table, old: Table, undone: Table, since: int, until: int) -> frozenset[int] | None:
    """Months of new acts, of the cohorts that people leave because an earlier act of theirs came late, and of now."""
    if rows(undone.aggregate(n=undone.count()))[0]["n"]:
        return None
    month = _month(fresh.published)
    months = {row["month"] for row in rows(fresh.select(month=month).distinct())}
    people = fresh.group_by("account").aggregate(first=fresh.published.min())
    before = old.semi_join(people, "account")
    before = before.group_by("account").aggregate(before=before.published.min())
    moved = people.inner_join(before, "account")
    moved = moved.filter(moved.first < moved.before)
    months |= {row["month"] for row in rows(moved.select(month=_month(moved.before)).distinct())}
    return frozenset(months | set(range(_month_of_day(since), _month_of_day(until) + 1)))


def _month(moment: ibis.expr.types.TimestampValue) -> ibis.expr.types.IntegerValue:
    return moment.year().cast("int32") * 12 + moment.month().cast("int32") - 1


def _month_of_day(day: int) -> int:
    told = date(1970, 1, 1) + timedelta(days=day)
    return told.year * 12 + told.month - 1


def _monday(day: int) -> int:
    return day - (day + 3) % 7
