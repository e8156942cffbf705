"""Bring the lake and the figures up to date with the ledger.

Three commits, in this order: new acts into the lake with the lake's cursor, what was read in texts with its own, then
the figures with the batch they were made from. A process killed between them, or anywhere else, leaves a state from
which the next refresh goes on: what is new is told by the batch of the edition that stands, not by what this process
happened to copy.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import ibis
import pyarrow as pa
from django.conf import settings as django_settings

from estime.engagement.actions.digest import brand_keys, figures_digest
from estime.engagement.actions.hear import READINGS, hear
from estime.engagement.actions.keep_places import contests_forget_erased, places_forget
from estime.engagement.actions.lease import lease
from estime.engagement.actions.map_state import map_changed
from estime.engagement.actions.place import Before, place
from estime.engagement.actions.remember import PERSONS, LakeMemory
from estime.engagement.actions.store_figures import store_figures
from estime.engagement.families import ALL
from estime.engagement.measures.map_figures import MEASURES as MAPPED
from estime.engagement.models import Edition
from estime.engagement.settings import Settings
from estime.engagement.tables.compute import compute
from estime.engagement.tables.recent import recent
from estime.engagement.tables.shelf import Shelf, rows
from estime.engagement.tables.touched import Touched, touched
from estime.kernel import clock
from estime.kernel.configuration import Configuration, configuration
from estime.kernel.engine import connect, read_lake
from estime.kernel.lake import Lake
from estime.ledger import api as ledger

Progress = Callable[[str], None]
EVERYTHING = Touched(None, None)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Refreshed(NamedTuple):
    """What a refresh did."""

    acts: int
    figures: int
    edition: int
    whole: bool


Kind = tuple[str, str]
"""A channel, and a type of acts."""


class Span(NamedTuple):
    """What the lake holds of one channel, or of one type there."""

    acts: int
    first: datetime
    last: datetime


def installed_lake() -> Lake:
    """The lake that this installation is set to use."""
    return Lake(django_settings.ESTIME_LAKE_URL)


def refresh(
    *, whole: bool = False, now: datetime | None = None, progress: Progress | None = None
) -> Refreshed:
    """Copy new acts to the lake, compute the figures they touch, store them as a new edition.

    `whole` drops the lake and computes everything from the ledger. Raises `RefreshRunning` if another process
    is at it, and `LakeBroken` if files of the lake are lost.
    """
    tell = progress or (lambda step: None)
    lake = installed_lake()
    with lease("refresh"), lake.in_use():
        if whole:
            lake.drop()
        places_forget()
        tell("lake")
        held = lake.cursor(ledger.ACTS) or 0
        archived = ledger.archive(lake)
        heard = hear(lake)
        tell("figures")
        before = Edition.objects.order_by("-pk").first()
        config = configuration()
        observed = ledger.observations()
        edition = Edition(made_at=now or clock.now(), batch=archived.batch, observations=len(observed))
        settings, edition.digest = _settings(config, observed)
        mapped = Before({} if before is None else before.scopes.get("placed") or {}, whole)
        if before is None or before.stale:
            ledger.finish_erasures(lake, tables=[PERSONS, READINGS])
            contests_forget_erased()
        if whole or before is None or before.stale or before.digest != edition.digest or held < before.batch:
            before = None  # held less: what the lake lost came back as new, but the memory has it already
        elif (
            _nothing_new(before, edition, heard)
            and _same_moments(before, config, edition.made_at)
            and not map_changed(before, config)
        ):
            Edition.objects.filter(pk=before.pk).update(made_at=edition.made_at)
            return Refreshed(archived.acts, 0, before.pk, False)
        changed = _compute(lake, edition, (before, mapped), settings, config, observed)
        tell("done")
        return Refreshed(archived.acts, changed, edition.pk, before is None)


def _nothing_new(before: Edition, edition: Edition, heard: int) -> bool:
    """Whether neither acts came in nor texts were read since the edition before."""
    return before.batch == edition.batch and before.scopes.get("readings", 0) == heard


def _same_moments(before: Edition, config: Configuration, now: datetime) -> bool:
    """Whether no scope would be told as of another moment than in the edition before."""
    spans = {
        told["name"]: Span(
            told["acts"], *(datetime.fromisoformat(told[at]) for at in ("first_act", "last_act"))
        )
        for told in before.scopes["scopes"]
        if told["acts"] and told["name"] != ALL
    }
    moments = as_of_by_scope(spans, config, now)
    return bool(before.scopes["as_of"] == {scope: moment.isoformat() for scope, moment in moments.items()})


def _settings(config: Configuration, observed: pa.Table) -> tuple[Settings, str]:
    """The measures' parameters, and a digest of all that figures depend on besides acts and time."""
    keys = brand_keys(config)
    settings = Settings(brand_accounts=tuple(keys), half_life=config.measures.half_life_days)
    if config.measures.weights is not None:
        settings = replace(settings, weights=config.measures.weights)
    return settings, figures_digest(config, keys, observed.num_rows)


def _compute(
    lake: Lake,
    edition: Edition,
    known: tuple[Edition | None, Before],
    settings: Settings,
    config: Configuration,
    observed: pa.Table,
) -> int:
    before, mapped = known
    backend = connect(django_settings.ESTIME_ENGINE_URL, threads=2)
    acts = read_lake(backend, lake, ledger.ACTS)
    held = {} if acts is None else _held(acts, before)
    spans = _spans(held)
    moments = as_of_by_scope(spans, config, edition.made_at)
    edition.scopes = _scopes(spans, moments, observed) | {"readings": lake.cursor(READINGS) or 0}
    edition.scopes["held"] = _written(held)
    if acts is None:
        edition.scopes["begun"] = {}
        return store_figures(edition, [], EVERYTHING)
    memory = LakeMemory(backend, lake, acts, edition.digest, {} if before is None else before.scopes["begun"])
    with Shelf(backend, ahead=True) as shelf:
        since = EVERYTHING
        if before is not None and memory.known is not None:
            channels = {name: moment for name, moment in moments.items() if name != ALL}
            read = recent(shelf, acts, memory.known.since, before.batch, channels, settings)
            since = touched(shelf, read, memory.known.kinds, *_days_between(before, moments))
            if since.weeks is not None and since.months is not None:
                memory.read_only(read.with_periods(shelf, since.weeks, since.months), read.since)
        figures = compute(
            backend,
            acts,
            observations=ibis.memtable(observed) if observed.num_rows else None,
            settings=settings,
            as_of=moments,
            held=held,
            weeks=since.weeks,
            months=since.months,
            memory=memory,
            shelf=shelf,
        )
    edition.scopes["begun"] = memory.begun
    placed = place((backend, lake, acts), edition, mapped, settings, config)
    backend.disconnect()
    return store_figures(edition, figures + (placed or []), since, MAPPED if placed is None else ())


def _days_between(before: Edition, moments: Mapping[str, datetime]) -> tuple[int, int]:
    """The earliest day as of which a scope that moved on was told before, and the latest as of which one is now."""
    latest = max(moments.values())
    told = before.scopes["as_of"]
    moved = [told.get(scope) for scope, moment in moments.items() if told.get(scope) != moment.isoformat()]
    since = [datetime.fromisoformat(moment) for moment in moved if moment is not None]
    return _day(min(since, default=latest)), _day(latest)


def _day(moment: datetime) -> int:
    return (moment - _EPOCH).days


def _held(acts: Any, before: Edition | None) -> dict[Kind, Span]:
    """What the lake holds of each type on each channel: what an edition `before` knew, and what came since."""
    known = [] if before is None else before.scopes.get("held", [])
    held = {
        (channel, kind): Span(count, datetime.fromisoformat(first), datetime.fromisoformat(last))
        for channel, kind, count, first, last in known
    }
    fresh = acts if before is None or not held else acts.filter(acts.batch > before.batch)
    grouped = fresh.group_by("channel", "type").aggregate(
        acts=fresh.count(), first=fresh.published.min(), last=fresh.published.max()
    )
    for row in rows(grouped):
        kind = (row["channel"], row["type"])
        span = Span(row["acts"], row["first"].astimezone(UTC), row["last"].astimezone(UTC))
        held[kind] = _together([span, held[kind]] if kind in held else [span])
    return held


def _written(held: Mapping[Kind, Span]) -> list[list[Any]]:
    """`_held` as JSON."""
    return [[*kind, span.acts, span.first.isoformat(), span.last.isoformat()] for kind, span in held.items()]


def _spans(held: Mapping[Kind, Span]) -> dict[str, Span]:
    by_channel: dict[str, list[Span]] = {}
    for (channel, _type), span in held.items():
        by_channel.setdefault(channel, []).append(span)
    return {channel: _together(spans) for channel, spans in by_channel.items()}


def _together(spans: Collection[Span]) -> Span:
    return Span(
        sum(span.acts for span in spans),
        min((span.first for span in spans), default=_EPOCH),
        max((span.last for span in spans), default=_EPOCH),
    )


def as_of_by_scope(spans: Mapping[str, Span], config: Configuration, now: datetime) -> dict[str, datetime]:
    """The moment that each channel is told as of: now, or its last act if it has been silent so long that it is over.

    An archive told as of today would say of a whole community that it is gone; told as of its last act, and
    labelled as an archive, it says what it was.
    """
    moments = {
        name: span.last if _archive(span, config, now) else max(now, span.last)
        for name, span in spans.items()
    }
    if moments:
        moments[ALL] = max(moments.values())
    return moments


def _archive(span: Span, config: Configuration, now: datetime) -> bool:
    policy = config.measures.as_of
    silent = now - span.last > timedelta(days=config.measures.archive_after_days)
    return policy == "last" or (policy == "auto" and silent)


def _scopes(spans: Mapping[str, Span], moments: Mapping[str, datetime], observed: pa.Table) -> dict[str, Any]:
    told = []
    channels = ledger.channels()
    for channel in channels:
        span = spans.get(channel.name)
        told.append(_scope(channel.name, channel.title, channel.format, channel.attribution, span, moments))
    if spans:
        told.insert(0, _scope(ALL, "", "", "", _together(spans.values()), moments))
    return {"as_of": {scope: moment.isoformat() for scope, moment in moments.items()}, "scopes": told}


def _scope(
    name: str, title: str, kind: str, attribution: str, span: Span | None, moments: Mapping[str, datetime]
) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "kind": kind,
        "attribution": attribution,
        "first_act": span.first.isoformat() if span else None,
        "last_act": span.last.isoformat() if span else None,
        "acts": span.acts if span else 0,
        "archive": span is not None and moments[name] == span.last,
    }
