"""The door of the tables: every measure of the acts in a lake."""

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime

import ibis

from estime.engagement.families import ALL, VOTE
from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import Audience
from estime.engagement.measures.page_rates import METRICS, page_rates, posts
from estime.engagement.settings import Settings
from estime.engagement.tables import observed, persons
from estime.engagement.tables.by_person import figures_by_person
from estime.engagement.tables.by_reply import figures_by_reply, lost_waiting, talk
from estime.engagement.tables.by_week import figures_by_week
from estime.engagement.tables.job import Job, Later, Weeks, together
from estime.engagement.tables.kinds import kinds_now
from estime.engagement.tables.memory import Known, Memory
from estime.engagement.tables.prepare import (
    ALL_CODE,
    DAY,
    Codes,
    Moments,
    by_scope,
    month_of,
    prepare,
    relabelled,
)
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
    held: Collection[tuple[str, str]] | None = None,
    weeks: Weeks = None,
    months: Collection[int] | None = None,
    memory: Memory | None = None,
    shelf: Shelf | None = None,
) -> list[Figure]:
    """Every figure of the lake table `acts` and of the platforms' `observations` (docs/measures).

    `as_of` is one moment, or one per channel and for `*` (by default the latest of them); acts after it do
    not count; of observations the latest do. `held` has every pair of channel and type among the acts, where
    that is known already. `weeks` (Mondays in days since 1970) limits weekly figures.
    `months` (year·12 + month − 1) limits `retention` to the cells of these months and the cohorts that
    began in them. Figures as of now are always whole. With a `memory` that knows the past, only the acts
    are read that such a limited computation needs. Nothing is left on the engine but what stands on a `shelf`
    that is given.
    """
    settings = settings or Settings()
    if held is None:
        held = [(row["channel"], row["type"]) for row in rows(acts.select("channel", "type").distinct())]
    channels = sorted({channel for channel, _type in held})
    audience, figures = _observed(observations, settings)
    if not channels:
        return figures
    codes = Codes(_numbered(channels), _numbered({VOTE} | {kind for _channel, kind in held}))
    named = as_of_by_scope(as_of, channels)
    moments: Moments = {codes.channels.get(name, ALL_CODE): moment for name, moment in named.items()}
    several = len(channels) > 1 or named[ALL] != named[channels[0]]
    with nullcontext(shelf) if shelf is not None else Shelf(backend, ahead=True) as shelf:
        known = None if memory is None or weeks is None or months is None else memory.known
        prepared = prepare(
            acts if known is None else known.acts, settings.brand_accounts, as_of=named, codes=codes
        )
        base = shelf.keep(prepared.select(*NEEDED))
        base = base.mutate(month=month_of(base["at"] // DAY))
        begun = {} if known is None else known.begun
        job = Job(shelf, base, settings, moments, codes, audience, several, weeks, months, begun)
        # In the order in which nobody waits: what has to be known before one can go on is asked first.
        by_channel = _kinds(job, acts, named, known)
        by_week, (made, opened) = figures_by_week(job), talk(job)
        by_reply = figures_by_reply(job, made, opened)
        kinds = shelf.keep(by_channel())
        measured = together(by_week, _by_person(job, kinds, opened), by_reply)()
        if memory is not None:
            shelf.settle()
            memory.keep(_named(kinds, codes, moments), job.begun)
    return figures + measured + ([] if several else [figure._replace(scope=ALL) for figure in measured])


def _numbered(names: Collection[str]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(names))}


def _kinds(job: Job, acts: Table, as_of: Mapping[str, datetime], known: Known | None) -> Callable[[], Table]:
    """`person_kinds` of every channel: from the acts, or from memory and what was done since."""
    if known is not None:
        return kinds_now(job, acts, as_of, known)
    return lambda: persons.person_kinds(job.acts, job.moments, job.settings.half_life)


def _by_person(job: Job, by_channel: Table, opened: Table) -> Later:
    kinds = _everywhere(job, by_channel)
    members = job.shelf.keep(persons.persons(kinds))
    lost = lost_waiting(job, members, opened)
    return together(figures_by_person(job, kinds, members), lost)


def _everywhere(job: Job, by_channel: Table) -> Table:
    """`by_channel` with the scope `*` beside the channels: as of its own moment, linked persons once."""
    if not job.several:
        return by_channel
    faded = persons.kinds_together(by_channel, job.moments, ALL_CODE, job.settings.half_life)
    together = job.shelf.keep(persons.kinds_merged(faded)) if job.settings.linked else faded
    return by_channel.union(relabelled(together, by_channel))


def _named(kinds: Table, codes: Codes, moments: Moments) -> Table:
    return kinds.select(
        account=kinds.person,
        channel=ibis.cases(*((kinds.scope == code, name) for name, code in codes.channels.items())),
        kind=ibis.cases(*((kinds.kind == code, name) for name, code in codes.types.items())),
        decayed=kinds.decayed,
        first=kinds["first"],
        last=kinds["last"],
        reference=by_scope(kinds.scope, moments),
    )


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
