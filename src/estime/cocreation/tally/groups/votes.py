"""The votes of an opinion question as a table: one row per participant, one column per statement.

Invariants: a person counts once per statement, and the last vote is the one that counts; rows and columns stand in the
order of their ids, so that the same votes in another order give the same result.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AGREE: Final = 1
DISAGREE: Final = -1
PASS: Final = 0
BLOCK: Final = 4096
"""Participants turned into floating point at once: 33,000 people with 800 statements then need some 100 MB."""


@dataclass(frozen=True)
class VoteTable:
    """Votes by participant and statement.

    `value` (n, m) int8: 1 agree, −1 disagree, 0 pass or no vote. `cast` (n, m) bool: voted at all.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    value: NDArray[np.int8]
    cast: Bools

    def taken(self, rows: Ints) -> "VoteTable":
        """The same with these participants only, in this order; a row may occur twice (bootstrap)."""
        names = tuple(self.participants[row] for row in rows)
        return VoteTable(names, self.statements, self.value[rows], self.cast[rows])


def table(
    participants: Sequence[str],
    statements: Sequence[str],
    values: Sequence[int] | NDArray[np.int64],
    *,
    moderated: Collection[str] = (),
) -> VoteTable:
    """Put single votes, in the order in which they were cast, into a table.

    Meaning: whoever votes on a statement again has changed their mind: the last vote counts. Votes on statements that
    were moderated out are left out (nobody else may read those), but who cast them stays in the table.

    Parameters
    ----------
    participants, statements : n ids each, as text; who voted on what.
    values : (n,) int, 1 agree, −1 disagree, 0 pass.
    moderated : ids of statements that were moderated out.

    Returns
    -------
    VoteTable; rows and columns sorted by id (numbers by size, before other text). No votes: an empty table.

    Raises
    ------
    ValueError
        Lengths differ, or a value is none of 1, −1, 0.

    Deterministic; O(n log n) and one byte per cell, twice.

    Example
    -------
    >>> t = table(["ann", "bob", "ann"], ["7", "7", "7"], [1, -1, 0])
    >>> t.participants, t.statements, t.value.tolist(), t.cast.tolist()
    (('ann', 'bob'), ('7',), [[0], [-1]], [[True], [True]])
    """
    if not len(participants) == len(statements) == len(values):
        raise ValueError("participants, statements and values are columns of the same length")
    hidden = set(moderated)
    people = sorted(set(participants), key=_order)
    shown = sorted(set(statements) - hidden, key=_order)
    row_of = {name: row for row, name in enumerate(people)}
    column_of = {name: column for column, name in enumerate(shown)}
    given = np.asarray(values, dtype=np.int64)
    if not np.isin(given, (AGREE, DISAGREE, PASS)).all():
        raise ValueError("a vote is 1 (agree), -1 (disagree) or 0 (pass)")
    value = np.zeros((len(people), len(shown)), dtype=np.int8)
    cast = np.zeros(value.shape, dtype=np.bool_)
    kept = [k for k, statement in enumerate(statements) if statement not in hidden]
    rows = np.array([row_of[participants[k]] for k in kept], dtype=np.int64)
    columns = np.array([column_of[statements[k]] for k in kept], dtype=np.int64)
    cell = rows * max(len(shown), 1) + columns
    backwards, latest = np.unique(cell[::-1], return_index=True)
    chosen = len(cell) - 1 - latest
    value.reshape(-1)[backwards] = given[np.asarray(kept, dtype=np.int64)][chosen]
    cast.reshape(-1)[backwards] = True
    return VoteTable(tuple(people), tuple(shown), value, cast)


def from_matrix(matrix: Floats) -> VoteTable:
    """The table of a matrix of votes: (n, m), 1 agree, −1 disagree, 0 pass, NaN no vote; ids are row and column.

    Raises ValueError for any other value or another shape. The order of rows and columns is kept. O(n·m).

    >>> from_matrix(np.array([[1.0, float("nan")]])).cast.tolist()
    [[True, False]]
    """
    given = np.asarray(matrix, dtype=np.float64)
    if given.ndim != 2:
        raise ValueError("votes are a matrix: participants by statements")
    cast = ~np.isnan(given)
    value = np.where(cast, given, 0.0)
    if not np.isin(value, (AGREE, DISAGREE, PASS)).all():
        raise ValueError("a vote is 1 (agree), -1 (disagree), 0 (pass) or NaN (no vote)")
    n, m = given.shape
    names = tuple(str(row) for row in range(n))
    return VoteTable(names, tuple(str(column) for column in range(m)), value.astype(np.int8), cast)


def _order(name: str) -> tuple[int, int, str]:
    """2 before 10, numbers before words."""
    return (0, int(name), name) if name.isdecimal() else (1, 0, name)
