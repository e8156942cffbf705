"""How acts are spread over the members: histograms, so that no row of a person leaves the engine."""

from estime.engagement.tables.table import Table


def act_histogram(recent: Table) -> Table:
    """scope, size, persons: how many members made `size` active acts (`recent`: members' active acts)."""
    each = recent.group_by("scope", "person").agg(size=recent.count())
    return each.group_by("scope", "size").agg(persons=each.count())


def contribution_histogram(recent: Table) -> Table:
    """The same without likes."""
    return act_histogram(recent.filter(~recent.liking))


def active_counts(recent: Table) -> Table:
    """scope, active, without_likes: members with any act in `recent`."""
    each = recent.group_by("scope", "person").agg(without_likes=(~recent.liking).any())
    return each.group_by("scope").agg(
        active=each.count(), without_likes=each.without_likes.sum().cast("int64")
    )
