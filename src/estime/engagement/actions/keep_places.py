"""Places of single people: written whole at a refresh, gone the moment that the switch is off."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Q

from estime.engagement.models import Contested, Objection, Place
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

if TYPE_CHECKING:
    from estime.engagement.tables.place import Place as Found

_COLUMNS: Final = "account scope as_of value low high cell pieces weight".split()
_NAMES: Final = ", ".join(_COLUMNS)
_AT_ONCE: Final = 400


def places_kept() -> bool:
    """Whether places of single people may be kept: the brand said what for, and on which legal basis."""
    return configuration().privacy.person_affect


def places_forget() -> int:
    """Take out every place where they may not be kept; returns how many there were."""
    return 0 if places_kept() else Place.objects.all().delete()[0]


def contests_forget_erased() -> None:
    """Take out what erased people contested while they were being erased: a request under way may write it last."""
    keys = ledger.erased_keys()
    for start in range(0, len(keys), _AT_ONCE):
        gone = list(keys[start : start + _AT_ONCE])
        Contested.objects.filter(account__in=gone).delete()
        Objection.objects.filter(account__in=gone).delete()


@transaction.atomic
def places_store(found: "Iterable[Found]", as_of: dict[str, datetime], since: datetime) -> None:
    """Put these places in place of all others; whoever objected has none. Nothing where they may not be kept.

    `since`: when it was asked what people contest. Whoever contested, or took it back, later: none until the next map.
    """
    Place.objects.all().delete()
    if not places_kept():
        return
    out = set(Objection.objects.filter(out=True, withdrawn=None).values_list("account", flat=True))
    later = Contested.objects.filter(Q(at__gte=since) | Q(withdrawn__gte=since))
    out.update(later.values_list("account", flat=True))
    rows = [
        (
            each.account, each.scope, connection.ops.adapt_datetimefield_value(as_of[each.scope]), each.value, each.low,
            each.high, each.cell, each.pieces, each.weight,
        )
        for each in found
        if each.value is not None and each.account not in out
    ]  # fmt: skip
    with connection.cursor() as cursor, connection.wrap_database_errors:
        raw: Any = cursor.cursor  # the driver's own cursor: Django's wrapper would rewrite and log every row
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(_COLUMNS))
            raw.connection.executemany(f"INSERT INTO engagement_place ({_NAMES}) VALUES ({marks})", rows)  # noqa: S608  names of ours
            return
        with raw.copy(f"COPY engagement_place ({_NAMES}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
