"""How many people stand behind predictions: somebody may be asked about at several moments."""

from typing import NamedTuple

import numpy as np

from estime.engagement.measures.scoring import Flags, Whole


class Crowd(NamedTuple):
    """How many people came at one moment at least, and how many did not at one at least."""

    people_came: int
    people_away: int


def crowd(persons: Whole, came: Flags) -> Crowd:
    """Who stands behind some predictions?

    Example
    -------
    >>> crowd(np.array([1, 1, 2, 2]), np.array([True, True, True, False]))
    Crowd(people_came=2, people_away=1)
    """
    return Crowd(len(np.unique(persons[came])), len(np.unique(persons[~came])))
