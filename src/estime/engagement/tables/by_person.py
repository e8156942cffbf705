"""Step: what needs each member's history: presence, retention, participation, behaviour."""

from collections.abc import Callable

import ibis

from estime.engagement.families import PASSIVE
from estime.engagement.figures import Figure
from estime.engagement.measures import tally
from estime.engagement.tables import participation, persons, ranks, retention
from estime.engagement.tables.job import Job, Later, together
from estime.engagement.tables.prepare import Scope
from estime.engagement.tables.table import Table

Totals = dict[tuple[str, int | None], int]
"""Per scope, and week or None: how many there are."""


def figures_by_person(job: Job, kinds: Table, members: Table) -> Later:
    """`presence`, `retention`, `top_share`, `absence_factor`, `behaviour` and `rank_stability`.

    `kinds` and `members` are the kept tables `person_kinds` and `persons` of every scope.
    """
    return together(
        _presence(job, members), _retention(job, members), _participation(job), _behaviour(job, kinds)
    )


def _presence(job: Job, members: Table) -> Later:
    found = job.ask(persons.presence(members, job.each_lately, job.moments, job.settings))
    return lambda: tally.presence(found())


def _retention(job: Job, members: Table) -> Later:
    firsts = job.shelf.keep(retention.cohorts(members))
    facts = job.persons_everywhere(
        retention.person_months(job.acts, firsts, job.months), retention.months_everywhere
    )
    last = {scope: moment.year * 12 + moment.month - 1 for scope, moment in job.as_of.items()}
    sizes, returns = job.ask(retention.cohort_sizes(firsts)), job.ask(retention.returns(facts, firsts))
    return lambda: tally.retention(sizes(), returns(), last, job.months)


def _participation(job: Job) -> Later:
    acts, contributions = (
        job.ask(participation.histogram(job.each_lately, counted)) for counted in ("acts", "contributions")
    )
    return lambda: tally.participation(acts(), contributions(), job.settings.replicates, job.settings.seed)


def _behaviour(job: Job, kinds: Table) -> Later:
    settings = job.settings
    weights: dict[Scope, float] = {
        code: settings.weights.get(name, settings.other_weight) for name, code in job.codes.types.items()
    }
    parts = job.shelf.keep(persons.contributions(kinds, weights))
    scores = job.shelf.keep(persons.summed(parts))
    asked = job.ask(scores.group_by("scope").agg(d=scores.count(), n=(scores.b > 0).sum().cast("int64")))
    quantiles = quantile_figures(
        job, "behaviour", scores.select("scope", value=scores.b), ("median", "p90", "p99")
    )
    stability = _rank_stability(job, parts, scores)

    def told() -> list[Figure]:
        totals = asked()
        figures = [figure._replace(label="positive") for figure in tally.shares("behaviour", totals)]
        return [*figures, *quantiles({(row["scope"], None): row["d"] for row in totals}), *stability()]

    return told


def _rank_stability(job: Job, parts: Table, scores: Table) -> Later:
    settings = job.settings
    kinds = tuple(
        code
        for kind, code in sorted(job.codes.types.items())
        if kind not in PASSIVE and settings.weights.get(kind, settings.other_weight) != 0
    )
    if not kinds:
        return list
    chosen = job.shelf.keep(ranks.sampled(scores, settings.rank_sample))
    theirs = job.shelf.keep(parts.semi_join(chosen, ["scope", "person"]))
    found = job.ask(ranks.rank_stability(chosen, theirs, kinds))
    return lambda: tally.rank_stability(found())


def quantile_figures(
    job: Job,
    measure: str,
    values: Table,
    labels: tuple[str, ...],
    unit: float = 1.0,
) -> Callable[[Totals], list[Figure]]:
    """Quantiles of the column `value` for the other columns, with order-statistic intervals; wants the totals.

    Only the values at the wanted ranks leave the engine.
    """
    keys = tuple(name for name in values.columns if name != "value")
    asked = job.shelf.ask(ranks.group_sizes(values, keys))

    def told(totals: Totals) -> list[Figure]:
        sizes = asked()
        wanted = tally.wanted_ranks(sizes, labels)
        if not wanted:
            return []
        schema = {name: values.schema()[name] for name in keys} | {"rank": "int64"}
        lookup = ibis.memtable(wanted, schema=schema)
        found = job.rows(ranks.ranked(values, keys).semi_join(lookup, [*keys, "rank"]))
        for row in sizes:
            row["scope"] = job.codes.name("scope", row["scope"])
        return tally.quantiles(measure, sizes, found, labels, totals, unit)

    return told
