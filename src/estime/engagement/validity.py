"""The validity reports that are kept: read by pages, written by whoever computed and drew them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from estime.engagement.models import Edition, ValidityReport
from estime.engagement.narrowing import narrowed
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.kernel.erasures import last_erasure

EVERY: Final = timedelta(days=7)
ERASED: Final = timedelta(days=1)
"""A report that counts somebody erased since is made anew after a day: erasures come in numbers, and it is slow."""


CALIBRATION: Final = "validity-calibration"
"""The section whose chart shows how many of each group came."""


class StoredValidity(NamedTuple):
    """The report of one scope: `told` as `estime validate --json` has it, `drawn` its charts by language."""

    scope: str
    made_at: datetime
    told: dict[str, Any]
    drawn: dict[str, dict[str, str]]


def validity_of(scope: str) -> StoredValidity | None:
    """The report of a channel or of `*`, or None where none was made yet."""
    row = ValidityReport.objects.filter(pk=scope).first()
    if row is None:
        return None
    told = _told(row.told)
    return StoredValidity(row.scope, row.made_at, told, _drawn(row.drawn, row.told, told))


def _told(told: dict[str, Any]) -> dict[str, Any]:
    """What may be told now: settings may have changed since. Cells of the map only while it may place people."""
    privacy = configuration().privacy
    found = narrowed(told, privacy.smallest_group)
    if privacy.person_affect or not found["expected"].get("by_cell"):
        return found
    return {**found, "expected": {**found["expected"], "by_cell": []}}


def _drawn(
    drawn: dict[str, dict[str, str]], kept: dict[str, Any], told: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """The charts of what may be told: one of bins that are others by now waits for the next report."""
    if kept.get("calibration") == told.get("calibration"):
        return drawn
    return {
        lang: {name: svg for name, svg in each.items() if name != CALIBRATION} for lang, each in drawn.items()
    }


def validity_store(told: Mapping[str, Any], drawn: Mapping[str, Mapping[str, str]]) -> None:
    """Keep a report in place of the one before. Twice is once."""
    made = datetime.fromisoformat(told["made_at"])
    erased = last_erasure()
    values = {
        "made_at": made,
        "told": dict(told),
        "drawn": drawn,
        "stale": erased is not None and erased >= made,
    }
    ValidityReport.objects.update_or_create(scope=told["scope"], defaults=values)


def validity_due() -> bool:
    """Whether there are figures, and a report is missing, a week old, or a day old and counts somebody erased since."""
    edition = Edition.objects.order_by("-pk").first()
    if edition is None or not edition.scopes["as_of"]:
        return False
    made = {pk: (at, stale) for pk, at, stale in ValidityReport.objects.values_list("pk", "made_at", "stale")}
    return any(_old(made.get(scope)) for scope in edition.scopes["as_of"])


def _old(made: tuple[datetime, bool] | None) -> bool:
    if made is None:
        return True
    at, stale = made
    return clock.now() - at > (ERASED if stale else EVERY)
