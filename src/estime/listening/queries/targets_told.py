"""What was counted of brand and products: one row for a window, read as it stands."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from estime.kernel.configuration import configuration
from estime.listening.search_models import TargetsTold
from estime.listening.suppression import overlapping_shown
from estime.listening.survey_numbers import Estimate, share_estimate
from estime.listening.targets.listed import Listed, targets_installed

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
    held: bool = False
    """Enough people wrote, but with it others of few people could be worked out."""


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
    listed = targets_installed(configuration()).by_identity
    smallest = configuration().privacy.smallest_group
    told = []
    for kind in {one["target"] for one in row.figures}:
        whole = {one["target_id"]: one for one in row.figures if one["target"] == kind}
        now, before = (_kind(whole, when, smallest, listed) for when in ("now", "before"))
        told += [TargetTold(kind, number, now[number], before[number]) for number in now]
    told.sort(key=lambda one: (one.target, one.target_id > 0, -one.now.texts, one.target_id))
    since = row.until - timedelta(days=days - 1)
    return TargetsPage(days, since - timedelta(days=days), since, row.until, told)


def _stands(listed: Mapping[int, Listed], one: dict[str, Any]) -> bool:
    """Whether it is still listed as what it was counted as."""
    found = listed.get(one["target_id"])
    return found is not None and found.kind == one["target"]


def _kind(
    whole: dict[int, dict[str, Any]], when: str, smallest: int, listed: Mapping[int, Listed]
) -> dict[int, Reads]:
    """One kind in one window by target, 0 for all of it: nothing of few people, nor what subtraction would tell."""
    counted = {number: one[when] for number, one in whole.items()}
    standing = {number for number, one in whole.items() if number and _stands(listed, one)}
    people, read = (
        {number: one[name] for number, one in counted.items() if number} for name in ("people", "people_read")
    )
    shown = overlapping_shown(people, smallest, standing)
    clear = overlapping_shown(read, smallest, shown)
    return {
        number: _reads(
            counted[number], smallest, (not number or number in shown, not number or number in clear)
        )
        for number in (0, *sorted(standing))
        if number in counted
    }


def _reads(counted: dict[str, Any], smallest: int, shown: tuple[bool, bool]) -> Reads:
    """`shown`: whether it may be told beside the others, and whether its shares may."""
    if counted["people"] < smallest:
        return NOBODY
    if not shown[0]:
        return NOBODY._replace(held=True)
    clear, weighed = sum(counted["read"]), counted["weighed"]
    if counted["people_read"] < smallest or not shown[1]:
        return Reads(counted["texts"], counted["people"], 0, None)
    negative, neutral, positive = (_share(number, clear, weighed) for number in counted["read"])
    return Reads(counted["texts"], counted["people"], clear, (negative, neutral, positive))


def _share(number: int, clear: int, weighed: float) -> Estimate:
    """A share among `clear` texts whose interval counts `weighed` of them."""
    return share_estimate(number / clear * weighed, weighed)
