"""Means and shares of what people answered, with their intervals. No Django, no arrays: pages compute them."""

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

Z: Final = 1.959963984540054


class Estimate(NamedTuple):
    """A number with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def share_estimate(count: float, people: float) -> Estimate:
    """How large a share is, with Wilson's 95 % interval.

    `count` people of `people`, 0 ≤ count ≤ people; a count that is no whole number is a sum of parts (`mean_estimate`).
    Raises `ValueError` for nobody, or a count outside of that.

    Source: Wilson, 1927, Probable inference, doi:10.1080/01621459.1927.10502953.

    >>> [round(x, 3) for x in share_estimate(5, 10)]
    [0.5, 0.237, 0.763]
    """
    if people < 1 or not 0 <= count <= people:
        raise ValueError(f"{count} of {people}")
    share, square = count / people, Z * Z
    middle = (share + square / (2 * people)) / (1 + square / people)
    half = Z / (1 + square / people) * sqrt(share * (1 - share) / people + square / (4 * people * people))
    return Estimate(
        share, max(0.0, middle - half) if share else 0.0, min(1.0, middle + half) if share < 1 else 1.0
    )


def mean_estimate(counts: Sequence[int]) -> Estimate:
    """The mean of answers from 1 to 5, with an interval that is never too short.

    The mean, brought to 0 … 1, is taken as a share: no answers on a bounded scale vary more than those at its two ends,
    so Wilson's interval for such a share is never too short (own definition). It stays within 1 … 5, and has a width
    even where everybody answered the same. `counts`: how many answered 1, 2, 3, 4, 5. Raises `ValueError` for nobody.

    >>> [round(x, 2) for x in mean_estimate([0, 0, 10, 0, 0])]
    [3.0, 1.95, 4.05]
    """
    people = sum(counts)
    parts = sum(place * number for place, number in enumerate(counts)) / 4
    share = share_estimate(parts, people)
    return Estimate(*(1 + 4 * each for each in share))
