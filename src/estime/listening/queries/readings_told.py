"""What was read, in sums by month: never of fewer people than may be told, and of months that are over only.

A month of a channel is told when at least `privacy.smallest_group` people wrote texts there, and when no subtraction
from all channels together gives away one that is not told (`suppression.py`). The month that runs is not told: between
two looks at it lies one text.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date
from typing import Final, NamedTuple

from django.db import connection

from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.suppression import groups_shown
from estime.listening.survey_numbers import Estimate, share_estimate

LANGS: Final = ("other", "fr", "en", "too_short")
POLARITIES: Final = ("negative", "neutral", "positive", "unclear")
EMOTIONS: Final = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")
TARGETS: Final = ("unknown", "brand", "product", "member", "third_party")
ALL: Final = "*"

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTH: Final = {
    "sqlite": "CAST(strftime('%%Y', r.day * 86400, 'unixepoch') AS INTEGER) * 12"
    " + CAST(strftime('%%m', r.day * 86400, 'unixepoch') AS INTEGER) - 1",
    "postgresql": "(extract(year FROM DATE '1970-01-01' + r.day) * 12"
    " + extract(month FROM DATE '1970-01-01' + r.day) - 1)::integer",
}
_POLARITY: Final = (
    "CASE WHEN r.unclear THEN 3 WHEN r.negative >= r.neutral AND r.negative >= r.positive THEN 0"
    " WHEN r.neutral >= r.positive THEN 1 ELSE 2 END"
)


class MonthTold(NamedTuple):
    """What was read in the texts of one month, in a channel or in all of them."""

    month: date
    people: int
    texts: int
    languages: dict[str, int]
    polarity: dict[str, tuple[int, Estimate]]
    """For each how many texts, and which share of all that were read that is."""
    emotions: dict[str, int]
    """In how many texts each is likely enough to be told; a text may have several or none."""
    targets: dict[str, int]


def readings_told(scope: str, count: int, until: date | None = None) -> list[MonthTold]:
    """The last `count` months of a scope, a channel or `*`, that are over and begin before a day; oldest first.

    Months that may not be told are left out.
    """
    end = _month(clock.now().astimezone(UTC).date())
    if until is not None:
        end = min(end, _month(until) + (until.day > 1))
    begin = max(_month(date.min), end - count)
    if begin >= end:
        return []
    places = {pk: name for name, (pk, _) in ledger.channel_formats().items()}
    months: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for month, channel, *sums in _summed(_begins(begin), _begins(end)):
        months[month][places[channel]] = sums
    found = ((month, _of_scope(scope, channels)) for month, channels in sorted(months.items()))
    return [_told(month, sums) for month, sums in found if sums]


def _of_scope(scope: str, channels: dict[str, list[int]]) -> list[int]:
    """The sums of one month in a scope; none where they may not be told."""
    smallest = configuration().privacy.smallest_group
    if scope == ALL:
        sums = [sum(column) for column in zip(*channels.values(), strict=True)]
        return sums if sums[0] >= smallest else []
    shown = groups_shown({name: sums[0] for name, sums in channels.items()}, smallest)
    return channels[scope] if scope in shown else []


def _told(month: int, sums: Sequence[int]) -> MonthTold:
    people, texts, squares = sums[:3]
    rest = iter(sums[3:])
    languages = {name: next(rest) for name in LANGS}
    polarity = {}
    for name in POLARITIES:
        count, own, both = next(rest), next(rest), next(rest)
        polarity[name] = (count, share_of_texts(people, (texts, squares), (count, own, both)))
    emotions = {name: next(rest) for name in EMOTIONS}
    targets = {name: next(rest) for name in TARGETS}
    return MonthTold(
        date(month // 12, month % 12 + 1, 1), people, texts, languages, polarity, emotions, targets
    )


def share_of_texts(people: int, texts: tuple[int, int], such: tuple[int, int, int]) -> Estimate:
    """A share of texts, with a 95 % interval that knows that texts of one person are alike.

    Of n texts by m people, person i wrote n_i, of which y_i are such. The variance of p = Σ y_i / n is that of a ratio
    of totals of drawn people, m / (m - 1) Σ (y_i - p n_i)² / n² (Cochran 1977, *Sampling Techniques*, 3rd ed.,
    eq. 6.13, without the correction for a finite whole). n is divided by how much larger that is than p (1 - p) / n,
    but not below 1 (Kish's design effect, at least 1), and Wilson's interval taken of as many texts as that leaves
    (Korn and Graubard 1998). Where no text or every text is such, people count in place of texts: own rule.

    `people`: m; `texts`: n and Σ n_i²; `such`: Σ y_i, Σ y_i² and Σ y_i n_i.

    >>> [round(x, 3) for x in share_of_texts(10, (20, 40), (10, 20, 20))]  # all that five of ten people wrote
    [0.5, 0.215, 0.785]
    """
    total, squares = texts
    count, own, both = such
    share = count / total
    if count in (0, total) or people < 2:
        return share_estimate(share * people, people)
    spread = max(0.0, own - 2 * share * both + share * share * squares)
    variance = people / (people - 1) * spread / total**2
    plain = share * (1 - share) / total
    left = max(1.0, total / max(1.0, variance / plain))
    return share_estimate(share * left, left)


def _summed(since: int, until: int) -> list[tuple[int, ...]]:
    """For each month and channel: people, texts, their squares, and so on as `_told` takes them apart."""
    felt = [f"sum((r.felt >> {bit}) & 1)" for bit in range(len(EMOTIONS))]
    counts = [
        *(f"sum(CASE WHEN r.lang = {number} THEN 1 ELSE 0 END)" for number in range(len(LANGS))),
        *(f"sum(CASE WHEN {_POLARITY} = {number} THEN 1 ELSE 0 END)" for number in range(len(POLARITIES))),
        *felt,
        *(f"sum(CASE WHEN r.target = {number} THEN 1 ELSE 0 END)" for number in range(len(TARGETS))),
    ]
    inner = ", ".join(f"{count} AS c{number}" for number, count in enumerate(counts))
    outer = ["count(*)", "sum(p.n)", "sum(p.n * p.n)"]
    for number in range(len(counts)):
        outer.append(f"sum(p.c{number})")
        if 0 <= number - len(LANGS) < len(POLARITIES):
            outer += [f"sum(p.c{number} * p.c{number})", f"sum(p.c{number} * p.n)"]
    query = (
        f"SELECT p.month, p.channel, {', '.join(outer)} FROM"
        f" (SELECT {_MONTH[connection.vendor]} AS month, r.channel, count(*) AS n, {inner} FROM listening_reading r"
        " WHERE r.day >= %s AND r.day < %s GROUP BY 1, r.channel, r.account) p GROUP BY p.month, p.channel"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [since, until])
        return [tuple(map(int, row)) for row in cursor.fetchall()]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _begins(month: int) -> int:
    """The first day of a month, since 1970."""
    return date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH
