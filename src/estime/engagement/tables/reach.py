"""Who could have taken part: members of rooms, exposed persons, followers counted by the platform.

A person is a member in a week when a room that they joined was open to them at any moment of it. A Leave
without a Join before it says nothing about when membership began, and is ignored.
"""

from typing import Any

import ibis

from estime.engagement.tables.prepare import DAY, Moments, by_scope
from estime.engagement.tables.table import Table

NEVER = 2_000_000_000
"""A day that never comes: the end of a membership that lasts."""


def membership(rooms: Table) -> Table:
    """scope, person, start, end: the Mondays of the first and last week of each unbroken membership."""
    # Rooms joined and left in the same weeks would be ties, which two windows need not put in the same order.
    rooms = rooms.select("scope", "person", "start", "end").distinct()
    before = ibis.window(group_by=("scope", "person"), order_by=("start", "end"), preceding=(None, 1))
    sofar = ibis.window(group_by=("scope", "person"), order_by=("start", "end"), preceding=None, following=0)
    fresh = rooms.mutate(furthest=rooms.end.max().over(before))
    fresh = fresh.mutate(opens=ibis.ifelse(fresh.furthest.isnull() | (fresh.start > fresh.furthest), 1, 0))
    islands = fresh.mutate(island=fresh.opens.sum().over(sofar))
    merged = islands.group_by("scope", "person", "island").agg(
        start=islands.start.min(), end=islands.end.max()
    )
    return merged.select("scope", "person", "start", "end")


def rooms(acts: Table) -> Table:
    """scope, person, start, end, left: each stay in a room in weeks, and the second in which it ended."""
    moves = acts.filter(~acts.brand & (acts.joining | acts.leaving))
    moves = moves.select(
        "scope",
        "person",
        "at",
        "week",
        room=ibis.coalesce(moves.object_key, moves.thread_key, ibis.literal(0, type="int64")),
        joins=ibis.ifelse(moves.joining, 1, 0),
    )
    order = ibis.window(group_by=("scope", "person", "room"), order_by=("at", "joins"))
    changes = moves.mutate(was=moves.joins.lag().over(order))
    changes = changes.filter(changes.joins != changes.was.fill_null(0))
    spans = changes.mutate(end=changes.week.lead().over(order), left=changes["at"].lead().over(order))
    spans = spans.filter(spans.joins == 1)
    never: Any = ibis.literal(NEVER, type="int32")
    return spans.select("scope", "person", "left", start=spans.week, end=spans.end.fill_null(never))


def member_changes(members: Table) -> Table:
    """scope, week, change: by how much the number of members differs from the week before."""
    starts = members.select("scope", week=members.start, change=ibis.literal(1, type="int64"))
    ended = members.filter(members.end < NEVER)
    ends = ended.select("scope", week=(ended.end + 7).cast("int32"), change=ibis.literal(-1, type="int64"))
    both = starts.union(ends)
    return both.group_by("scope", "week").agg(change=both.change.sum())


def strangers(facts: Table, members: Table) -> Table:
    """scope, week, n: persons exposed or active in the week without being members (`facts`: person_weeks)."""
    held = facts.inner_join(
        members,
        [
            facts.scope == members.scope,
            facts.person == members.person,
            facts.week >= members.start,
            facts.week <= members.end,
        ],
    ).select(scope=facts.scope, week=facts.week)
    inside = held.group_by("scope", "week").agg(inside=held.count())
    total = facts.group_by("scope", "week").agg(total=facts.count())
    joined = total.left_join(inside, ["scope", "week"])
    return joined.select(scope=total.scope, week=total.week, n=total.total - joined.inside.fill_null(0))


def reached_lately(acts: Table, rooms: Table, moments: Moments, days: int) -> Table:
    """scope, n: members, exposed and active persons of the last `days` days."""
    seen = acts.filter(~acts.brand & (acts.active | acts.exposing))
    seen = seen.filter(seen["at"] > by_scope(seen.scope, moments) - days * DAY)
    staying = rooms.filter(rooms.left.isnull() | (rooms.left > by_scope(rooms.scope, moments) - days * DAY))
    both = seen.select("scope", "person").union(staying.select("scope", "person"), distinct=True)
    return both.group_by("scope").agg(n=both.count())
