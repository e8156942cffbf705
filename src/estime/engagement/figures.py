"""The one shape in which measures hand over their results."""

from datetime import date
from typing import NamedTuple


class Figure(NamedTuple):
    """One number with its interval, and the counts that it was made of.

    `scope` is a channel's name, or `*` for all channels together. `period` is the Monday of a week, the first
    day of a month or the day of a post; None means "as of the refresh". `low` and `high` bound the 95 %
    interval. `n` and `d` are numerator and denominator. A share whose denominator is unknown has no value.
    """

    measure: str
    scope: str
    period: date | None
    label: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    d: float | None
