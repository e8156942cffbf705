"""The result of opinion groups in the shape that every way of deciding together hands over."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from estime.cocreation.tally.groups.statements import Judged, Representative
from estime.cocreation.tally.groups.votes import VoteTable
from estime.cocreation.tally.groups.whole import OpinionGroups, opinion_groups
from estime.cocreation.tally.result import Groups, Statement, Votes


def groups_of(votes: VoteTable, texts: Mapping[str, str] | None = None, *, resample: bool = True) -> Groups:
    """Who thinks alike, and what unites and divides them, as `estime tally --method groups` tells it.

    Parameters: votes, see `votes.table`; texts, statement → what it says; resample, see `opinion_groups`. Returns
    result.Groups: memberships of everybody who voted, also where `stable` is false; statements in the order of the
    votes, "unites" and "divides" only where the groups are stable. Deterministic.

    >>> from estime.cocreation.tally.groups.votes import table
    >>> told = groups_of(table(["a", "b"], ["1", "1"], [1, -1]))
    >>> told.stable, dict(told.groups), told.statements[0].all.agree
    (False, {'a': 0, 'b': 0}, 1)
    """
    found = opinion_groups(votes, resample=resample)
    placed = [row for row in range(len(votes.participants)) if row not in found.left_out]
    return Groups(
        groups={votes.participants[row]: int(found.groups[row]) for row in placed},
        statements=tuple(
            _statement(j, votes, found, dict(texts or {})) for j in range(len(votes.statements))
        ),
        stable=found.stable,
        participants=len(votes.participants),
        reason=found.reason,
        positions={
            votes.participants[row]: (float(found.positions[row, 0]), float(found.positions[row, 1]))
            for row in placed
        },
        detail=_detail(votes, found),
    )


def _statement(j: int, votes: VoteTable, found: OpinionGroups, texts: Mapping[str, str]) -> Statement:
    of: Judged = found.statements
    by_group = {g: _votes(of.agree[g, j], of.disagree[g, j], of.seen[g, j]) for g in range(found.k)}
    several = found.k > 1
    return Statement(
        id=votes.statements[j],
        all=_votes(of.agree[:, j].sum(), of.disagree[:, j].sum(), of.seen[:, j].sum()),
        text=texts.get(votes.statements[j], ""),
        by_group=by_group,
        unites=float(of.unites[j]) if several else None,
        divides=float(of.divides[j]) if several else None,
        kind=_kind(of, j) if found.stable else "",
        facts=_facts(of, j) if several else {},
    )


def _kind(of: Judged, j: int) -> str:
    """A majority in every group is worth more than how large it is: what unites is not told as what divides."""
    if of.uniting[j]:
        return "unites"
    return "divides" if of.dividing[j] else ""


def _facts(of: Judged, j: int) -> dict[str, Any]:
    return {
        "unites_in": "agreement" if of.unites_how[j] > 0 else "disagreement",
        "unites_p": float(of.p_unites[j]),
        "divides_between": [int(of.between[j, 0]), int(of.between[j, 1])],
        "divides_low": float(of.divides_low[j]),
        "divides_high": float(of.divides_high[j]),
        "divides_p": float(of.p_divides[j]),
    }


def _votes(agree: int, disagree: int, seen: int) -> Votes:
    return Votes(int(agree), int(disagree), int(seen) - int(agree) - int(disagree))


def _detail(votes: VoteTable, found: OpinionGroups) -> dict[str, Any]:
    """How it came about: sizes, centres, stability, who was left out, what stands for each group."""
    stability = found.stability
    return {
        "reason": found.reason or None,
        "sizes": list(found.sizes),
        "centres": [[float(x) for x in centre] for centre in found.centres],
        "explained": [float(share) for share in found.projection.explained],
        "left_out": {votes.participants[row]: why for row, why in found.left_out.items()},
        "certainty": {
            votes.participants[row]: float(share)
            for row, share in enumerate(found.certainty)
            if not np.isnan(share)
        },
        "representative": [
            [_representative(votes, one) for one in of_one] for of_one in found.statements.representative
        ],
        "stability": stability
        and {
            "groups": stability.k,
            "prediction_strength": {str(k): share for k, share in stability.strength.items()},
            "halves": stability.halves,
            "found_again": list(stability.found_again),
        },
    }


def _representative(votes: VoteTable, one: Representative) -> dict[str, Any]:
    return {
        "id": votes.statements[one.statement],
        "vote": "agree" if one.vote > 0 else "disagree",
        "share": one.share,
        "share_elsewhere": one.share_elsewhere,
        "low": one.low,
    }
