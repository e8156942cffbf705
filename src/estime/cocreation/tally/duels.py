"""Votes between two ideas, from whoever cast them to a result with winners and fragility.

Invariants: a voter's ballot is all the votes they cast, so that leaving a voter out, or drawing them again, takes all
of their votes together; what an idea's strength is worth is `pairwise`'s subject.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Counts, Duels, Floats
from estime.cocreation.tally.counting import Bools, Counting
from estime.cocreation.tally.pairwise import PRIOR_SD, Comparisons, bradley_terry, strengths
from estime.cocreation.tally.result import AnyVoter, Score, Tally

HOW: Final = "by staying away"
FIT: Final = 2e6
"""Elementary steps of a fit besides its algebra."""
FITS: Final = 2e10
"""Steps that fitting without each voter may take: some ten seconds."""
SAME: Final = 1e-9
"""Strengths closer than this are equal: the fit is more exact than that."""


class Cast:
    """Duels by the kind of ballot: voters who cast the same votes are of one kind."""

    def __init__(self, duels: Duels) -> None:
        """Bring together each voter's votes, then voters who cast the same."""
        self.duels = duels
        unknown = duels.voter < 0
        above = int(duels.voter.max(initial=-1)) + 1
        owner = np.where(unknown, above + np.cumsum(unknown), duels.voter)
        _, voter = np.unique(owner, return_inverse=True)
        pair = duels.winner * max(1, len(duels.options)) + duels.loser
        order = np.lexsort((pair, voter))
        voters = int(voter.max(initial=-1)) + 1
        starts = np.searchsorted(voter[order], np.arange(voters))
        ballots = [piece.tobytes() for piece in np.split(pair[order], starts[1:])] if voters else []
        known: dict[bytes, int] = {}
        self.which = np.array([known.setdefault(ballot, len(known)) for ballot in ballots], dtype=np.int64)
        self.counts: Counts = np.bincount(self.which, minlength=len(known)).astype(np.int64)
        self.times = np.full(voters, -np.inf)
        np.fmax.at(self.times, voter, duels.times)
        self.times[np.isinf(self.times)] = np.nan
        first = np.unique(self.which, return_index=True)[1]
        speaks = np.isin(voter, first)
        self._pairs, self._pair = np.unique(pair[speaks], return_inverse=True)
        self._kind = self.which[voter[speaks]]

    def comparisons(self, weights: Floats) -> Comparisons:
        """How often each pair was decided, with so many voters of each kind."""
        decided = np.bincount(self._pair, weights=weights[self._kind], minlength=len(self._pairs))
        counted = decided.astype(np.float64)
        there = counted > 0
        pairs, options = self._pairs[there], max(1, len(self.duels.options))
        return Comparisons(len(self.duels.options), pairs // options, pairs % options, counted[there])

    def strongest(self, weights: Floats) -> Bools:
        """Who has the highest strength; nobody where nothing was compared."""
        counted = self.comparisons(weights)
        if not len(counted.times):
            return np.zeros(counted.ideas, dtype=np.bool_)
        found = strengths(counted)
        best: Bools = found >= found.max() - SAME
        return best


def pairwise(duels: Duels) -> Tally:
    """Which idea would most often be preferred to another one?

    Meaning: the score of an idea is the chance that it is preferred to another one drawn at random, in [0, 1]; higher
    is better. Ideas that met few others have wide intervals; `detail["not_separable"]` names all that may be the best.

    Formula: Bradley–Terry with a weak prior; see `pairwise.bradley_terry`.

    Parameters
    ----------
    duels : winners and losers, int64 (n_votes,), positions of options; voters, −1 unknown.

    Returns
    -------
    Tally, best first; several winners only if exactly equal. Without votes nobody wins, and all scores are ½.

    Raises
    ------
    TallyNotConverged
        Never with the prior; as `bradley_terry`.

    Deterministic. Cost: O(n + m³).

    Example
    -------
    >>> votes = Duels(("a", "b"), np.array([0, 0, 0, 1]), np.array([1, 1, 1, 0]), np.arange(4), np.full(4, np.nan))
    >>> told = pairwise(votes)
    >>> told.winners, round(told.scores["a"].score, 2)
    (('a',), 0.66)

    Source: R. A. Bradley and M. E. Terry, Biometrika 39 (1952) 324–345, doi:10.2307/2334029.
    """
    cast = Cast(duels)
    found = bradley_terry(cast.comparisons(cast.counts.astype(np.float64)))
    names = duels.options
    best_first = sorted(range(len(names)), key=lambda i: (-found.score[i], i))
    winners = tuple(names[i] for i in found.winners)
    return Tally(
        method="pairwise",
        winners=winners,
        scores={
            names[i]: Score(float(found.score[i]), float(found.score_low[i]), float(found.score_high[i]))
            for i in best_first
        },
        voters=int(cast.counts.sum()),
        interval="delta method, 95 %",
        ties=(winners,) if len(winners) > 1 else (),
        detail={
            "votes": len(duels.winner),
            "not_separable": [names[i] for i in found.not_separable],
            "connected": found.connected,
            "parts": [
                [names[i] for i in best_first if found.part[i] == part]
                for part in range(int(found.part.max()) + 1)
            ]
            if names
            else [],
            "unbounded": [names[i] for i in best_first if found.unbounded[i]],
            "prior_sd": PRIOR_SD,
            "strength": {names[i]: float(found.strength[i]) for i in best_first},
            "compared": {names[i]: int(found.compared[i]) for i in best_first},
        },
        names=duels.names,
        notes=duels.notes,
    )


def pairwise_counting(duels: Duels) -> tuple[Counting, Cast]:
    """Pairwise votes as something that can be counted again; see `Counting`."""
    cast = Cast(duels)

    def winners(weights: Floats) -> Bools:
        table: NDArray[np.bool_] = np.zeros((len(weights), len(duels.options)), dtype=np.bool_)
        for row, held in zip(table, weights, strict=True):
            row[:] = cast.strongest(held)
        return table

    work = FIT + 10 * len(cast.duels.options) ** 3 + 10 * len(cast.duels.winner)

    def any_voter(patience: float) -> AnyVoter:
        if work * len(cast.counts) > FITS * patience:
            return AnyVoter(
                None, HOW, f"Recounting without each of {len(cast.counts):,} voters would take too long."
            )
        weights = cast.counts.astype(np.float64)
        now = cast.strongest(weights)
        for kind in range(len(weights)):
            weights[kind] -= 1
            if (cast.strongest(weights) != now).any():
                return AnyVoter(True, HOW)
            weights[kind] += 1
        return AnyVoter(False, HOW)

    return Counting(duels.options, cast.counts, cast.which, winners, work, any_voter), cast
