"""Whether any one voter could have changed who wins a ranked vote. Yes or no, never who.

Three answers that are proven, and one that is honest: *no* where even the most adverse ballot of one voter leaves
every link of the winner's chains stronger (a bound, exact); *yes* where a voter is found whose absence, or other
ballot, gives other winners (a recount, exact); and *not computed* where neither is shown.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Distinct
from estime.cocreation.tally.result import AnyVoter
from estime.cocreation.tally.schulze import preferences, strongest_paths, undefeated, widest

HOW: Final = "by ranking otherwise or staying away"
STEPS: Final = 2e9
"""Elementary steps that recounting may take: a few seconds."""
AT_ONCE: Final = 2_000_000
"""Entries of matrices that are held at a time."""


def any_voter_ranked(kinds: Distinct, patience: float = 1.0) -> AnyVoter:
    """Could any single voter have changed who wins, by ranking otherwise or by staying away?

    Meaning: yes or no. *No* is proven by bounds on every chain; *yes* by a recount.

    Formula: one voter changes each d(x, y) by at most 1. With link⁻ = d − 1 if d(x, y) − 1 > d(y, x) + 1 and
    link⁺ = d + 1 if d(x, y) + 1 > d(y, x) − 1, winner w is safe if p⁻(w, y) > p⁺(y, w) for all y. If not, each
    kind of ballot is left out, then replaced by ballots that put one option first and a winner last.

    Parameters
    ----------
    kinds : the different ballots (int16 ranks) and how many cast each.
    patience : how many times as long as usual recounting may take.

    Returns
    -------
    AnyVoter; `changes` is None with a reason where recounting would take too long, or where the bound does not
    hold and no such ballot was found.

    Raises
    ------
    Nothing. Deterministic. Cost: O(m³) for the bound, then at most some 2·10⁹ steps.

    Example
    -------
    >>> safe = Distinct(np.array([[1, 2], [2, 1]], dtype=np.int16), np.array([15, 10]), np.array([0, 1]))
    >>> any_voter_ranked(safe).changes
    False
    >>> close = Distinct(safe.marks, np.array([13, 12]), safe.which)
    >>> any_voter_ranked(close).changes
    True

    Source: own definition. That one voter moves a pairwise count by at most one is in M. Schulze (2011), §4.
    """
    preferred = preferences(kinds.marks, kinds.counts)
    m = len(preferred)
    if m < 2:
        return AnyVoter(False, HOW)
    won = undefeated(strongest_paths(preferred))
    if _safe(preferred, won):
        return AnyVoter(False, HOW)
    recounts = max(1, int(STEPS * patience // m**3))
    pairs = _Pairs(kinds)
    if _differs(pairs.without(preferred, recounts), won) or _differs(
        pairs.replaced(preferred, won, recounts), won
    ):
        return AnyVoter(True, HOW)
    if recounts < pairs.number:
        why = f"Recounting {pairs.number:,} different ballots over {m} options would take too long."
    else:
        why = "It is so close that it cannot be ruled out, and no such ballot was found."
    return AnyVoter(None, HOW, why)


def _safe(preferred: NDArray[np.int64], won: NDArray[np.bool_]) -> bool:
    """Whether the only winner stays the only one whatever one voter does."""
    if won.sum() != 1:
        return False
    winner = int(np.flatnonzero(won)[0])
    back = preferred.T
    weakest = widest(np.where(preferred - 1 > back + 1, preferred - 1, 0))
    strongest = widest(np.where(preferred + 1 > back - 1, preferred + 1, 0))
    others = np.arange(len(preferred)) != winner
    return bool((weakest[winner] > strongest[:, winner])[others].all())


def _differs(elections: Any, won: NDArray[np.bool_]) -> bool:
    """Whether any of these counts has other winners."""
    return any((undefeated(strongest_paths(counted)) != won).any() for counted in elections)


class _Pairs:
    """What each kind of ballot says about each pair, in pieces."""

    def __init__(self, kinds: Distinct) -> None:
        below = kinds.marks.max(initial=0) + 1
        self.ranks = np.where(kinds.marks == 0, below, kinds.marks).astype(np.int32)
        self.number, self.m = self.ranks.shape
        self.step = max(1, AT_ONCE // self.m**2)

    def _says(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        return (rows[:, :, None] < rows[:, None, :]).astype(np.int64)

    def without(self, preferred: NDArray[np.int64], recounts: int) -> Any:
        """One voter of each kind staying away."""
        for start in range(0, min(self.number, recounts), self.step):
            yield preferred - self._says(self.ranks[start : start + self.step])

    def replaced(self, preferred: NDArray[np.int64], won: NDArray[np.bool_], recounts: int) -> Any:
        """One voter of each kind putting an option first, a winner last, and the rest where they help the first."""
        ballots = self._says(_adverse(preferred, won))
        for start in range(min(self.number, max(1, recounts // len(ballots)))):
            left = preferred - self._says(self.ranks[start : start + 1])
            for part in range(0, len(ballots), self.step):
                yield left + ballots[part : part + self.step]


def _adverse(preferred: NDArray[np.int64], won: NDArray[np.bool_]) -> NDArray[Any]:
    """Ballots that try to make an option win over a winner: (n, m) ranks."""
    paths = strongest_paths(preferred)
    made = []
    for first in range(len(preferred)):
        reached = np.argsort(-paths[first], kind="stable")
        for last in np.flatnonzero(won):
            if last != first:
                middle = [option for option in reached if option not in (first, last)]
                ranks = np.empty(len(preferred), dtype=np.int32)
                ranks[[first, *middle, last]] = np.arange(len(preferred))
                made.append(ranks)
    return np.array(made)
