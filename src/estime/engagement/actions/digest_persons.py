"""Keep in short what the few people with very many acts did, so that their pages need not read it all.

Read from the lake with the measures' own tables, as of the edition that stands. Doing it again changes nothing.
"""

from typing import Any

import ibis
from django.conf import settings as django_settings
from django.db import transaction

from estime.engagement.actions.digest import brand_keys
from estime.engagement.actions.lease import lease
from estime.engagement.actions.refresh import installed_lake
from estime.engagement.families import ALL
from estime.engagement.models import PersonDigest
from estime.engagement.person import NOBODY, READ, settings_now
from estime.engagement.queries import Edition, edition
from estime.engagement.settings import Settings
from estime.engagement.tables.persons import person_kinds
from estime.engagement.tables.prepare import DAY, Moments, prepare
from estime.engagement.tables.shelf import rows
from estime.kernel.configuration import configuration
from estime.kernel.engine import connect, read_lake
from estime.ledger import api as ledger

Digests = dict[int, dict[str, Any]]


def digest_persons() -> int:
    """Make the digests of the edition that stands; returns how many people have one. Raises `RefreshRunning`."""
    standing, lake = edition(), installed_lake()
    if standing is None:
        return 0
    with lease("refresh"), lake.in_use():
        backend = connect(django_settings.ESTIME_ENGINE_URL, threads=2)
        acts = read_lake(backend, lake, ledger.ACTS)
        told = {} if acts is None else _digests(acts, standing, settings_now())
        backend.disconnect()
    with transaction.atomic():
        PersonDigest.objects.all().delete()
        PersonDigest.objects.create(pk=NOBODY, told={"edition": standing.id})
        PersonDigest.objects.bulk_create(PersonDigest(pk=key, told=each) for key, each in told.items())
    return len(told)


def _digests(acts: Any, standing: Edition, settings: Settings) -> Digests:
    many = acts.group_by("account").agg(n=acts.count())
    many = many.filter(many.n > READ).select("account")
    moments = {scope: moment for scope, moment in standing.as_of.items() if scope != ALL}
    if not moments:
        return {}
    theirs = acts.filter(acts.channel.isin(list(moments))).semi_join(many, "account")
    prepared = prepare(theirs, brand_keys(configuration()), as_of=moments)
    told_as_of: Moments = dict(moments.items())
    active = prepared.filter(prepared.active & ~prepared.brand)
    counts = active.group_by("scope", "person", "kind").agg(n=active.count())
    kinds = person_kinds(prepared, told_as_of, settings.half_life).inner_join(
        counts, ["scope", "person", "kind"]
    )
    digests: Digests = {}
    for row in rows(kinds.select("scope", "person", "kind", "decayed", "first", "last", "n")):
        _add(digests, row, int(moments[row["scope"]].timestamp()), settings.half_life)
    for row in rows(_between(active, moments, settings)):
        digests[row["person"]]["before"] = True
    return digests


def _add(digests: Digests, row: dict[str, Any], as_of: int, half_life: float) -> None:
    first, last = row["first"], row["last"]
    told = digests.setdefault(
        row["person"],
        {
            "as_of": as_of,
            "half_life": half_life,
            "kinds": {},
            "first": first,
            "last": last,
            "before": False,
        },
    )
    told["kinds"][row["kind"]] = (row["n"], row["decayed"])
    told["first"] = min(told["first"], first)
    told["last"] = max(told["last"], last)


def _between(active: Any, moments: dict[str, Any], settings: Settings) -> Any:
    """Who acted in the silence before the window."""
    spans = [
        (active.scope == scope)
        & (active.at > int(moment.timestamp()) - (settings.window + settings.silence) * DAY)
        & (active.at <= int(moment.timestamp()) - settings.window * DAY)
        for scope, moment in moments.items()
    ]
    return active.filter(ibis.or_(*spans)).select("person").distinct()
