"""The share of those reached who did something, week by week."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from estime.engagement.families import ALL
from estime.engagement.figures import Figure
from estime.engagement.measures.intervals import wilson

EPOCH: Final = date(1970, 1, 1)

Audience = Sequence[tuple[datetime, float]]
"""(when observed, followers then), in order of time."""


class Reach(NamedTuple):
    """How many persons were reached, and on what basis: audience, known or unknown (then no number)."""

    basis: str
    persons: float | None


UNKNOWN: Final = Reach("unknown", None)


class WeekCounts(NamedTuple):
    """What the tables know, keyed by (scope, Monday in days since 1970)."""

    active: Mapping[tuple[str, int], tuple[int, int]]
    """(persons active, persons active without likes)"""
    strangers: Mapping[tuple[str, int], int]
    """persons exposed or active who were not members"""
    member_changes: Mapping[str, Mapping[int, int]]
    known_since: Mapping[str, int]
    audience: Mapping[str, Audience]


def monday(week: int) -> date:
    """The date of a Monday given in days since 1970-01-01."""
    return EPOCH + timedelta(days=week)


def share(measure: str, scope: str, period: date | None, label: str, n: float, d: float | None) -> Figure:
    """n of d with its Wilson interval; without a usable denominator only the count."""
    if d is None or d <= 0 or n > d:
        return Figure(measure, scope, period, label, None, None, None, float(n), None)
    low, high = wilson(n, d)
    return Figure(measure, scope, period, label, n / d, low, high, float(n), float(d))


def reaches(counts: WeekCounts, spans: Mapping[str, tuple[int, int]]) -> dict[tuple[str, int], Reach]:
    """The reach of each scope and week; `spans` gives each scope's first and last Monday.

    An audience counted by the platform goes before persons known to us. All channels together are known only
    when each channel that has begun is known: otherwise active persons of the unknown one would count as the
    only ones reached there.
    """
    found: dict[tuple[str, int], Reach] = {}
    channels = [scope for scope in spans if scope != ALL]
    for scope in channels:
        followers = _carried(counts.audience.get(scope, ()), spans[scope])
        known = _known(counts, scope, spans[scope])
        for week in _mondays(spans[scope]):
            by_platform = Reach("audience", followers[week]) if week in followers else None
            found[scope, week] = by_platform or known.get(week, UNKNOWN)
    if ALL in spans:
        together = _known(counts, ALL, spans[ALL])
        for week in _mondays(spans[ALL]):
            parts = [found.get((scope, week), UNKNOWN) for scope in channels if spans[scope][0] <= week]
            found[ALL, week] = combined(parts, together.get(week, UNKNOWN))
    return found


def _mondays(span: tuple[int, int]) -> range:
    return range(span[0], span[1] + 1, 7)


def combined(parts: Collection[Reach], known: Reach) -> Reach:
    """The reach of several channels together; `known` is that of their persons taken together."""
    persons = [part.persons for part in parts if part.persons is not None]
    if len(persons) < len(parts):
        return UNKNOWN
    if all(part.basis == "known" for part in parts):
        return known
    return Reach("audience", sum(persons))


def _carried(observed: Audience, span: tuple[int, int]) -> dict[int, float]:
    """Each week's latest observation made in it or before."""
    carried: dict[int, float] = {}
    for week in _mondays(span):
        end = datetime.combine(monday(week + 7), time(), UTC)
        followers = audience_at(observed, end, before=True)
        if followers is not None:
            carried[week] = followers
    return carried


def audience_at(observed: Audience, moment: datetime, *, before: bool = False) -> float | None:
    """The last count observed at `moment` or earlier (with `before`, strictly earlier), or None.

    `observed` is in order of time.
    """
    place = (bisect_left if before else bisect_right)(observed, moment, key=lambda entry: entry[0])
    return observed[place - 1][1] if place else None


def _known(counts: WeekCounts, scope: str, span: tuple[int, int]) -> dict[int, Reach]:
    since = counts.known_since.get(scope)
    if since is None:
        return {}
    changes = counts.member_changes.get(scope, {})
    members = sum(change for week, change in changes.items() if week < span[0])
    known: dict[int, Reach] = {}
    for week in _mondays(span):
        members += changes.get(week, 0)
        if week >= since:
            known[week] = Reach("known", float(members + counts.strangers.get((scope, week), 0)))
    return known


def active_share(
    counts: WeekCounts, spans: Mapping[str, tuple[int, int]], weeks: Collection[int] | None = None
) -> list[Figure]:
    """`active_share` and `reach` of each week from a scope's first to its last, those without acts included.

    `weeks` (Mondays in days since 1970) limits the result. When more persons were active than the audience
    counts, the audience is wrong and the reach unknown.
    """
    figures: list[Figure] = []
    for (scope, week), reach in sorted(reaches(counts, spans).items()):
        if weeks is not None and week not in weeks:
            continue
        active, without_likes = counts.active.get((scope, week), (0, 0))
        if reach.persons is not None and active > reach.persons:
            reach = UNKNOWN
        period = monday(week)
        figures.append(share("active_share", scope, period, "all", active, reach.persons))
        figures.append(share("active_share", scope, period, "without_likes", without_likes, reach.persons))
        figures.append(Figure("reach", scope, period, reach.basis, reach.persons, None, None, None, None))
    return figures


def active_share_lately(
    active: Mapping[str, tuple[int, int]], reached: Mapping[str, Reach], scopes: Collection[str]
) -> list[Figure]:
    """`active_share_7d` of each scope; `reached` as for a week, all channels together included."""
    figures = []
    for scope in sorted(scopes):
        everyone, without_likes = active.get(scope, (0, 0))
        persons = reached.get(scope, UNKNOWN).persons
        if persons is not None and everyone > persons:
            persons = None
        figures.append(share("active_share_7d", scope, None, "all", everyone, persons))
        figures.append(share("active_share_7d", scope, None, "without_likes", without_likes, persons))
    return figures
