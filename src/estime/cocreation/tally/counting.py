"""What every method shares: counting the same kinds of ballots again, and the tops of scores."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.ballots import Ballots, Counts, Distinct, Floats, distinct
from estime.cocreation.tally.result import AnyVoter

Bools = NDArray[np.bool_]

EXACT_IN_32 = 1 << 24
"""Whole numbers below this are exact in 32 bits."""
BLOCK = 1 << 15
"""Kinds of ballots that are turned into numbers at a time, so that a large election fits into memory twice."""


@dataclass(frozen=True, eq=False)
class Counting:
    """How a method counts these kinds of ballots.

    `winners` takes voters per kind of ballot, float64 (n_recounts, n_kinds) holding whole numbers, and returns
    bool (n_recounts, n_options). `work` is about how many elementary steps one recount takes. `any_voter` says
    whether any one voter could have changed who wins, without asking how many voters there are; it is given how many
    times as long as usual that may take.
    """

    options: tuple[str, ...]
    counts: Counts
    which: NDArray[np.int64]
    """Which kind each original ballot is of; −1 for rows that stand for nobody."""
    winners: Callable[[Floats], Bools]
    work: float
    any_voter: Callable[[float], AnyVoter]

    @cached_property
    def now(self) -> tuple[str, ...]:
        """Who wins."""
        return self.result(self.counts)

    def named(self, won: Bools) -> tuple[str, ...]:
        """The winning options of one recount, in the order of the options."""
        return tuple(option for option, wins in zip(self.options, won, strict=True) if wins)

    def result(self, weights: NDArray[Any]) -> tuple[str, ...]:
        """Who wins with so many voters per kind of ballot."""
        return self.named(self.winners(np.asarray(weights, dtype=np.float64)[None, :])[0])


def kinds_of(ballots: Ballots) -> Distinct:
    """The different ballots of an election."""
    return distinct(ballots.marks, ballots.counts)


def weighted_sums(weights: Floats, marks: NDArray[Any]) -> Floats:
    """weights @ marks, exact for whole numbers, in blocks: (n_recounts, n_kinds) by (n_kinds, n_options)."""
    largest = 1.0 if marks.dtype == np.bool_ else float(np.abs(marks).max(initial=0.0))
    number = exact_number(weights, largest)
    total = np.zeros((len(weights), marks.shape[1]))
    for start in range(0, len(marks), BLOCK):
        block = slice(start, start + BLOCK)
        total += weights[:, block].astype(number) @ marks[block].astype(number)
    return total


def exact_number(weights: Floats, largest: float) -> type[np.floating[Any]]:
    """The smallest type in which sums of whole numbers up to `largest` per voter are exact: 32 bits are quicker."""
    bound = weights.sum(axis=1).max(initial=0.0) * largest
    return np.float32 if bound < EXACT_IN_32 else np.float64


def top(scores: Floats, seats: int, least: float) -> Bools:
    """Which options are among the `seats` best of each row; all that are equal to the last of them win as well.

    An option below `least` never wins. Scores are exact: whole numbers held as float64.
    """
    m = scores.shape[1]
    if m == 0:
        return np.zeros(scores.shape, dtype=np.bool_)
    place = m - min(seats, m)
    edge = np.partition(scores, place, axis=1)[:, place, None]
    won: Bools = (scores >= edge) & (scores >= least)
    return won


def ties_at_the_edge(
    options: tuple[str, ...], scores: Floats, won: Bools, seats: int
) -> tuple[tuple[str, ...], ...]:
    """Winners that share the last place although there are fewer places than that."""
    if won.sum() <= seats:
        return ()
    edge = scores[won].min()
    return (tuple(o for o, score, wins in zip(options, scores, won, strict=True) if wins and score == edge),)
