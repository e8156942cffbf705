"""What platforms count for us: totals per post, and followers over time.

Moments leave as whole seconds since 1970 UTC: engines differ in how they hand over time zones.
"""

import ibis

from estime.engagement.tables.prepare import seconds
from estime.engagement.tables.table import Table


def latest_totals(observations: Table, metrics: tuple[str, ...]) -> Table:
    """channel, object_id, metric, value, published: each post's latest total of each metric."""
    posts = observations.filter((observations.object_id != "") & observations.metric.isin(metrics))
    order = ibis.window(
        group_by=("channel", "object_id", "metric"), order_by=(ibis.desc("observed"), ibis.desc("value"))
    )
    aged = posts.mutate(age=ibis.row_number().over(order))
    latest = aged.filter(aged.age == 0)
    published = seconds(latest.published, observations.get_backend().name)
    return latest.select("channel", "object_id", "metric", "value", published=published)


def followers(observations: Table) -> Table:
    """channel, observed, value: every follower count."""
    counts = observations.filter((observations.object_id == "") & (observations.metric == "followers"))
    observed = seconds(counts.observed, observations.get_backend().name)
    return counts.select("channel", "value", observed=observed)
