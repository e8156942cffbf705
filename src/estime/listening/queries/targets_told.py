"""What was counted of brand and products: one row for a window, read as it stands."""

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from estime.kernel.configuration import configuration
from estime.listening.search_models import TargetsTold
from estime.listening.survey_numbers import Estimate, share_estimate
from estime.listening.targets.listed import targets_installed

WINDOWS: Final = (7, 30, 90, 365)
"""Days, now against as many before."""
WINDOW: Final = 90


class Reads(NamedTuple):
    """How texts about something read. `shares`: negative, neutral, positive among the clear ones, with intervals; None
    where fewer people wrote than may be told. `people` and `texts` are 0 there, too."""

    texts: int
    people: int
    clear: int
    shares: tuple[Estimate, Estimate, Estimate] | None


class TargetTold(NamedTuple):
    """One target, or (`target_id` 0) all texts about a kind."""

    target: int
    target_id: int
    now: Reads
    before: Reads


class TargetsPage(NamedTuple):
    """A window: from `since` to `until`, both included, against as many days from `before` on."""

    days: int
    before: date
    since: date
    until: date
    targets: list[TargetTold]


NOBODY: Final = Reads(0, 0, 0, None)


def targets_told(days: int = WINDOW) -> TargetsPage | None:
    """The targets of a window, most texts first within their kind; None before they were counted."""
    row = TargetsTold.objects.filter(days=days).first()
    if row is None:
        return None
    listed = targets_installed(configuration()).listed
    smallest = configuration().privacy.smallest_group
    told = [
        TargetTold(
            one["target"], one["target_id"], _reads(one["now"], smallest), _reads(one["before"], smallest)
        )
        for one in row.figures
        if not one["target_id"] or _stands(listed, one)
    ]
    told.sort(key=lambda one: (one.target, one.target_id > 0, -one.now.texts, one.target_id))
    since = row.until - timedelta(days=days - 1)
    return TargetsPage(days, since - timedelta(days=days), since, row.until, told)


def _stands(listed: Any, one: dict[str, Any]) -> bool:
    """Whether it is still listed as what it was counted as."""
    number = int(one["target_id"])
    return 0 < number <= len(listed) and bool(listed[number - 1].kind == one["target"])


def _reads(counted: dict[str, Any], smallest: int) -> Reads:
    if counted["people"] < smallest:
        return NOBODY
    clear, weighed = sum(counted["read"]), counted["weighed"]
    if counted["people_read"] < smallest:
        return Reads(counted["texts"], counted["people"], 0, None)
    negative, neutral, positive = (_share(number, clear, weighed) for number in counted["read"])
    return Reads(counted["texts"], counted["people"], clear, (negative, neutral, positive))


def _share(number: int, clear: int, weighed: float) -> Estimate:
    """A share among `clear` texts whose interval counts `weighed` of them."""
    return share_estimate(number / clear * weighed, weighed)
