"""What people said when asked whether an answer takes them into account: by space and quarter, never by employee."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import TruncQuarter

from estime.cocreation.models import Considered, Decision, Space
from estime.cocreation.models.decision import SAID
from estime.cocreation.moments_due import zone_of
from estime.kernel.configuration import configuration


class Quarter(NamedTuple):
    """The answers given in one quarter. Numbers are None where fewer people said something than may be shown."""

    begins: date
    people: int | None
    yes: int | None = None
    part: int | None = None
    no: int | None = None


def considered_quarters(space: Space) -> list[Quarter]:
    """Newest quarter first; of the quarter in which the answer was given, in the brand's time zone. Two queries.

    A quarter with fewer than `privacy.smallest_group` sayings shows none, not even how many there were.
    """
    zone = zone_of("")
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    decided = (
        Decision.objects.filter(SAID, contribution__space=space)
        .annotate(quarter=TruncQuarter("at", tzinfo=zone))
        .values("quarter")
        .annotate(yes=Sum("said_yes"), part=Sum("said_part"), no=Sum("said_no"))
        .order_by()
    )
    for row in decided:
        _add(sums, row["quarter"], (row["yes"], row["part"], row["no"]))
    answered = (
        Considered.objects.filter(interpellation__space=space)
        .annotate(quarter=TruncQuarter("interpellation__answered", tzinfo=zone))
        .values("quarter", "says")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for told in answered:
        _add(
            sums, told["quarter"], [told["number"] * (told["says"] == says) for says in ("yes", "part", "no")]
        )
    return [
        _quarter(begins, numbers) for begins, numbers in sorted(sums.items(), reverse=True) if sum(numbers)
    ]


def _add(sums: dict[date, list[int]], quarter: datetime, numbers: Iterable[int]) -> None:
    begins = quarter.date()
    sums[begins] = [before + more for before, more in zip(sums[begins], numbers, strict=True)]


def _quarter(begins: date, numbers: list[int]) -> Quarter:
    if sum(numbers) < configuration().privacy.smallest_group:
        return Quarter(begins, None)
    return Quarter(begins, sum(numbers), *numbers)
