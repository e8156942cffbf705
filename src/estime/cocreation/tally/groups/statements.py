"""Which statements unite the groups, which divide them, and which stand for a group.

Invariants: every vote is judged by groups that it had no part in (the other half's map, the statement left out),
because groups made from a vote differ in that vote by themselves; what is said to unite or divide passed a test that
counts how many statements were tried.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Final, NamedTuple

import numpy as np

from estime.cocreation.tally.groups.clusters import k_means, nearest
from estime.cocreation.tally.groups.intervals import (
    difference_bounds,
    different,
    discoveries,
    more_than_half,
    normal_quantile,
)
from estime.cocreation.tally.groups.projection import Projection, positions, project
from estime.cocreation.tally.groups.votes import AGREE, DISAGREE, Bools, Floats, Ints, VoteTable

LEAST_SEEN: Final = 5
"""Votes that a statement needs in every group before anything is said of it."""

REPRESENTATIVE: Final = 5
"""Statements that stand for a group, at most."""


@dataclass(frozen=True)
class Judged:
    """What is known of each of m statements, with k groups. Counts are of the groups as they are shown."""

    agree: Ints
    """(k, m) how many of the group agree."""
    disagree: Ints
    seen: Ints
    """(k, m) how many of the group voted on it, passes included."""
    unites: Floats
    """(m,) group-aware consensus in [0, 1]: product over groups of the smoothed share that agrees, or that
    disagrees, whichever is higher."""
    unites_how: Ints
    """(m,) 1: in agreement, −1: in disagreement."""
    uniting: Bools
    """(m,) in every group a majority of those who voted on it, by a test."""
    divides: Floats
    """(m,) the largest difference between two groups in the share that agrees, in [0, 1]."""
    divides_low: Floats
    divides_high: Floats
    between: Ints
    """(m, 2) those two groups: the one that agrees more, the other."""
    dividing: Bools
    """(m,) the difference is more than chance, by a test."""
    p_unites: Floats
    p_divides: Floats
    representative: tuple[tuple["Representative", ...], ...]
    """Per group: the statements on which it differs most surely from everybody else, strongest first."""


@dataclass(frozen=True)
class Representative:
    """A statement that stands for a group."""

    statement: int
    vote: int
    """1: they agree more than the others; −1: they disagree more."""
    share: float
    """Of the group, who voted on it."""
    share_elsewhere: float
    low: float
    """Lower bound of the difference between the two."""


def judge(votes: VoteTable, groups: Ints, k: int, halves: tuple[Ints, Ints]) -> Judged:
    """Which statements unite the groups, which divide them, which stand for one?

    Meaning: a statement unites if in each group more than half of those who voted on it agree (or in each disagree). It
    divides if two groups differ in the share that agrees. With 40 statements tried, some differ by chance; the tests
    allow 5 % of what is told to be wrong. Not for judging a person.

    Formula: unites = max(Π_g (agree_g + 1)/(seen_g + 2), Π_g (disagree_g + 1)/(seen_g + 2)); p_unites = max over groups
    of the exact one-sided p against one half; p_divides = the smallest p of the pairs of groups times their number;
    both then by Benjamini–Hochberg over statements. Intervals of `divides` and `low`: Newcombe's, at the level that is
    right for those that were selected.

    Parameters
    ----------
    votes : n people, m statements.
    groups : (n,) int, 0 … k−1.
    k : how many groups, at most 5 if many people are to be judged.
    halves : rows of two halves of the people, drawn by chance.

    Returns
    -------
    Judged, statements in the order of the votes. One group: nothing divides; none: nothing is known. A statement with
    fewer than 5 votes in some group neither unites nor divides, and stands for none.

    Deterministic; O(n·m·k).

    Source: group-aware consensus and representativeness: Small et al. (2021), doi:10.6035/recerca.5516. Departures:
    tests are made with groups that the tested votes had no part in (cross-fitting), and count how many were tried.
    """
    if k == 0:
        return _nothing(len(votes.statements))
    agree, disagree, seen = _counts(votes, groups, k)
    fair_agree, fair_disagree, fair_seen = _fair_counts(votes, groups, halves, k)
    enough: Bools = np.min(np.minimum(seen, fair_seen), axis=0, initial=np.inf) >= LEAST_SEEN
    consent = np.prod((agree + 1) / (seen + 2), axis=0)
    dissent = np.prod((disagree + 1) / (seen + 2), axis=0)
    p_agree = more_than_half(fair_agree, fair_seen).max(axis=0)
    p_disagree = more_than_half(fair_disagree, fair_seen).max(axis=0)
    p_unites = np.minimum(2 * np.minimum(p_agree, p_disagree), 1.0)
    divided = _divisions(fair_agree, fair_seen, enough)
    return Judged(
        agree=agree.astype(np.int64),
        disagree=disagree.astype(np.int64),
        seen=seen.astype(np.int64),
        unites=np.maximum(consent, dissent),
        unites_how=np.where(consent >= dissent, AGREE, DISAGREE).astype(np.int64),
        uniting=discoveries(p_unites, enough)[0],
        p_unites=p_unites,
        representative=_representatives((fair_agree, fair_disagree, fair_seen), enough),
        divides=divided.gap,
        divides_low=divided.low,
        divides_high=divided.high,
        between=divided.between,
        dividing=divided.found,
        p_divides=divided.p,
    )


def _nothing(m: int) -> Judged:
    """What is known of statements while nobody voted."""
    no_votes = np.zeros((0, m), dtype=np.int64)
    zero, one, no = np.zeros(m), np.ones(m), np.zeros(m, dtype=np.bool_)
    return Judged(
        agree=no_votes,
        disagree=no_votes,
        seen=no_votes,
        unites=zero,
        unites_how=np.ones(m, dtype=np.int64),
        uniting=no,
        divides=zero,
        divides_low=-one,
        divides_high=one,
        between=np.zeros((m, 2), dtype=np.int64),
        dividing=no,
        p_unites=one,
        p_divides=one,
        representative=(),
    )


def _counts(votes: VoteTable, groups: Ints, k: int) -> tuple[Floats, Floats, Floats]:
    """Agreeing, disagreeing, voting at all, by group and statement: (k, m) each."""
    found = []
    for what in (votes.value == AGREE, votes.value == DISAGREE, votes.cast):
        found.append([what[groups == group].sum(axis=0) for group in range(k)])
    agree, disagree, seen = (np.array(rows, dtype=np.float64).reshape(k, -1) for rows in found)
    return agree, disagree, seen


def _fair_counts(
    votes: VoteTable, groups: Ints, halves: tuple[Ints, Ints], k: int
) -> tuple[Floats, Floats, Floats]:
    """The same, each person in the group where the other half's map puts their votes on all other statements.

    Nothing of a vote that is counted had a part in the group that it is counted for.
    """
    if k < 2:
        return _counts(votes, groups, k)
    found = np.zeros((3, k, len(votes.statements)))
    for own, other in (halves, halves[::-1]):
        if len(other) < k:
            continue
        theirs = votes.taken(other)
        onto = project(theirs)
        its, centres = k_means(positions(theirs, onto), k)
        if len(centres) == k:
            found += _half_counts(votes.taken(own), groups[own], onto, (theirs, its, centres))
    return found[0], found[1], found[2]


def _half_counts(
    votes: VoteTable, groups: Ints, onto: Projection, other: tuple[VoteTable, Ints, Floats]
) -> Floats:
    """Agreeing, disagreeing, voting of one half, by the other half's map and groups: (3, k, m).

    Positions and centres lose the part of the statement that is counted; who has no other vote is not counted.
    """
    theirs, its, centres = other
    k, m = len(centres), len(votes.statements)
    found = np.zeros((3, k, m))
    several = votes.cast.sum(axis=1) > 1
    at = positions(votes, onto)
    name = _names(nearest(at, centres), groups, k)
    size = np.bincount(its, minlength=k)
    for j in range(m):
        part = np.where(theirs.cast[:, j], theirs.value[:, j] - onto.mean[j], 0.0)
        without = centres - (np.bincount(its, part, k) / size)[:, None] * onto.loadings[j]
        voters = np.flatnonzero(votes.cast[:, j] & several)
        vote = votes.value[voters, j]
        moved = at[voters] - (vote - onto.mean[j])[:, None] * onto.loadings[j]
        where = name[nearest(moved, without)]
        found[0, :, j] = np.bincount(where, vote == AGREE, k)
        found[1, :, j] = np.bincount(where, vote == DISAGREE, k)
        found[2, :, j] = np.bincount(where, minlength=k)
    return found


def _names(one: Ints, shown: Ints, k: int) -> Ints:
    """Which shown group each group of another grouping is: the naming under which most people stay."""
    both = np.zeros((k, k))
    np.add.at(both, (one, shown), 1)
    return np.array(
        max(permutations(range(k)), key=lambda names: both[range(k), names].sum()), dtype=np.int64
    )


class _Divisions(NamedTuple):
    gap: Floats
    low: Floats
    high: Floats
    between: Ints
    found: Bools
    p: Floats


def _divisions(agree: Floats, seen: Floats, enough: Bools) -> _Divisions:
    """The two groups that differ most on each statement, with test and interval."""
    k, m = agree.shape
    share = (agree + 1) / (seen + 2)
    high, low = share.argmax(axis=0), share.argmin(axis=0)
    pairs = [(a, b) for a in range(k) for b in range(a)]
    p = np.ones(m)
    for a, b in pairs:
        p = np.minimum(p, different((agree[a], seen[a]), (agree[b], seen[b])))
    p = np.minimum(p * max(len(pairs), 1), 1.0)
    found, level = discoveries(p, enough)
    column = np.arange(m)
    first, second = (agree[high, column], seen[high, column]), (agree[low, column], seen[low, column])
    z = normal_quantile(1 - level / max(len(pairs), 1) / 2)
    lower, upper = difference_bounds(first, second, z)
    gap = first[0] / np.maximum(first[1], 1) - second[0] / np.maximum(second[1], 1)
    between = np.stack([high, low], axis=1).astype(np.int64)
    return _Divisions(np.maximum(gap, 0.0), lower, upper, between, found, p)


def _representatives(
    counts: tuple[Floats, Floats, Floats], enough: Bools
) -> tuple[tuple[Representative, ...], ...]:
    """Per group the statements on which it differs most surely from all others together."""
    agree, disagree, seen = counts
    k, m = agree.shape
    if k < 2:
        return tuple(() for _ in range(k))
    total = seen.sum(axis=0)
    told, tests = [], []
    for vote, counted in ((AGREE, agree), (DISAGREE, disagree)):
        for group in range(k):
            own = (counted[group], seen[group])
            rest = (counted.sum(axis=0) - counted[group], total - seen[group])
            told.append((vote, group, own, rest))
            tests.append(different(own, rest))
    p = np.concatenate(tests)
    found, level = discoveries(p, np.tile(enough, 2 * k))
    z = normal_quantile(1 - level / 2)
    candidates: list[list[Representative]] = [[] for _ in range(k)]
    for (vote, group, own, rest), believed in zip(told, found.reshape(-1, m), strict=True):
        low = difference_bounds(own, rest, z)[0]
        for j in np.flatnonzero(believed & (low > 0)):
            shares = own[0][j] / own[1][j], rest[0][j] / rest[1][j]
            candidates[group].append(
                Representative(int(j), vote, float(shares[0]), float(shares[1]), float(low[j]))
            )
    return tuple(
        tuple(sorted(of_one, key=lambda r: (-r.low, r.statement))[:REPRESENTATIVE]) for of_one in candidates
    )
