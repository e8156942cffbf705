"""Opinion groups: from votes to groups, to the statements that unite or divide them, and whether to show any of it.

Invariants: whoever voted at all has a position and a group, even where the groups are not stable: `stable` says
whether anybody may be shown them; the order of people and of statements changes nothing; nothing is drawn by chance
that is not drawn the same way next time. The page of prose is docs/methods/groups.md.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from estime.cocreation.tally.groups.clusters import k_means, nearest
from estime.cocreation.tally.groups.projection import Projection, positions, project
from estime.cocreation.tally.groups.stability import Stability, examine
from estime.cocreation.tally.groups.statements import Judged, judge
from estime.cocreation.tally.groups.votes import Floats, Ints, VoteTable, from_matrix

LEAST_PEOPLE: Final = 20
"""Below, halves are of fewer than ten people: no figure could tell whether groups would be found again."""

LEAST_VOTES: Final = 1
"""Everybody who voted has a place. How sure it is, `certainty` tells."""


@dataclass(frozen=True)
class OpinionGroups:
    """What `opinion_groups` finds. Per-person arrays stand in the order of the votes."""

    groups: Ints
    """(n,) group of each person, 0 the largest; −1: left out."""
    centres: Floats
    """(k, 2)."""
    sizes: tuple[int, ...]
    positions: Floats
    """(n, 2) where each person stands; NaN for who is left out."""
    certainty: Floats
    """(n,) how often a person is in this group when people are drawn anew; NaN where that was not looked into."""
    left_out: dict[int, str]
    """Row → why that person has no group: "no-votes" or "too-few-votes"."""
    projection: Projection
    statements: Judged
    stability: Stability | None
    reason: str
    """Why the groups are not stable: "" they are; "nobody", "too-few-people", "all-alike", "not-looked-into",
    "halves-differ", "not-found-again"."""

    @property
    def stable(self) -> bool:
        """Whether groups may be shown at all."""
        return not self.reason

    @property
    def k(self) -> int:
        """How many groups."""
        return len(self.centres)


def opinion_groups(
    votes: VoteTable | NDArray[np.float64],
    *,
    k: int | None = None,
    resample: bool = True,
    least_votes: int = LEAST_VOTES,
) -> OpinionGroups:
    """Who thinks alike, what unites them, what divides them, and would others have found the same groups?

    Meaning: groups are a summary of these votes on these statements, never a trait of a person. They are to be shown
    only where `stable`; memberships are given in any case, so that they can be measured and compared.

    Formula: `project`, `positions`, `k_means` with the k of the highest `prediction_strength`, `judge`. Stable: two
    random halves of the people put everybody into the same groups (median adjusted Rand index ≥ 0.5), and each group
    is found again when people are drawn anew (mean Jaccard ≥ 0.6).

    Parameters
    ----------
    votes : VoteTable, or a matrix (n, m): 1 agree, −1 disagree, 0 pass, NaN no vote.
    k : how many groups; None: by prediction strength (2 without resampling).
    resample : whether to look into stability; without, nothing is called stable.
    least_votes : who cast fewer votes has no group and no part in the map; 1 by default: every voice counts.

    Returns
    -------
    OpinionGroups. Nobody: no groups, reason "nobody". Fewer than 20 people, or all at one place (one statement that
    all agree on, only passes): one group of everybody, with its reason.

    Raises
    ------
    ValueError
        A value that is no vote, k < 1, least_votes < 1.

    Deterministic, see `project` and `k_means`. 2,000 × 200 takes 0.1 s without resampling, some seconds with it.

    Example
    -------
    Two camps of 20 people, three statements; everybody agrees with the last one.

    >>> camp = np.array([[1.0, -1.0, 1.0]] * 20 + [[-1.0, 1.0, 1.0]] * 20)
    >>> found = opinion_groups(camp)
    >>> found.stable, found.sizes, sorted(set(found.groups[:20].tolist()) | set(found.groups[20:].tolist()))
    (True, (20, 20), [0, 1])
    >>> found.statements.uniting.tolist(), found.statements.dividing.tolist()
    ([False, False, True], [True, True, False])

    Source: Small et al. (2021), doi:10.6035/recerca.5516, with the departures of docs/decisions/0016-opinion-groups.md.
    """
    if least_votes < 1 or (k is not None and k < 1):
        raise ValueError("k and least_votes are 1 or more")
    whole = votes if isinstance(votes, VoteTable) else from_matrix(votes)
    cast = whole.cast.sum(axis=1)
    kept = np.flatnonzero(cast >= least_votes)
    left_out = {
        int(row): "too-few-votes" if cast[row] else "no-votes" for row in np.flatnonzero(cast < least_votes)
    }
    people = whole.taken(kept)
    onto = project(people)
    at = positions(people, onto)
    in_order = _canonical(people, at)
    reason = _plain_reason(at) or ("" if resample else "not-looked-into")
    stability = None if reason else examine(people.taken(in_order), onto, k)
    reason = stability.reason if stability else reason
    chosen = k or (stability.k if stability else 2)
    chosen = 1 if reason in ("too-few-people", "all-alike") and k is None else chosen
    groups, centres = k_means(at, chosen) if len(kept) else (np.zeros(0, dtype=np.int64), np.zeros((0, 2)))
    certainty = np.full(len(kept), np.nan)
    if stability and len(stability.certainty) and stability.k == len(centres):
        certainty[in_order] = stability.certainty
    return OpinionGroups(
        groups=_spread(groups, kept, len(cast), -1),
        centres=centres,
        sizes=tuple(int(size) for size in np.bincount(groups, minlength=len(centres))),
        positions=_spread(at, kept, len(cast), np.nan),
        certainty=_spread(certainty, kept, len(cast), np.nan),
        left_out=left_out,
        projection=onto,
        statements=judge(people, groups, len(centres), _halves(in_order)),
        stability=stability,
        reason=reason,
    )


def place(found: OpinionGroups, votes: VoteTable | NDArray[np.float64]) -> tuple[Floats, Ints]:
    """Where do new voters stand, and with which group?

    Meaning: the map is not moved by them; it moves when everything is counted again. Who has not voted stands in the
    middle, with no group.

    Parameters: found; votes of n people on the same statements, in the same order, as in `opinion_groups`. Returns
    positions (n, 2) and groups (n,), −1 for who has no vote or where there are no groups. Raises ValueError for
    another number of statements. Deterministic, O(n·m).

    >>> camp = np.array([[1.0, -1.0], [-1.0, 1.0]] * 20)
    >>> found = opinion_groups(camp)
    >>> place(found, np.array([[1.0, float("nan")], [float("nan")] * 2]))[1].tolist() == [found.groups[0], -1]
    True
    """
    whole = votes if isinstance(votes, VoteTable) else from_matrix(votes)
    at = positions(whole, found.projection)
    if found.k == 0:
        return at, np.full(len(at), -1, dtype=np.int64)
    return at, np.where(whole.cast.any(axis=1), nearest(at, found.centres), -1)


def _plain_reason(at: Floats) -> str:
    """Why nobody needs to look into whether groups are stable; empty where it is to be done."""
    if not len(at):
        return "nobody"
    if len(np.unique(at, axis=0)) < 2:
        return "all-alike"
    return "too-few-people" if len(at) < LEAST_PEOPLE else ""


def _canonical(people: VoteTable, at: Floats) -> Ints:
    """People in the order of where they stand, then of their votes: halves and draws do not depend on the input's."""
    m = len(people.statements)
    weight = np.random.default_rng(0).integers(1, 1 << 62, size=m, dtype=np.int64)
    key = np.where(people.cast, people.value + 2, 0).astype(np.int64) @ weight
    return np.asarray(np.lexsort((key, at[:, 1], at[:, 0])), dtype=np.int64)


def _halves(in_order: Ints) -> tuple[Ints, Ints]:
    """Two halves of the people, drawn by a fixed seed."""
    drawn = in_order[np.random.default_rng(0).permutation(len(in_order))]
    return np.sort(drawn[::2]), np.sort(drawn[1::2])


Kind = TypeVar("Kind", np.float64, np.int64)


def _spread(values: NDArray[Kind], rows: Ints, n: int, nothing: float) -> NDArray[Kind]:
    """Values of some rows put back among all of them."""
    found = np.full((n, *values.shape[1:]), nothing, dtype=values.dtype)
    found[rows] = values
    return found
