"""Step: what needs each member's history: presence, retention, participation, behaviour."""

import ibis

from estime.engagement.figures import Figure
from estime.engagement.measures import tally
from estime.engagement.tables import participation, persons, ranks, retention
from estime.engagement.tables.job import Job
from estime.engagement.tables.prepare import Scope
from estime.engagement.tables.shelf import rows
from estime.engagement.tables.table import Table


def figures_by_person(job: Job, kinds: Table, members: Table) -> list[Figure]:
    """`presence`, `retention`, `top_share`, `absence_factor`, `behaviour` and `rank_stability`.

    `kinds` and `members` are the kept tables `person_kinds` and `persons` of every scope.
    """
    return [
        *_presence(job, members),
        *_retention(job, members),
        *_participation(job),
        *_behaviour(job, kinds),
    ]


def _presence(job: Job, members: Table) -> list[Figure]:
    days = (job.settings.window, job.settings.silence)
    done = job.scoped.filter(job.scoped.active & ~job.scoped.brand)
    return tally.presence(job.rows(persons.presence(members, job.lately(done, sum(days)), job.moments, days)))


def _retention(job: Job, members: Table) -> list[Figure]:
    firsts = job.shelf.keep(retention.cohorts(members))
    facts = job.persons_everywhere(
        retention.person_months(job.acts, firsts, job.months), retention.months_everywhere
    )
    last = {scope: moment.year * 12 + moment.month - 1 for scope, moment in job.as_of.items()}
    sizes = job.rows(retention.cohort_sizes(firsts))
    return tally.retention(sizes, job.rows(retention.returns(facts, firsts)), last, job.months)


def _participation(job: Job) -> list[Figure]:
    done = job.scoped.filter(job.scoped.active & ~job.scoped.brand)
    recent = job.lately(done, job.settings.span)
    return tally.participation(
        job.rows(participation.act_histogram(recent)),
        job.rows(participation.contribution_histogram(recent)),
        job.settings.replicates,
        job.settings.seed,
    )


def _behaviour(job: Job, kinds: Table) -> list[Figure]:
    settings = job.settings
    weights: dict[Scope, float] = {
        code: settings.weights.get(name, settings.other_weight) for name, code in job.codes.types.items()
    }
    parts = job.shelf.keep(persons.contributions(kinds, weights))
    scores = job.shelf.keep(persons.summed(parts))
    totals = job.rows(scores.group_by("scope").agg(d=scores.count(), n=(scores.b > 0).sum().cast("int64")))
    figures = tally.shares("behaviour", totals)
    figures = [figure._replace(label="positive") for figure in figures]
    values = scores.select("scope", value=scores.b)
    d: dict[tuple[str, int | None], int] = {(row["scope"], None): row["d"] for row in totals}
    figures += quantile_figures(
        job, "behaviour", values.select("scope", "value"), ("median", "p90", "p99"), d
    )
    return figures + _rank_stability(job, parts, scores)


def _rank_stability(job: Job, parts: Table, scores: Table) -> list[Figure]:
    settings = job.settings
    seen = sorted(row["kind"] for row in job.rows(parts.select("kind").distinct()))
    kinds = tuple(
        job.codes.types[kind] for kind in seen if settings.weights.get(kind, settings.other_weight) != 0
    )
    if not kinds:
        return []
    chosen = job.shelf.keep(ranks.sampled(scores, settings.rank_sample))
    theirs = job.shelf.keep(parts.semi_join(chosen, ["scope", "person"]))
    return tally.rank_stability(job.rows(ranks.rank_stability(chosen, theirs, kinds)))


def quantile_figures(
    job: Job,
    measure: str,
    values: Table,
    labels: tuple[str, ...],
    totals: dict[tuple[str, int | None], int],
    unit: float = 1.0,
) -> list[Figure]:
    """Quantiles of the column `value` for the other columns, with order-statistic intervals.

    Only the values at the wanted ranks leave the engine.
    """
    keys = tuple(name for name in values.columns if name != "value")
    sizes = rows(ranks.group_sizes(values, keys))
    wanted = tally.wanted_ranks(sizes, labels)
    if not wanted:
        return []
    schema = {name: values.schema()[name] for name in keys} | {"rank": "int64"}
    lookup = ibis.memtable(wanted, schema=schema)
    found = job.rows(ranks.ranked(values, keys).semi_join(lookup, [*keys, "rank"]))
    for row in sizes:
        row["scope"] = job.codes.name("scope", row["scope"])
    return tally.quantiles(measure, sizes, found, labels, totals, unit)
