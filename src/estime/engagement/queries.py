"""Reads of the figure tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from estime.engagement import models
from estime.engagement.figures import Figure


class ScopeInfo(NamedTuple):
    """A channel, or `*` for all together, as an edition saw it."""

    name: str
    title: str
    kind: str
    attribution: str
    first_act: datetime | None
    last_act: datetime | None
    acts: int
    archive: bool


class Edition(NamedTuple):
    """One refresh: when it was made, as of which moment each scope is told, and what the scopes are."""

    id: int
    as_of: dict[str, datetime]
    made_at: datetime
    scopes: list[ScopeInfo]


def edition() -> Edition | None:
    """The edition that stands, or None before the first refresh."""
    row = models.Edition.objects.order_by("-pk").first()
    if row is None:
        return None
    scopes = [ScopeInfo(**{**told, **_times(told)}) for told in row.scopes["scopes"]]
    as_of = {scope: datetime.fromisoformat(moment) for scope, moment in row.scopes["as_of"].items()}
    return Edition(row.pk, as_of, row.made_at, scopes)


def edition_id() -> int | None:
    """Which edition stands, without reading what it says."""
    return models.Edition.objects.order_by("-pk").values_list("pk", flat=True).first()


def _times(told: dict[str, str | None]) -> dict[str, datetime | None]:
    return {name: None if (text := told[name]) is None else datetime.fromisoformat(text) for name in _MOMENTS}


_MOMENTS = ("first_act", "last_act")


def figures(scope: str, measures: Sequence[str] | None = None) -> list[Figure]:
    """The figures of one scope, ordered by measure, period and label."""
    rows = models.StoredFigure.objects.filter(scope=scope)
    if measures is not None:
        rows = rows.filter(measure__in=measures)
    return [Figure(*row) for row in rows.order_by("measure", "period", "label").values_list(*Figure._fields)]


def figures_now(measures: Sequence[str]) -> list[Figure]:
    """The current figures of these measures, of every scope."""
    rows = models.StoredFigure.objects.filter(period=None, measure__in=measures)
    return [Figure(*row) for row in rows.order_by("scope", "measure", "label").values_list(*Figure._fields)]


def measure_counts(scope: str) -> dict[str, int]:
    """The measures that one scope has figures of, by name, and how many."""
    rows = models.StoredFigure.objects.filter(scope=scope).values_list("measure").annotate(n=Count("pk"))
    return dict(sorted(rows))
