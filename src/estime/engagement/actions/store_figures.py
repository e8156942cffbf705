"""Put figures in place of those they replace: in one transaction, writing only what differs."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from estime.engagement.figures import Figure
from estime.engagement.measures.map_figures import MEASURES as MAPPED
from estime.engagement.models import Edition, StoredFigure
from estime.engagement.tables.touched import Touched

KEPT_EDITIONS = 5
_KEY = ("measure", "scope", "period", "label")
_VALUES = ("value", "low", "high", "n", "d")
Key = tuple[str, str, date | None, str]


def store_figures(
    edition: Edition, found: Iterable[Figure], touched: Touched, standing: Collection[str] = ()
) -> int:
    """Store an edition and its figures; figures of periods that were not touched stay. Returns how many changed.

    Measures that are `standing` were not computed: their figures stay as they are.
    """
    fresh = {tuple(getattr(figure, name) for name in _KEY): figure[4:] for figure in found}
    with transaction.atomic():
        edition.save()
        stored = StoredFigure.objects.exclude(measure__in=standing).values_list("pk", *_KEY, *_VALUES)
        gone: list[int] = []
        for pk, *fields in stored.iterator(chunk_size=5000):
            key: Any = tuple(fields[:4])
            if fresh.get(key) == tuple(fields[4:]):
                del fresh[key]
            elif key in fresh or was_touched(key, touched):
                gone.append(pk)
        for start in range(0, len(gone), 500):
            StoredFigure.objects.filter(pk__in=gone[start : start + 500]).delete()
        StoredFigure.objects.bulk_create(
            [
                StoredFigure(**dict(zip((*_KEY, *_VALUES), (*key, *values), strict=True)))
                for key, values in fresh.items()
            ],
            batch_size=500,
        )
        old = Edition.objects.order_by("-pk").values_list("pk", flat=True)[KEPT_EDITIONS:]
        Edition.objects.filter(pk__in=list(old)).delete()
    return len(gone) + len(fresh)


def was_touched(key: Key, touched: Touched) -> bool:
    """Whether a figure belongs to what was computed again, so that it goes if it was not found again."""
    measure, _, period, label = key
    if period is None or "_per_1000_" in measure or measure in MAPPED:
        return True
    if measure == "retention":
        cohort = period.year * 12 + period.month - 1
        return touched.months is None or cohort in touched.months or cohort + int(label) in touched.months
    return touched.weeks is None or (period - date(1970, 1, 1)) // timedelta(days=1) in touched.weeks
