"""The door of the tables: every measure of the acts in a lake."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import ibis

from estime.engagement.families import ALL, VOTE
from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import Audience
from estime.engagement.measures.page_rates import METRICS, page_rates, posts
from estime.engagement.settings import Settings
from estime.engagement.tables import observed, persons
from estime.engagement.tables.by_person import figures_by_person
from estime.engagement.tables.by_reply import figures_by_reply
from estime.engagement.tables.by_week import figures_by_week
from estime.engagement.tables.job import Job, Weeks
from estime.engagement.tables.prepare import ALL_CODE, DAY, Codes, Moments, month_of, prepare
from estime.engagement.tables.shelf import Shelf, rows
from estime.engagement.tables.table import Table

AsOf = datetime | Mapping[str, datetime]

NEEDED = [
    "scope",
    "person",
    "brand",
    "kind",
    "active",
    "liking",
    "exposing",
    "joining",
    "leaving",
    "text",
    "object_key",
    "reply_key",
    "thread_key",
    "at",
    "week",
]
"""What the measures below read of the prepared acts."""


def compute(
    backend: ibis.BaseBackend,
    acts: Table,
    *,
    observations: Table | None = None,
    settings: Settings | None = None,
    as_of: AsOf,
    weeks: Weeks = None,
    months: Collection[int] | None = None,
) -> list[Figure]:
    """Every figure of the lake table `acts` and of the platforms' `observations` (see docs/progress/2.md).

    `as_of` is one moment, or one per channel and for `*` (by default the latest of them); acts after it do
    not count; of observations the latest do. `weeks` (Mondays in days since 1970) limits weekly figures.
    `months` (year·12 + month − 1) limits `retention` to the cells of these months and the cohorts that
    began in them. Figures as of now are always whole. Nothing is left on the engine.
    """
    settings = settings or Settings()
    found = rows(acts.select("channel", "type").distinct())
    channels = sorted({row["channel"] for row in found})
    audience, figures = _observed(observations, settings)
    if not channels:
        return figures
    codes = Codes(_numbered(channels), _numbered({VOTE} | {row["type"] for row in found}))
    named = as_of_by_scope(as_of, channels)
    moments: Moments = {codes.channels.get(name, ALL_CODE): moment for name, moment in named.items()}
    several = len(channels) > 1 or named[ALL] != named[channels[0]]
    with Shelf(backend) as shelf:
        prepared = prepare(acts, settings.brand_accounts, as_of=named, codes=codes)
        base = shelf.keep(prepared.select(*NEEDED))
        base = base.mutate(month=month_of(base["at"] // DAY))
        job = Job(shelf, base, settings, moments, codes, audience, several, weeks, months)
        measured = _all(job)
    return figures + measured + ([] if several else [figure._replace(scope=ALL) for figure in measured])


def _numbered(names: Collection[str]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(names))}


def _all(job: Job) -> list[Figure]:
    kinds = job.persons_everywhere(
        persons.person_kinds(job.acts, job.reference, job.settings.half_life), persons.kinds_everywhere
    )
    members = job.shelf.keep(persons.persons(kinds))
    return [*figures_by_week(job), *figures_by_person(job, kinds, members), *figures_by_reply(job, members)]


def as_of_by_scope(as_of: AsOf, channels: Collection[str]) -> dict[str, datetime]:
    """One moment per channel and for `*`: the latest of them unless given."""
    if isinstance(as_of, datetime):
        return dict.fromkeys((*channels, ALL), as_of)
    moments = {channel: as_of[channel] for channel in channels}
    if not moments:
        return {}
    latest = max(moments.values())
    moments[ALL] = as_of.get(ALL, latest)
    if moments[ALL] < latest:
        raise ValueError("the as-of of all channels together must not be before that of one of them")
    return moments


def _observed(observations: Table | None, settings: Settings) -> tuple[dict[str, Audience], list[Figure]]:
    if observations is None:
        return {}, []
    by_channel: dict[str, list[tuple[datetime, float]]] = {}
    for row in rows(observed.followers(observations)):
        moment = datetime.fromtimestamp(row["observed"], UTC)
        by_channel.setdefault(row["channel"], []).append((moment, row["value"]))
    audience = {channel: sorted(counts) for channel, counts in by_channel.items()}
    seen = posts(rows(observed.latest_totals(observations, METRICS)))
    return dict(audience), page_rates(seen, audience, replicates=settings.replicates, seed=settings.seed)
