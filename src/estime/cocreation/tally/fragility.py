"""How fragile a result is: four questions, asked in the same way of every method.

Invariants: nothing tells who could have changed a result, or how a single ballot reads; what was not computed says so
and why, it never reads as a no; the same ballots and seed give the same answers. docs/tally.md explains it in prose.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Counts, Floats
from estime.cocreation.tally.counting import Counting
from estime.cocreation.tally.resampling import WORK, replicates_for, resampled
from estime.cocreation.tally.result import AnyVoter, Bootstrap, Fragility, Without

DAYS: Final = 7
MINUTES: Final = 10.0
FROM_VOTERS: Final = 20
SORTS: Final = 2e7
"""Voters times permutations for the rate of false positives: about two seconds."""
DEFINITION: Final = "same ballot as another voter's, cast within {minutes:g} minutes of it"
NOBODY: Final = "Nobody voted."


@dataclass(frozen=True)
class Asked:
    """What is asked. The defaults are what every challenge publishes, so that results can be compared."""

    days: float = DAYS
    """Accounts younger than this when they voted are left out."""
    minutes: float = MINUTES
    """The same ballots within so many minutes of each other are look-alikes."""
    replicates: int = 1_000
    """Draws of the bootstrap: a share of 0.9 is then known within about 0.02."""
    permutations: int = 200
    seed: int = 0
    from_voters: int = FROM_VOTERS
    """With fewer voters, whether one of them could change it would tell too much about single ballots."""
    patience: float = 1.0
    """How many times as long as usual recounting may take."""


def fragility(
    counting: Counting,
    counts: Counts,
    times: Floats | None = None,
    ages: Floats | None = None,
    asked: Asked | None = None,
) -> Fragility:
    """How easily could the result have been another one?

    Meaning: four answers. Would other options win without accounts younger than 7 days; without look-alike voters;
    could any single voter have changed it; in which share of elections drawn from the same voters does each option
    win. None of them accuses anybody: people who agree vote alike.

    Formula: the count itself, with other numbers of voters. The rate of false positives among look-alikes is the
    number of voters called so when the times are shuffled among the ballots, on average, over the number found.

    Parameters
    ----------
    counting : how the method counts these ballots.
    counts : int64 (n_ballots,), voters per original ballot.
    times : float64 (n_ballots,), seconds since 1970 in UTC, NaN unknown; None if the source has none.
    ages : float64 (n_ballots,), days between account and vote, NaN unknown; None if the source has none.
    asked : days, minutes, number of draws, seed, limits; the published ones when left out.

    Returns
    -------
    Fragility. Each answer says whether it was computed; ballots of unknown time or age stay in.

    Raises
    ------
    Nothing. Deterministic with the seed and the same numpy. Cost: `asked.replicates` recounts, fewer or none where
    that would take too long.

    Example
    -------
    >>> from estime.cocreation.tally.approval import approval_counting
    >>> from estime.cocreation.tally.ballots import Kind, ballots_of
    >>> votes = ballots_of(Kind.APPROVAL, np.array([[1, 0]] * 14 + [[0, 1]] * 12))
    >>> counting, _ = approval_counting(votes)
    >>> told = fragility(counting, votes.counts, ages=np.array([1.0] * 4 + [90.0] * 22))
    >>> told.without_new_accounts.winners, told.any_single_voter.changes, told.without_look_alikes.changes
    (('2',), True, None)

    Source: own definitions; bootstrap: B. Efron and R. J. Tibshirani (1993), doi:10.1201/9780429246593.
    """
    asked = asked or Asked()
    return Fragility(
        without_new_accounts=without_new_accounts(counting, counts, ages, asked),
        without_look_alikes=without_look_alikes(counting, counts, times, asked),
        any_single_voter=_any_voter(counting, asked),
        bootstrap=bootstrap(counting, asked),
    )


def without_new_accounts(counting: Counting, counts: Counts, ages: Floats | None, asked: Asked) -> Without:
    """The same count without accounts that were too young when they voted."""
    facts: dict[str, object] = {"days": asked.days}
    if not counts.any():
        return Without(why=NOBODY, facts=facts)
    if ages is None or np.isnan(ages[counts > 0]).all():
        return Without(why="The ballots do not say how old the accounts are.", facts=facts)
    unknown = int(counts[np.isnan(ages)].sum())
    young = np.nan_to_num(ages, nan=np.inf) < asked.days
    return _without(counting, counts, young, facts | {"age_unknown": unknown})


def without_look_alikes(counting: Counting, counts: Counts, times: Floats | None, asked: Asked) -> Without:
    """The same count without voters who cast the same ballot within minutes of another."""
    facts: dict[str, object] = {
        "minutes": asked.minutes,
        "definition": DEFINITION.format(minutes=asked.minutes),
    }
    if not counts.any():
        return Without(why=NOBODY, facts=facts)
    if times is None or np.isnan(times[counts > 0]).all():
        return Without(why="The ballots do not say when they were cast.", facts=facts)
    known = (counting.which >= 0) & ~np.isnan(times)
    rows = np.repeat(np.flatnonzero(known), counts[known])
    kinds, moments = counting.which[rows], times[rows]
    alike, groups = look_alikes(kinds, moments, asked.minutes)
    left_out = np.zeros(len(counts), dtype=np.bool_)
    left_out[rows[alike]] = True
    facts |= {"groups": groups, "time_unknown": int(counts[np.isnan(times)].sum())}
    facts |= by_chance(kinds, moments, int(alike.sum()), asked)
    return _without(counting, counts, left_out, facts)


def look_alikes(kinds: NDArray[np.int64], times: Floats, minutes: float) -> tuple[NDArray[np.bool_], int]:
    """Which voters cast the same ballot as another one within so many minutes?

    Meaning: a hint at votes that are not independent of each other, never a proof.

    Formula: alike(i) if there is j ≠ i with kind(j) = kind(i) and |time(j) − time(i)| ≤ minutes·60; a group is a
    chain of such pairs.

    Parameters: kinds, int64 (n_voters,); times, float64 (n_voters,), seconds, all known; minutes ≥ 0. Returns bool
    (n_voters,), and the number of groups. Raises nothing. Deterministic. Cost: O(n·log n).

    Example
    -------
    >>> found, groups = look_alikes(np.array([0, 0, 1, 0]), np.array([0.0, 500.0, 510.0, 9000.0]), 10)
    >>> found.tolist(), groups
    ([True, True, False, False], 1)

    Source: own definition.
    """
    if len(kinds) == 0:
        return np.zeros(0, dtype=np.bool_), 0
    gap = minutes * 60
    place = np.lexsort((times, kinds))
    together = (np.diff(times[place]) <= gap) & (np.diff(kinds[place]) == 0)
    linked = np.concatenate([[False], together, [False]])
    alike = np.zeros(len(kinds), dtype=np.bool_)
    alike[place] = linked[:-1] | linked[1:]
    return alike, int((linked[1:] & ~linked[:-1]).sum())


def by_chance(kinds: NDArray[np.int64], times: Floats, found: int, asked: Asked) -> dict[str, object]:
    """How many look-alikes and groups there would be if the times were shuffled among the ballots."""
    rounds = int(min(asked.permutations, SORTS // max(1, len(kinds))))
    if rounds < 1:
        return {"groups_by_chance": None, "false_positive_rate": None, "permutations": 0}
    rng = np.random.default_rng(asked.seed)
    drawn = [look_alikes(kinds, rng.permutation(times), asked.minutes) for _ in range(rounds)]
    voters = float(np.mean([alike.sum() for alike, _ in drawn]))
    return {
        "groups_by_chance": float(np.mean([groups for _, groups in drawn])),
        "voters_by_chance": voters,
        "false_positive_rate": min(1.0, voters / found) if found else None,
        "permutations": rounds,
    }


def bootstrap(counting: Counting, asked: Asked) -> Bootstrap:
    """In which share of elections drawn from the same voters does each option win?"""
    if not counting.counts.sum():
        return Bootstrap(why=NOBODY)
    draws = replicates_for(counting.work, asked.replicates, WORK * asked.patience)
    if not draws:
        return Bootstrap(why="Counting so many ballots again often enough would take too long.")
    wins = np.zeros(len(counting.options))
    same = 0
    base = np.isin(np.array(counting.options, dtype=object), list(counting.now))
    for weights in resampled(counting.counts, draws, asked.seed):
        won = counting.winners(weights)
        wins += won.sum(axis=0)
        same += int((won == base).all(axis=1).sum())
    shares = {o: float(n) / draws for o, n in zip(counting.options, wins, strict=True) if n}
    best_first = dict(sorted(shares.items(), key=lambda share: -share[1]))
    return Bootstrap(best_first, same / draws, draws, asked.seed)


def _any_voter(counting: Counting, asked: Asked) -> AnyVoter:
    voters = int(counting.counts.sum())
    if voters < asked.from_voters:
        few = f"Told from {asked.from_voters} voters on: with fewer it would tell how single people voted."
        return AnyVoter(why=few if voters else NOBODY)
    return counting.any_voter(asked.patience)


def _without(
    counting: Counting,
    counts: Counts,
    left_out: NDArray[np.bool_],
    facts: dict[str, object],
) -> Without:
    if not counts[left_out].any():
        return Without(0, counting.now, False, facts=facts)
    stay = ~left_out & (counting.which >= 0)
    weights = np.bincount(counting.which[stay], weights=counts[stay], minlength=len(counting.counts))
    winners = counting.result(weights)
    changes = set(winners) != set(counting.now)
    return Without(int(counts[left_out].sum()), winners, changes, facts=facts)
