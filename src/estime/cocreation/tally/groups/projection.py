"""Where people stand: the two directions in which their votes differ most.

Invariants: the order of people changes nothing (the covariance is a sum of whole numbers); directions have a fixed
sign; what somebody did not vote on never moves them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from estime.cocreation.tally.groups.votes import BLOCK, Floats, VoteTable

DIMENSIONS: Final = 2
"""The picture has two, and groups that cannot be seen in the picture cannot be explained by it."""

DIGITS: Final = 9
"""Positions are rounded to so many decimals: below is the noise of the order in which numbers are added up."""


@dataclass(frozen=True)
class Projection:
    """The map of opinions: what is needed to place anybody on it."""

    mean: Floats
    """(m,) mean vote on each statement, of those who voted on it; 0 where nobody did."""
    loadings: Floats
    """(m, 2): how far an agreement with the statement moves a person in each direction. Unit columns."""
    explained: Floats
    """(2,) share of all variance of the votes (missing ones set to the mean) in each direction."""


def project(votes: VoteTable) -> Projection:
    """In which two directions do votes differ most?

    Meaning: principal components of the votes, a missing vote set to the statement's mean. A direction has no meaning
    of its own; the statements with the largest loadings tell what it is about.

    Formula: eigenvectors of C = Σ over people of (v − mean)(v − mean)ᵀ over the votes cast, largest eigenvalues first.

    Parameters: votes, n people and m statements. Returns Projection; directions without any variance (fewer than two
    people, everybody alike, one statement) are all 0. Sign: the largest loading of a direction is positive (of equal
    ones, the first). Deterministic; C is exact, so people may stand in any order. O(n·m² + m³): 33,000 × 800 in
    some seconds.

    >>> from estime.cocreation.tally.groups.votes import from_matrix
    >>> found = project(from_matrix(np.array([[1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, 1.0]])))
    >>> found.loadings[:, 0].round(3).tolist(), found.explained.round(3).tolist()
    ([0.707, -0.707], [1.0, 0.0])

    Source: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw and C. Megill, "Polis: Scaling deliberation by mapping high
    dimensional opinion spaces", Recerca 26(2) (2021), doi:10.6035/recerca.5516. Departures: statements that were
    moderated out are absent, not zeros; the exact eigenvectors, not power iteration.
    """
    m = len(votes.statements)
    covariance, mean = _covariance(votes)
    loadings, explained = np.zeros((m, DIMENSIONS)), np.zeros(DIMENSIONS)
    total = float(np.trace(covariance))
    if total <= 1e-9:
        return Projection(mean, loadings, explained)
    from scipy.linalg import (
        eigh,  # slow to import, and only here; only the two that are needed: 7 times as fast
    )

    found = min(DIMENSIONS, m)
    value, vector = eigh(covariance, subset_by_index=[m - found, m - 1], driver="evx")
    for d in range(found):
        share = value[found - 1 - d] / total
        if share > 1e-12:
            direction = vector[:, found - 1 - d]
            largest = int(np.argmax(np.round(np.abs(direction), DIGITS)))
            loadings[:, d] = direction * np.sign(direction[largest])
            explained[d] = share
    return Projection(mean, loadings, explained)


def positions(votes: VoteTable, onto: Projection) -> Floats:
    """Where does each participant stand on the map?

    Meaning: each vote moves its person along the statement's loadings, by how far it lies from the mean vote. Who cast
    few votes stays near the middle: little is known of them. (Polis pushes them outwards by √(statements / votes);
    measured in docs/methods/groups.md, that did not help.) The middle, (0, 0), is an average person.

    Formula: y[p] = Σ over the statements j that p voted on of (v[p, j] − mean[j])·loadings[j].

    Parameters: votes (n people, the statements of the projection, in its order); onto. Returns (n, 2), rounded to 9
    decimals; no vote: (0, 0). Raises ValueError where the statements are not as many as those of the projection.
    Works for people who were not part of the projection: newcomers stand where their votes put them. O(n·m).

    >>> from estime.cocreation.tally.groups.votes import from_matrix
    >>> seen = from_matrix(np.array([[1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, 1.0]]))
    >>> newcomer = from_matrix(np.array([[-1.0, float("nan")]]))
    >>> positions(newcomer, project(seen)).round(3).tolist()
    [[-0.707, 0.0]]
    """
    if len(votes.statements) != len(onto.mean):
        raise ValueError("the votes are about other statements than the projection")
    found = np.zeros((len(votes.participants), onto.loadings.shape[1]))
    shift = onto.mean[:, None] * onto.loadings
    for start in range(0, len(found), BLOCK):
        rows = slice(start, start + BLOCK)
        found[rows] = votes.value[rows].astype(np.float64) @ onto.loadings
        found[rows] -= votes.cast[rows].astype(np.float64) @ shift
    return np.round(found, DIGITS) + 0.0


def _covariance(votes: VoteTable) -> tuple[Floats, Floats]:
    """Cross products about the means, and the means. The sums are of whole numbers, exact in single precision."""
    m = len(votes.statements)
    both, one, seen = np.zeros((m, m)), np.zeros((m, m)), np.zeros((m, m))
    for start in range(0, len(votes.participants), BLOCK):
        v = votes.value[start : start + BLOCK].astype(np.float32)
        o = votes.cast[start : start + BLOCK].astype(np.float32)
        both += v.T @ v
        one += v.T @ o
        seen += o.T @ o
    mean = np.diag(one) / np.maximum(np.diag(seen), 1)
    cross = one * mean[None, :]
    return both - cross - cross.T + seen * np.outer(mean, mean), mean
