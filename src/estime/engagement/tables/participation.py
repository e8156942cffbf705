"""What each member did lately, and how that is spread: histograms, so that no row of a person leaves the engine."""

from estime.engagement.settings import Settings
from estime.engagement.tables.prepare import DAY, Moments, by_scope
from estime.engagement.tables.table import Table

WEEK = 7


def lately(acts: Table, moments: Moments, settings: Settings) -> Table:
    """scope, person, acts, contributions, week, week_contributed, before: of every member with an active act lately.

    With T the scope's as-of: `acts` and, without likes, `contributions` are counts of (T − span, T]; `week` and
    `week_contributed` say whether there was one in (T − 7 days, T], `before` whether there was one in
    (T − window − silence, T − window].
    """
    days = (settings.span, settings.window, settings.window + settings.silence)
    done = acts.filter(acts.active & ~acts.brand)
    done = done.select("scope", "person", "liking", age=by_scope(done.scope, moments) - done["at"])
    done = done.filter(done.age < max(*days, WEEK) * DAY)
    span, window, silence = (done.age < some * DAY for some in days)
    week = done.age < WEEK * DAY
    return done.group_by("scope", "person").agg(
        acts=span.sum().cast("int64"),
        contributions=(span & ~done.liking).sum().cast("int64"),
        week=week.any(),
        week_contributed=(week & ~done.liking).any(),
        before=(~window & silence).any(),
    )


def histogram(each: Table, counted: str) -> Table:
    """scope, size, persons: how many members have which count (`each`: `lately`)."""
    some = each.filter(each[counted] > 0)
    return some.group_by("scope", size=some[counted]).agg(persons=some.count())


def active_counts(each: Table) -> Table:
    """scope, active, without_likes: members active in the last week (`each`: `lately`)."""
    some = each.filter(each.week)
    return some.group_by("scope").agg(
        active=some.count(), without_likes=some.week_contributed.sum().cast("int64")
    )
