"""What each person did in each week: the table behind active share and reach."""

from collections.abc import Collection

from estime.engagement.tables.prepare import relabelled
from estime.engagement.tables.table import Table


def person_weeks(acts: Table, weeks: Collection[int] | None = None) -> Table:
    """One row per scope, member and week: scope, person, week, active, without_likes, exposed (booleans).

    `weeks` (Mondays in days since 1970) limits the rows. Brand accounts are left out.
    """
    seen = acts.filter(~acts.brand & (acts.active | acts.exposing))
    if weeks is not None:
        seen = seen.filter(seen.week.isin(sorted(weeks)))
    return seen.group_by("scope", "person", "week").agg(
        active=seen.active.any(),
        without_likes=(seen.active & ~seen.liking).any(),
        exposed=seen.exposing.any(),
    )


def merged(facts: Table) -> Table:
    """`facts` with the scope `*` beside the channels: a person of several channels is one there."""
    everywhere = facts.group_by("person", "week").agg(
        active=facts.active.any(), without_likes=facts.without_likes.any(), exposed=facts.exposed.any()
    )
    return facts.union(relabelled(everywhere, facts))


def active_counts(facts: Table) -> Table:
    """Per scope and week: how many persons were active, and active otherwise than by liking."""
    return facts.group_by("scope", "week").agg(
        active=facts.active.sum().cast("int64"), without_likes=facts.without_likes.sum().cast("int64")
    )


def act_counts(acts: Table, weeks: Collection[int] | None = None) -> Table:
    """scope, week, kind, brand, n: the number of active acts."""
    done = acts.filter(acts.active)
    if weeks is not None:
        done = done.filter(done.week.isin(sorted(weeks)))
    return done.group_by("scope", "week", "kind", "brand").agg(n=lambda t: t.count())


def beginnings(acts: Table) -> Table:
    """scope, first, since: the weeks of the first act, and of members' first membership or exposure."""
    recorded = ~acts.brand & (acts.exposing | acts.joining | acts.leaving)
    return acts.group_by("scope").agg(first=acts.week.min(), since=acts.week.min(where=recorded))
