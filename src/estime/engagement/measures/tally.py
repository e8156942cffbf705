"""From counted rows to figures: shares with Wilson's interval, counts, cohorts, quantiles."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import monday, share
from estime.engagement.measures.intervals import quantile_ranks
from estime.engagement.measures.participation import absence_factor, top_share

Row = Mapping[str, Any]
PRESENCE: Final = ("newcomer", "continuing", "returning", "lapsing", "gone")
REPLIES: Final = ("member_member", "member_brand", "brand_member", "brand_brand", "unknown")
QUANTILES: Final = {"median": 0.5, "p90": 0.9, "p99": 0.99}


def count(measure: str, scope: str, period: date | None, label: str, n: float) -> Figure:
    """A number that was counted in full: it has no interval."""
    return Figure(measure, scope, period, label, float(n), None, None, float(n), None)


def period_of(row: Row) -> date | None:
    """The Monday of a weekly row; None for the others."""
    return monday(row["week"]) if "week" in row else None


def acts(rows: Iterable[Row]) -> list[Figure]:
    """`acts` per week: of members by kind, and of the brand; rows of the same label are added up."""
    sums: dict[tuple[str, int, str], int] = {}
    for row in rows:
        key = (row["scope"], row["week"], "brand" if row["brand"] else row["kind"])
        sums[key] = sums.get(key, 0) + row["n"]
    return [count("acts", scope, monday(week), label, n) for (scope, week, label), n in sorted(sums.items())]


def presence(rows: Iterable[Row]) -> list[Figure]:
    """`presence`: each member who was ever active is in exactly one class; classes without members are 0."""
    sizes: dict[str, dict[str, int]] = {}
    for row in rows:
        sizes.setdefault(row["scope"], {})[row["label"]] = row["n"]
    return [
        share("presence", scope, None, label, classes.get(label, 0), sum(classes.values()))
        for scope, classes in sorted(sizes.items())
        for label in PRESENCE
    ]


def shares(measure: str, rows: Iterable[Row]) -> list[Figure]:
    """n of d per scope (and week)."""
    return [share(measure, row["scope"], period_of(row), "", row["n"], row["d"]) for row in rows]


def replies(rows: Iterable[Row]) -> list[Figure]:
    """`replies` and `horizontality` per scope (and week); every label is present where there is any reply."""
    sizes: dict[tuple[str, date | None], dict[str, int]] = {}
    for row in rows:
        sizes.setdefault((row["scope"], period_of(row)), {})[row["label"]] = row["n"]
    figures = []
    for (scope, period), labels in sizes.items():
        figures += [count("replies", scope, period, label, labels.get(label, 0)) for label in REPLIES]
        known = sum(labels.values()) - labels.get("unknown", 0)
        figures.append(share("horizontality", scope, period, "", labels.get("member_member", 0), known))
    return figures


def words_deeds(rows: Iterable[Row]) -> list[Figure]:
    """`words_deeds`: the brand's openings, its replies, and the share of replies in both."""
    figures = []
    for row in rows:
        scope, period, said, answered = row["scope"], period_of(row), row["broadcasts"], row["answers"]
        figures.append(count("words_deeds", scope, period, "broadcasts", said))
        figures.append(count("words_deeds", scope, period, "answers", answered))
        figures.append(share("words_deeds", scope, period, "answer_share", answered, said + answered))
    return figures


def owed(rows: Iterable[Row]) -> list[Figure]:
    """`owed`: openings without any reply, of d."""
    return [
        Figure(
            "owed",
            row["scope"],
            None,
            label,
            float(row[label]),
            None,
            None,
            float(row[label]),
            float(row["d"]),
        )
        for row in rows
        for label in ("open", "late")
    ]


def retention(
    sizes: Iterable[Row],
    returns: Iterable[Row],
    last_months: Mapping[str, int],
    months: Collection[int] | None = None,
) -> list[Figure]:
    """`retention` of each cohort in each month up to the scope's last, months without anybody included.

    `months` limits the result to cells of these months and to whole cohorts that began in them.
    """
    active = {(row["scope"], row["cohort"], row["month"]): row["n"] for row in returns}
    return [
        share(
            "retention",
            row["scope"],
            date(row["cohort"] // 12, row["cohort"] % 12 + 1, 1),
            str(month - row["cohort"]),
            active.get((row["scope"], row["cohort"], month), 0),
            row["d"],
        )
        for row in sizes
        for month in range(row["cohort"], last_months[row["scope"]] + 1)
        if months is None or month in months or row["cohort"] in months
    ]


def participation(
    acts_by_size: Iterable[Row], contributions_by_size: Iterable[Row], replicates: int, seed: int
) -> list[Figure]:
    """`top_share` from the histogram of acts, `absence_factor` from that of acts other than likes."""
    figures = []
    for scope, (sizes, persons) in _histograms(acts_by_size).items():
        for label, part in (("1%", 0.01), ("10%", 0.1)):
            top = top_share(sizes, persons, part, replicates=replicates, seed=seed)
            figures.append(Figure("top_share", scope, None, label, *top[:3], float(top.n), float(top.d)))
    for scope, (sizes, persons) in _histograms(contributions_by_size).items():
        needed, everyone = absence_factor(sizes, persons), float(persons.sum())
        figures.append(
            Figure("absence_factor", scope, None, "", float(needed), None, None, float(needed), everyone)
        )
    return figures


def _histograms(rows: Iterable[Row]) -> dict[str, tuple[Any, Any]]:
    pairs: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        pairs.setdefault(row["scope"], []).append((row["size"], row["persons"]))
    found = {}
    for scope, entries in sorted(pairs.items()):
        table = np.array(sorted(entries), dtype=np.int64)
        found[scope] = (table[:, 0], table[:, 1])
    return found


def wanted_ranks(sizes: Iterable[Row], labels: Collection[str]) -> list[dict[str, Any]]:
    """The ranks to look up for the quantiles `labels` of each group (a row with its keys and n)."""
    wanted = []
    for row in sizes:
        keys = {name: value for name, value in row.items() if name != "n"}
        ranks = {rank for label in labels for rank in quantile_ranks(row["n"], QUANTILES[label]) if rank}
        wanted += [{**keys, "rank": rank} for rank in sorted(ranks)]
    return wanted


def quantiles(
    measure: str,
    sizes: Iterable[Row],
    values: Iterable[Row],
    labels: Collection[str],
    totals: Mapping[tuple[str, int | None], int],
    unit: float = 1.0,
) -> list[Figure]:
    """Quantiles with order-statistic intervals: n values of d = `totals` by (scope, week), in `unit`s."""
    found = {(row["scope"], row.get("week"), row["rank"]): row["value"] / unit for row in values}
    figures = []
    for row in sizes:
        scope, week = row["scope"], row.get("week")
        for label in labels:
            low, value, high = (
                None if rank is None else found[scope, week, rank]
                for rank in quantile_ranks(row["n"], QUANTILES[label])
            )
            d = float(totals[scope, week])
            figures.append(
                Figure(measure, scope, period_of(row), label, value, low, high, float(row["n"]), d)
            )
    return figures


def rank_stability(rows: Iterable[Row]) -> list[Figure]:
    """`rank_stability`: Spearman's correlation, and how many of the top tenth stay in it.

    Where all are equal after the change there is no order left to agree with: no value.
    """
    return [
        Figure(
            "rank_stability",
            row["scope"],
            None,
            f"{row['kind']}{row['change']:+.0%}",
            None if row["flat"] or row["rho"] is None else row["rho"],
            None,
            None,
            float(row["kept"]),
            float(row["top"]),
        )
        for row in rows
    ]
