"""Ranked ballots by the Schulze method: an option wins if no other one beats it by a stronger chain of majorities.

Invariants: all winners are told, never one of several by lot; a majority is measured by its winning votes, as
Schulze recommends; options that a ballot does not rank are below all that it ranks, and equal among themselves.
The page of prose is docs/methods/ranked.md; whether one voter could change the result: `schulze_close`.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Ballots, Counts, Distinct, Floats, Kind
from estime.cocreation.tally.counting import BLOCK, Bools, Counting, exact_number, kinds_of
from estime.cocreation.tally.errors import MethodMisfit
from estime.cocreation.tally.resampling import around, interval, replicates_for, resampled
from estime.cocreation.tally.result import AnyVoter, Score, Tally

Ranks = NDArray[np.int16]

FEW: Final = 3
"""So many recounts are quicker one by one, pair by pair, than all at once."""


def ranked(ballots: Ballots, *, replicates: int = 500, seed: int = 0) -> Tally:
    """Which option wins against each other one, directly or by a chain of majorities?

    Meaning: the score of an option is the share of the other options that it beats in this sense (equal ones
    count half), in [0, 1]; higher is better, 1 beats all. It ranks; it does not say by how much.

    Formula: d(x, y) = voters who prefer x to y; a link x→y is d(x, y) if d(x, y) > d(y, x), else 0; p(x, y) =
    the largest, over chains from x to y, of the smallest link; x wins if p(x, y) ≥ p(y, x) for all y. Interval:
    percentiles 2.5 and 97.5 of the score over resampled voters, widened to hold the score.

    Parameters
    ----------
    ballots : `Kind.RANKED`, marks int16 (n_ballots, n_options), 1 is best, equal numbers are ties, 0 not ranked.
    replicates : how many resamples for the interval; fewer, or none, where they would take too long.
    seed : the same seed gives the same interval.

    Returns
    -------
    Tally, best first. Several winners are a tie, told in `ties`. `detail`: `preferred` and `strongest_paths`,
    matrices in the order of `options`; `order`, options from best to worst, equal ones together;
    `condorcet_winner`, who beats each other one directly, or None. Without voters nobody wins.

    Raises
    ------
    MethodMisfit
        The ballots are of another kind.

    Deterministic; all counts are exact. Cost: O(n·m² + m³), the interval `replicates` times that.

    Example
    -------
    >>> from estime.cocreation.tally.ballots import ballots_of
    >>> told = ranked(ballots_of(Kind.RANKED, np.array([[1, 2, 3], [1, 2, 3], [3, 1, 2]]), ["a", "b", "c"]))
    >>> told.winners, told.detail["strongest_paths"]
    (('a',), [[0, 2, 2], [0, 0, 3], [0, 0, 0]])

    Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
    single-winner election method", Social Choice and Welfare 36 (2011) 267–303,
    doi:10.1007/s00355-010-0475-4, §2; strength by winning votes.
    """
    counting, kinds = ranked_counting(ballots)
    preferred = preferences(kinds.marks, kinds.counts)
    paths = strongest_paths(preferred)
    beaten = _beaten(paths[None])[0]
    draws = replicates_for(counting.work, replicates) if ballots.voters > 1 else 0
    bounds = interval(
        _beaten(strongest_paths(_recounted(weights, kinds.marks)))
        for weights in resampled(kinds.counts, draws, seed)
    )
    winners = counting.now
    levels = order(paths) if ballots.voters else []
    names = ballots.options
    return Tally(
        method="ranked",
        winners=winners,
        scores={
            names[i]: Score(float(beaten[i]), *around(float(beaten[i]), bounds, i))
            for i in sorted(range(len(names)), key=lambda i: (-beaten[i], i))
        },
        voters=ballots.voters,
        interval=f"bootstrap, 95 %, {draws} resamples, seed {seed}" if draws else "none",
        ties=(winners,) if len(winners) > 1 else (),
        detail={
            "options": list(names),
            "preferred": preferred.tolist(),
            "strongest_paths": paths.tolist(),
            "order": [[names[i] for i in level] for level in levels],
            "condorcet_winner": _condorcet(preferred, names),
        },
        names=ballots.names,
        notes=ballots.notes,
    )


def ranked_counting(ballots: Ballots) -> tuple[Counting, Distinct]:
    """Schulze as something that can be counted again; see `Counting`."""
    if ballots.kind is not Kind.RANKED:
        raise MethodMisfit(
            f"These ballots are of the kind “{ballots.kind}”; this method counts “{Kind.RANKED}”.",
            todo="Choose the method that fits how people voted.",
            kind=str(ballots.kind),
        )
    kinds = kinds_of(ballots)
    m = len(ballots.options)

    def winners(weights: Floats) -> Bools:
        if m == 0:
            return np.zeros((len(weights), 0), dtype=np.bool_)
        if len(weights) <= FEW:
            recounted: NDArray[Any] = np.stack(
                [preferences(kinds.marks, row.astype(np.int64)) for row in weights]
            )
        else:
            recounted = _recounted(weights, kinds.marks)
        won = undefeated(strongest_paths(recounted))
        won[weights.sum(axis=1) == 0] = False
        return won

    def any_voter(patience: float) -> AnyVoter:
        from estime.cocreation.tally.schulze_close import any_voter_ranked

        return any_voter_ranked(kinds, patience)

    work = float(len(kinds.marks)) * m * m + m**3
    return Counting(ballots.options, kinds.counts, kinds.which, winners, work, any_voter), kinds


def preferences(ranks: Ranks, counts: Counts) -> NDArray[np.int64]:
    """How many voters prefer each option to each other one?

    Meaning: entry [x, y] counts the voters who rank x above y; those to whom both are equal count in neither.

    Formula: d(x, y) = Σ counts[i]·[rank(i, x) < rank(i, y)], a rank of 0 being below all others.

    Parameters: ranks, int16 (n_ballots, n_options); counts, int64 (n_ballots,), voters per row. Returns int64
    (n_options, n_options), the diagonal 0; no ballots give zeros. Raises nothing. Deterministic, exact.
    Cost: O(n·m²), of which a row of 100,000 ballots is compared in microseconds.

    Example
    -------
    >>> preferences(np.array([[1, 2, 0], [2, 1, 0]], dtype=np.int16), np.array([3, 1])).tolist()
    [[0, 3, 4], [1, 0, 4], [0, 0, 0]]

    Source: Schulze (2011), §2.1.
    """
    m = ranks.shape[1]
    total = np.zeros((m, m), dtype=np.int64)
    for bit in range(int(counts.max(initial=0)).bit_length()):
        rows = (counts >> bit) & 1 == 1
        by_option = _by_option(ranks[rows])
        for x in range(m):
            for y in range(x + 1, m):
                total[x, y] += np.count_nonzero(by_option[x] < by_option[y]) << bit
                total[y, x] += np.count_nonzero(by_option[y] < by_option[x]) << bit
    return total


def _by_option(ranks: Ranks) -> NDArray[Any]:
    """One contiguous row per option, as small numbers as hold the ranks; not ranked is below all."""
    below = ranks.max(initial=0) + 1
    small = np.uint8 if below <= np.iinfo(np.uint8).max else np.int32
    table: NDArray[Any] = np.where(ranks == 0, below, ranks).astype(small)
    return np.ascontiguousarray(table.T)


def strongest_paths(preferred: NDArray[Any]) -> NDArray[Any]:
    """How strong is the strongest chain of majorities from each option to each other one?

    Meaning: a chain is as strong as its weakest link; 0 where no chain leads from x to y.

    Formula: p(x, y) = max over chains x=c₁…c_k=y of min link(c_j, c_j+1), link(a, b) = d(a, b) if it exceeds
    d(b, a), else 0; Floyd and Warshall with max and min.

    Parameters: preferred, (…, m, m), as `preferences` returns it, one or several elections. Returns the same
    shape and type, diagonal 0. Raises nothing. Deterministic, exact. Cost: O(m³) for each.

    Example
    -------
    >>> strongest_paths(np.array([[0, 2, 1], [1, 0, 3], [2, 0, 0]])).tolist()
    [[0, 2, 2], [2, 0, 3], [2, 2, 0]]

    Source: Schulze (2011), §2.2 and §2.3.
    """
    return widest(np.where(preferred > np.swapaxes(preferred, -1, -2), preferred, 0))


def widest(links: NDArray[Any]) -> NDArray[Any]:
    """The strongest chains over given links, (…, m, m)."""
    paths = links.copy()
    for k in range(paths.shape[-1]):
        np.maximum(paths, np.minimum(paths[..., :, k, None], paths[..., None, k, :]), out=paths)
    diagonal = np.arange(paths.shape[-1])
    paths[..., diagonal, diagonal] = 0
    return paths


def undefeated(paths: NDArray[Any]) -> Bools:
    """Which options no other one beats: (…, m, m) to bool (…, m)."""
    return np.asarray((paths >= np.swapaxes(paths, -1, -2)).all(axis=-1), dtype=np.bool_)


def order(paths: NDArray[Any]) -> list[list[int]]:
    """Positions from best to worst: those whom nobody beats, then those whom nobody else beats, and so on."""
    left = list(range(len(paths)))
    levels = []
    while left:
        best = undefeated(paths[np.ix_(left, left)])
        levels.append([option for option, first in zip(left, best, strict=True) if first])
        left = [option for option, first in zip(left, best, strict=True) if not first]
    return levels


def _recounted(weights: Floats, ranks: Ranks) -> Floats:
    """`preferences` for many numbers of voters at once: (n_recounts, n_kinds) to (n_recounts, m, m)."""
    m = ranks.shape[1]
    number = exact_number(weights, 1.0)
    total = np.zeros((len(weights), m * m))
    step = max(1, BLOCK * 64 // max(1, m * m))
    below = ranks.max(initial=0) + 1
    for start in range(0, len(ranks), step):
        block = ranks[start : start + step]
        block = np.where(block == 0, below, block)
        pairs = (block[:, :, None] < block[:, None, :]).reshape(len(block), m * m)
        total += weights[:, start : start + step].astype(number) @ pairs.astype(number)
    return total.reshape(len(weights), m, m)


def _beaten(paths: NDArray[Any]) -> Floats:
    """Which share of the others each option beats, equal ones half: (n, m, m) to (n, m)."""
    others = paths.shape[-1] - 1
    if others < 1:
        return np.ones(paths.shape[:-1])
    back = np.swapaxes(paths, -1, -2)
    better = (paths > back).sum(axis=-1) + ((paths == back).sum(axis=-1) - 1) / 2
    return np.asarray(better / others, dtype=np.float64)


def _condorcet(preferred: NDArray[np.int64], names: tuple[str, ...]) -> str | None:
    direct = preferred > preferred.T
    np.fill_diagonal(direct, True)
    best = np.flatnonzero(direct.all(axis=1))
    return names[int(best[0])] if len(best) == 1 and preferred.any() else None
