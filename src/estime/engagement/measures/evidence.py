"""How much a text, or an answer, says of what somebody feels: the weights of evidence. Light: pages read this."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

DAY: Final = 86_400
HALF_LIFE: Final = 180
"""Days after which a piece of evidence counts half: feelings outlast habits (28 days), and not by years."""
A_WEEK: Final = 3.0
"""Texts of one week count together at most as so many: one bad evening is one bad evening."""
PROMPTED: Final = 0.5
"""Weight of a text that an offer or a contest prompted."""
ASKED: Final = 4.0
"""Weight of an answered question: it asks about what the texts only show."""


def weights_of(pieces: Sequence[tuple[int, bool]], moment: int) -> list[float]:
    """How much does each text say at a moment about what its author feels?

    Meaning: from 0 (faded away) to 1 (today, of their own accord); only to point at the texts that say most.

    Formula: w = (1, or ½ if prompted) · min(1, 3 / what the texts of its week weigh) · 2^(−age/180 days).

    Parameters: `pieces`, (seconds since 1970, whether an offer or a contest prompted it), of one person, in any order;
    `moment`, seconds since 1970. A week in two quarters counts as two. Returns weights in the same order; empty for
    none. Deterministic. Cost: O(n).

    Example
    -------
    >>> [round(weight, 3) for weight in weights_of([(0, False), (0, True), (86_400 * 180, False)], 86_400 * 180)]
    [0.5, 0.25, 1.0]

    Source: own definition (docs/measures/affect.md).
    """
    full: dict[tuple[int, int, int], float] = defaultdict(float)
    for at, prompted in pieces:
        full[_week(at)] += PROMPTED if prompted else 1.0
    return [
        (PROMPTED if prompted else 1.0)
        * min(1.0, A_WEEK / full[_week(at)])
        * 2.0 ** (-(moment - at) / (DAY * HALF_LIFE))
        for at, prompted in pieces
    ]


def _week(at: int) -> tuple[int, int, int]:
    told = datetime.fromtimestamp(at, UTC)
    return told.year, (told.month - 1) // 3, (at // DAY + 3) // 7
