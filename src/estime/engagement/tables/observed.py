"""What platforms count for us: totals per post, and followers over time."""

import ibis

Table = ibis.Table


def latest_totals(observations: Table, metrics: tuple[str, ...]) -> Table:
    """channel, object_id, metric, value, published, observed: each post's latest total of each metric."""
    posts = observations.filter((observations.object_id != "") & observations.metric.isin(metrics))
    order = ibis.window(
        group_by=("channel", "object_id", "metric"), order_by=(ibis.desc("observed"), ibis.desc("value"))
    )
    aged = posts.mutate(age=ibis.row_number().over(order))
    return aged.filter(aged.age == 0).select("channel", "object_id", "metric", "value", "published", "observed")


def followers(observations: Table) -> Table:
    """channel, observed, value: every follower count."""
    counts = observations.filter((observations.object_id == "") & (observations.metric == "followers"))
    return counts.select("channel", "observed", "value")
