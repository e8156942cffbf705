"""What is known of each person at a moment of the past: the columns from which durability is told.

Everything at a cut is made of acts before it; only `wait`, what came after, looks ahead. A cut is a day (days since
1970, UTC midnight). People are those who did something other than a like within the last 180 days before it; the
brand's own are left out, though their replies count. Columns are plain counts and lengths of time in days, 0 or more,
or null where there is nothing to count from (docs/methods/durability.md lists them).
"""

from collections.abc import Sequence
from typing import Any, Final

import ibis

from estime.engagement.tables import durability_talk
from estime.engagement.tables.prepare import DAY
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

LATELY: Final = 180
"""Who did nothing for so long is not asked about."""

KEYS: Final = ("person", "cut", "wait")

UNKNOWN: Final = frozenset("longest received_last response staying_share staying_days last_quiet".split())
"""Features that are null where there is nothing to measure; all others are then 0."""

HALF_LIVES: Final = (7, 21, 60, 180)
WINDOWS: Final = (30, 90, 180, 365)


def durability_rows(
    shelf: Shelf, acts: Table, cuts: Sequence[int], *, part: int = 1, scores: Table | None = None
) -> Table:
    """person, cut, wait and a column per feature, a row for each person asked about at each cut.

    `acts` is the table of `prepare` for one scope (or for all channels together). `wait` is the number of days from
    the cut to the next act other than a like, null where none is known. Of the persons only those whose key leaves
    no rest when divided by `part` are told: a sample that is the same on every engine. `scores` may hold numbers
    of what texts say: the act's `seq` and columns `words_…`, `affect_…` or `dealt_…`, null where nothing is known.
    """
    kept = acts.mutate(day=(acts["at"] // DAY).cast("int32"))
    done = kept.filter(kept.active & ~kept.liking & ~kept.brand)
    days = shelf.keep(_days(done.filter(done.person % part == 0)))
    rhythm = _rhythm(days, sorted(set(cuts)))
    told = shelf.keep(rhythm.filter(rhythm.last <= LATELY))
    parts = [
        _waits(days, told),
        _likes(kept.filter(kept.liking & ~kept.brand), told),
        *durability_talk.parts(shelf, kept, told, part),
    ]
    if scores is not None:
        parts.append(durability_talk.wording(kept, scores, told))
    return _joined(shelf, told, parts)


def _days(done: Table) -> Table:
    """person, day, what was done on it, and `prev`, the day before it on which anything was."""
    opening = done.text & done.reply_key.isnull()
    byday = done.group_by("person", "day").agg(
        n=done.count(),
        starts=opening.sum().cast("int64"),
        answers=(done.text & done.reply_key.notnull()).sum().cast("int64"),
    )
    order = ibis.window(group_by="person", order_by="day")
    return byday.mutate(prev=byday.day.lag().over(order))


def _rhythm(days: Table, cuts: Sequence[int]) -> Table:
    """What each person's own days say at each cut."""
    every: Any = ibis.literal(list(cuts), type="array<int32>")
    seen = days.mutate(cut=every.unnest())
    seen = seen.filter(seen.day < seen.cut)
    age = seen.cut - seen.day
    gap = seen.day - seen.prev
    features: dict[str, Any] = {
        "last": age.min(),
        "first": age.max(),
        "n": seen.n.sum(),
        "days": seen.count(),
        "starts": seen.starts.sum(),
        "answers": seen.answers.sum(),
        "starts90": _within(seen.starts, age, 90),
        "answers90": _within(seen.answers, age, 90),
        "longest": gap.max(),
        "weeks": _periods(seen, 7).sum(),
        "months": _periods(seen, 30).sum(),
        "months180": (_periods(seen, 30) * (age <= 180).cast("int64")).sum(),
        "months360": (_periods(seen, 30) * (age <= 360).cast("int64")).sum(),
        "sessions": ibis.ifelse(seen.prev.isnull() | (gap > 3), 1, 0).sum(),
        "gap_logs": ibis.ifelse(gap > 3, (gap.cast("float64") + 1e-9).ln(), 0.0).fill_null(0.0).sum(),
    }
    for window in WINDOWS:
        features[f"n{window}"] = _within(seen.n, age, window)
        features[f"days{window}"] = ibis.ifelse(age <= window, 1, 0).sum()
    for half_life in HALF_LIVES:
        features[f"fading{half_life}"] = (seen.n * _half(age, half_life)).sum()
        features[f"fading_days{half_life}"] = _half(age, half_life).sum()
    for least in (14, 45, 90):
        features[f"comebacks{least}"] = ibis.ifelse(gap > least, 1, 0).fill_null(0).sum()
    found = seen.group_by("person", "cut").agg(**features)
    return found.mutate(
        # A gap's usual length, drawn toward a month by the weight of two gaps; how overdue the next act is.
        usual=((found.gap_logs + 2 * 3.4) / (found.sessions + 1)).exp(),
        since_longest=found["last"] / ibis.greatest(found.longest.fill_null(0), 1),
        span=found["first"] - found["last"],
    ).drop("gap_logs")


def _within(count: Any, age: Any, window: int) -> Any:
    return ibis.ifelse(age <= window, count, 0).sum()


def _half(age: Any, half_life: int) -> Any:
    return (age.cast("float64") * (-0.6931471805599453 / half_life)).exp()


def _periods(seen: Table, length: int) -> Any:
    """1 on the first day of each period (counted back from the cut) in which anything was done."""
    this = (seen.cut - 1 - seen.day) // length
    before = (seen.cut - 1 - seen.prev) // length
    return ibis.ifelse(seen.prev.isnull() | (this != before), 1, 0)


def _waits(days: Table, told: Table) -> Table:
    """wait: days from the cut to the next act."""
    asked = told.select("person", "cut")
    later = asked.join(days.select("person", "day"), "person")
    later = later.filter(later.day >= later.cut)
    return later.group_by("person", "cut").agg(wait=(later.day - later.cut).min().cast("int64"))


def _likes(likes: Table, told: Table) -> Table:
    asked = told.select("person", "cut")
    seen = asked.join(likes.select("person", "day"), "person")
    age = seen.cut - seen.day
    seen = seen.filter((age > 0) & (age <= LATELY))
    age = seen.cut - seen.day
    return seen.group_by("person", "cut").agg(
        likes30=ibis.ifelse(age <= 30, 1, 0).sum(), likes180=seen.count()
    )


def _joined(shelf: Shelf, told: Table, parts: Sequence[Table]) -> Table:
    for part in parts:
        made = shelf.keep(part)
        columns = [name for name in made.columns if name not in ("person", "cut")]
        joined = told.left_join(made, ["person", "cut"])
        told = joined.select(*(told[name] for name in told.columns), *(made[name] for name in columns))
    # Sums of whole numbers are of another type on each engine. Where nothing was counted there is none of it.
    features = {name: told[name].cast("float64") for name in told.columns if name not in KEYS}
    return told.mutate(
        **{name: value if _may_be_unknown(name) else value.fill_null(0.0) for name, value in features.items()}
    )


def _may_be_unknown(name: str) -> bool:
    return name in UNKNOWN or name.startswith(("words_", "affect_", "dealt_"))
