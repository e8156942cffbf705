"""What the likes hide: comments and shares per thousand likes and per thousand fans, post by post."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import Audience, audience_at
from estime.engagement.measures.intervals import count_ratio, poisson_rate

METRICS: Final = ("likes", "comments", "shares")
DEEDS: Final = ("comments", "shares")
FEWEST_POSTS: Final = 5
"""With fewer posts a page has no interval: resampling so few says nothing."""


class Post(NamedTuple):
    """A post's latest totals; a metric that was never observed is absent."""

    channel: str
    object_id: str
    published: datetime | None
    totals: Mapping[str, float]


def posts(rows: Iterable[Mapping[str, Any]]) -> list[Post]:
    """The posts of `observed.latest_totals`, in order of channel and id."""
    totals: dict[tuple[str, str], dict[str, float]] = {}
    published: dict[tuple[str, str], datetime] = {}
    for row in rows:
        key = (row["channel"], row["object_id"])
        totals.setdefault(key, {})[row["metric"]] = row["value"]
        if row["published"] is not None:
            moment = datetime.fromtimestamp(row["published"], UTC)
            published[key] = min(moment, published.get(key, moment))
    return [Post(*key, published.get(key), totals[key]) for key in sorted(totals)]


def ratio_of_sums(
    n: NDArray[np.float64], d: NDArray[np.float64], *, replicates: int = 1_000, seed: int = 0
) -> tuple[float, float | None, float | None]:
    """How many comments does the whole page get per like, and how sure is that, posts being so different?

    Meaning: ≥ 0. One famous post can carry the ratio, which the interval shows: posts are resampled, not
    likes. It assumes that posts are exchangeable; not for comparing pages of other platforms.

    Formula: Σn / Σd; interval: percentiles 2.5 and 97.5 of it over `replicates` resamples of the posts with
    replacement.

    Parameters: `n`, `d`, float64 (n_posts,), counts per post, Σd > 0. Returns (value, low, high); fewer
    than 5 posts have no bounds; a resample without any `d` is left out. Raises ValueError for unequal
    lengths or Σd ≤ 0. Deterministic for a seed. Cost O(replicates · n_posts).

    Example
    -------
    >>> ratio_of_sums(np.array([1.0, 3.0]), np.array([10.0, 10.0]))
    (0.2, None, None)

    Source: W. G. Cochran, Sampling Techniques, 3rd ed., Wiley 1977, ch. 6 (ratio estimates); bootstrap as
    in `top_share`.
    """
    if len(n) != len(d) or d.sum() <= 0:
        raise ValueError("a ratio of sums needs as many n as d, and a positive sum of d")
    value = float(n.sum() / d.sum())
    if len(n) < FEWEST_POSTS:
        return value, None, None
    rng = np.random.default_rng(seed)
    ratios = []
    for _ in range(replicates):
        chosen = rng.integers(0, len(n), len(n))
        below = d[chosen].sum()
        if below > 0:
            ratios.append(n[chosen].sum() / below)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return value, float(low), float(high)


def page_rates(
    seen: Sequence[Post], audience: Mapping[str, Audience], *, replicates: int = 1_000, seed: int = 0
) -> list[Figure]:
    """Comments and shares per thousand likes, and per thousand fans where their number then is known."""
    figures: list[Figure] = []
    for channel in sorted({post.channel for post in seen}):
        own = [post for post in seen if post.channel == channel]
        for deed in DEEDS:
            with_likes = [
                (p, p.totals[deed], p.totals["likes"]) for p in own if {deed, "likes"} <= p.totals.keys()
            ]
            with_fans = [
                (post, post.totals[deed], fans)
                for post in own
                if deed in post.totals and (fans := _fans(post, audience)) is not None
            ]
            for base, triples in (("likes", with_likes), ("fans", with_fans)):
                measure = f"{deed}_per_1000_{base}"
                figures += [_post_rate(measure, base, *triple) for triple in triples]
                figures += _page_rate(f"{measure}_page", triples, replicates, seed)
    return figures


def _fans(post: Post, audience: Mapping[str, Audience]) -> float | None:
    if post.published is None:
        return None
    fans = audience_at(audience.get(post.channel, ()), post.published)
    return fans if fans else None


def _post_rate(measure: str, base: str, post: Post, n: float, d: float) -> Figure:
    period: date | None = post.published.date() if post.published else None
    if d <= 0:
        return Figure(measure, post.channel, period, post.object_id, None, None, None, n, d)
    low, high = count_ratio(n, d) if base == "likes" else poisson_rate(n, d)
    top = None if high is None else 1000 * high
    return Figure(measure, post.channel, period, post.object_id, 1000 * n / d, 1000 * low, top, n, d)


def _page_rate(
    measure: str, triples: Sequence[tuple[Post, float, float]], replicates: int, seed: int
) -> list[Figure]:
    if not triples:
        return []
    channel = triples[0][0].channel
    n, d = (np.array([triple[place] for triple in triples]) for place in (1, 2))
    sums = (float(n.sum()), float(d.sum()))
    if sums[1] <= 0:
        return [Figure(measure, channel, None, "", None, None, None, *sums)]
    value, low, high = ratio_of_sums(n, d, replicates=replicates, seed=seed)
    low, high = (None if bound is None else 1000 * bound for bound in (low, high))
    return [Figure(measure, channel, None, "", 1000 * value, low, high, *sums)]
