"""Who speaks of a topic, and whether more do than before. People are counted, not texts."""

from math import exp, log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from estime.listening.topics.result import Trend
from estime.listening.topics.words import Ints

_Z: Final = 1.959964


def trend(now: int, of: int, before: int, of_before: int, before_texts: int = 0) -> Trend | None:
    """How many times as many people speak of it as before, of all who wrote; None where nobody wrote before.

    ratio = ((now + ½)/(of + ½)) / ((before + ½)/(of_before + ½)); 95 % interval on the logarithm
    (Walter 1976; Katz and others 1978).

    >>> told = trend(30, 100, 10, 100)
    >>> round(told.ratio, 2), round(told.low, 2), round(told.high, 2), told.direction
    (2.9, 1.52, 5.53, 'more')
    """
    if not of_before or not of:
        return None
    a, n, b, m = now + 0.5, of + 0.5, before + 0.5, of_before + 0.5
    middle = log(a / n) - log(b / m)
    half = _Z * sqrt(max(0.0, 1 / a - 1 / n + 1 / b - 1 / m))
    low, high = exp(middle - half), exp(middle + half)
    direction = "more" if low > 1 else "less" if high < 1 else "same"
    if direction != "same" and not (now and before):
        direction = "new" if now else "gone"
    return Trend(before, before_texts, exp(middle), low, high, direction)


def people(person: Ints, where: npt.NDArray[np.bool_]) -> Ints:
    """The different people of these texts."""
    return np.unique(person[where])
