"""Step: active share, reach and acts by week."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from estime.engagement.families import ALL
from estime.engagement.figures import Figure
from estime.engagement.measures import tally
from estime.engagement.measures.active_share import (
    UNKNOWN,
    Reach,
    WeekCounts,
    active_share,
    active_share_lately,
    audience_at,
    combined,
)
from estime.engagement.tables import participation, reach, weeks
from estime.engagement.tables.job import Job, Later
from estime.engagement.tables.shelf import Rows
from estime.engagement.tables.table import Table

Since = Mapping[str, int]
"""Per scope, the week since which it is known who belongs to it."""
Spans = Mapping[str, tuple[int, int]]
"""Per scope, its first week and its last."""


def figures_by_week(job: Job) -> Later:
    """`active_share`, `active_share_7d`, `reach` and `acts`."""
    _ = job.beginnings  # asked now, answered when wanted
    facts = job.persons_everywhere(weeks.person_weeks(job.acts, job.weeks), weeks.merged)
    rooms = job.shelf.keep(job.everywhere(reach.rooms(job.acts)))
    acts = job.ask(job.everywhere(weeks.act_counts(job.acts, job.weeks)))
    counts, lately = _counts(job, facts, rooms), _lately(job, rooms)

    def told() -> list[Figure]:
        spans = {
            scope: (first, monday_of(day_of(job.as_of[scope]))) for scope, (first, _) in job.begun.items()
        }
        since = {scope: week for scope, (_, week) in job.begun.items() if week is not None}
        return [
            *active_share(counts(since), spans, job.weeks),
            *lately(since, spans),
            *tally.acts(acts()),
        ]

    return told


def _counts(job: Job, facts: Table, rooms: Table) -> Callable[[Since], WeekCounts]:
    members = job.shelf.keep(reach.membership(rooms))
    moves = job.ask(reach.member_changes(members))
    active, strangers = job.ask(weeks.active_counts(facts)), job.ask(reach.strangers(facts, members))

    def told(since: Since) -> WeekCounts:
        changes: dict[str, dict[int, int]] = {}
        for row in moves():
            changes.setdefault(row["scope"], {})[row["week"]] = row["change"]
        return WeekCounts(
            active={(row["scope"], row["week"]): (row["active"], row["without_likes"]) for row in active()},
            strangers={(row["scope"], row["week"]): row["n"] for row in strangers()},
            member_changes=changes,
            known_since=since,
            audience=job.audience,
        )

    return told


def _lately(job: Job, rooms: Table) -> Callable[[Since, Spans], list[Figure]]:
    done = job.ask(participation.active_counts(job.each_lately))
    reached = job.ask(reach.reached_lately(job.scoped, rooms, job.moments, participation.WEEK))
    return lambda since, spans: _told_lately(job, done(), reached(), since, spans)


def _told_lately(job: Job, done: Rows, found: Rows, since: Since, spans: Spans) -> list[Figure]:
    persons = {row["scope"]: row["n"] for row in found}
    known = {
        scope: Reach("known", float(persons.get(scope, 0))) if scope in since else UNKNOWN for scope in spans
    }
    reached = {}
    for scope in spans:
        followers = audience_at(job.audience.get(scope, ()), job.as_of[scope])
        reached[scope] = known[scope] if followers is None else Reach("audience", followers)
    if ALL in spans:
        reached[ALL] = combined([reached[scope] for scope in spans if scope != ALL], known[ALL])
    active = {row["scope"]: (row["active"], row["without_likes"]) for row in done}
    return active_share_lately(active, reached, spans)


def day_of(moment: datetime) -> int:
    """Days since 1970-01-01 UTC."""
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days


def monday_of(day: int) -> int:
    """The Monday of a day's week, in days since 1970-01-01."""
    return day - (day + 3) % 7
