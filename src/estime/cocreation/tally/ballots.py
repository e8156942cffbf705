"""Ballots as arrays, whatever file or database they come from.

Invariants: rows are ballots, columns are options, in the order in which the source lists them; a row may stand
for several voters (`counts`); an array never holds who cast a ballot, except where a method needs to know which
answers are of one person (`Duels`, `Opinions`), and then as a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.errors import BallotsTooLarge

CELLS = 400_000_000
"""How many marks (ballots times options) are held at once; more is refused before memory runs out."""

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Kind(StrEnum):
    """What a mark on a ballot is."""

    APPROVAL = "approval"
    """bool: approved or not."""
    SCORE = "score"
    """float64: a number, higher is better; NaN where the voter gave none."""
    RANKED = "ranked"
    """int16: 1 is best, equal numbers are ties, 0 is not ranked: below all that are."""


@dataclass(frozen=True, eq=False)
class Ballots:
    """Ballots on the same options.

    `marks` has shape (n_ballots, n_options), its type is that of `kind`. `times` are seconds since 1970 in UTC,
    `ages` the days between the making of the voter's account and the vote; NaN is unknown, None means that the
    source tells it of nobody.
    """

    kind: Kind
    options: tuple[str, ...]
    marks: NDArray[Any]
    counts: Counts
    times: Floats | None = None
    ages: Floats | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def voters(self) -> int:
        """How many people voted."""
        return int(self.counts.sum())

    def only(self, kept: NDArray[np.bool_]) -> "Ballots":
        """The same without the rows where `kept` is false."""
        return replace(
            self,
            marks=self.marks[kept],
            counts=self.counts[kept],
            times=None if self.times is None else self.times[kept],
            ages=None if self.ages is None else self.ages[kept],
        )


@dataclass(frozen=True)
class Money:
    """What a budget is shared out on: the cost of each option, in their order, and what there is, in one unit."""

    costs: tuple[Fraction, ...]
    budget: Fraction


@dataclass(frozen=True, eq=False)
class Distinct:
    """The different ballots, how many voters cast each, and which of them each original row is."""

    marks: NDArray[Any]
    counts: Counts
    which: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Duels:
    """Votes between two options. Arrays have one entry per vote; options and voters are positions.

    `voter` is −1 where the source does not tell. Times are seconds since 1970 in UTC, NaN unknown.
    """

    options: tuple[str, ...]
    winner: NDArray[np.int64]
    loser: NDArray[np.int64]
    voter: NDArray[np.int64]
    times: Floats
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    ages: Floats | None = None


@dataclass(frozen=True, eq=False)
class Opinions:
    """Votes on statements: 1 agree, −1 disagree, 0 pass; the last one of each person on each statement.

    Arrays have one entry per vote; participants and statements are positions.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    participant: NDArray[np.int64]
    statement: NDArray[np.int64]
    vote: NDArray[np.int8]
    times: Floats
    texts: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    """Statements that were moderated out."""
    notes: tuple[str, ...] = ()


def ballots_of(
    kind: Kind,
    marks: NDArray[Any],
    options: Sequence[str] | None = None,
    *,
    counts: NDArray[Any] | None = None,
    times: Floats | None = None,
    ages: Floats | None = None,
) -> Ballots:
    """Make ballots of a plain array.

    Meaning: what the counting functions of this package take, checked once.

    Formula: none; the array itself, in the type of its kind.

    Parameters
    ----------
    kind : what a mark is; see `Kind`.
    marks : (n_ballots, n_options); anything numpy can turn into the type of `kind`. Ranks: whole numbers, 0 is
        not ranked. Scores: NaN is no score.
    options : n_options different names; "1", "2" … when left out.
    counts : (n_ballots,), voters per row, whole numbers ≥ 0; 1 each when left out.
    times : (n_ballots,), seconds since 1970 in UTC, NaN unknown.
    ages : (n_ballots,), days between account and vote, NaN unknown.

    Returns
    -------
    Ballots. An array without rows is an election in which nobody voted.

    Raises
    ------
    ValueError
        Shapes that do not fit, names that come twice, negative counts or ranks, a score that is not finite.
    BallotsTooLarge
        More than 400 million marks.

    Deterministic. Cost: O(n·m).

    Example
    -------
    >>> ballots_of(Kind.APPROVAL, np.array([[1, 0], [1, 1]]), ["tea", "coffee"]).marks.tolist()
    [[True, False], [True, True]]

    Source: own definition.
    """
    table = np.asarray(marks)
    if table.ndim != 2:
        raise ValueError(f"ballots are a table of ballots and options, not an array of shape {table.shape}")
    n, m = table.shape
    check_size(n, m)
    names = tuple(options) if options is not None else tuple(str(i + 1) for i in range(m))
    if len(names) != m or len(set(names)) != m:
        raise ValueError(f"{m} options need {m} different names")
    held = np.ones(n, dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    if held.shape != (n,) or (held < 0).any():
        raise ValueError("counts are one whole number, 0 or more, for each ballot")
    for extra in (times, ages):
        if extra is not None and np.shape(extra) != (n,):
            raise ValueError("times and ages are one number for each ballot")
    return Ballots(kind, names, _typed(kind, table), held, times, ages)


def _typed(kind: Kind, table: NDArray[Any]) -> NDArray[Any]:
    """The marks in the type of their kind."""
    if kind is Kind.APPROVAL:
        return table.astype(np.bool_)
    if kind is Kind.SCORE:
        scores = table.astype(np.float64)
        if np.isinf(scores).any():
            raise ValueError("a score is a finite number, or NaN where there is none")
        return scores
    if (table < 0).any() or (table != np.floor(table)).any() or (table > np.iinfo(np.int16).max).any():
        raise ValueError("a rank is a whole number, 1 is best, 0 is not ranked")
    return table.astype(np.int16)


def check_size(n_ballots: int, n_options: int) -> None:
    """Raise where a table of this size would not fit."""
    if n_ballots * n_options > CELLS:
        raise BallotsTooLarge(
            f"{n_ballots:,} ballots on {n_options:,} options are more than can be counted at once.",
            todo="Count fewer options together, for instance those that were voted for at all.",
            ballots=n_ballots,
            options=n_options,
        )


def distinct(marks: NDArray[Any], counts: Counts) -> Distinct:
    """Bring identical ballots together.

    Meaning: all methods are anonymous, so that they may count kinds of ballots instead of voters.

    Formula: the different rows of `marks`, each with the sum of its `counts`.

    Parameters
    ----------
    marks : (n_ballots, n_options), bool, integers, or float64 in which NaN equals NaN.
    counts : int64 (n_ballots,), voters per row, ≥ 0; rows of 0 voters are left out.

    Returns
    -------
    Distinct: rows in an order of their own that only depends on their content; `which` is −1 for rows left out.
    No ballots give no rows.

    Raises
    ------
    Nothing. Deterministic. Cost: O(n·m + n·log n).

    Example
    -------
    >>> found = distinct(np.array([[True, False], [False, True], [True, False]]), np.array([1, 1, 3]))
    >>> found.marks.tolist(), found.counts.tolist(), found.which.tolist()
    ([[False, True], [True, False]], [1, 4], [1, 0, 1])

    Source: own definition.
    """
    which = np.full(len(marks), -1, dtype=np.int64)
    there = counts > 0
    if not there.any():
        return Distinct(marks[:0], np.zeros(0, dtype=np.int64), which)
    rows = np.ascontiguousarray(marks[there])
    _, first, inverse = np.unique(_keys(rows), return_index=True, return_inverse=True)
    sums = np.bincount(inverse, weights=counts[there].astype(np.float64), minlength=len(first))
    which[there] = inverse
    return Distinct(rows[first], sums.astype(np.int64), which)


def _keys(rows: NDArray[Any]) -> NDArray[Any]:
    """One comparable key per row: its bytes, approvals packed eight to a byte."""
    if rows.shape[1] == 0:
        return np.zeros(len(rows), dtype=np.int8)
    if rows.dtype == np.bool_:
        rows = np.packbits(rows, axis=1)
    elif rows.dtype == np.float64:
        rows = np.where(np.isnan(rows), np.nan, rows + 0.0)  # one NaN, and no −0.0
    elif rows.dtype.byteorder != ">" and rows.dtype.itemsize > 1:
        rows = rows.astype(rows.dtype.newbyteorder(">"))
    packed = np.ascontiguousarray(rows)
    width = packed.dtype.itemsize * packed.shape[1]
    return packed.view(np.dtype((np.void, width))).ravel()
