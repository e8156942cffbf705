"""Opinion groups on the Polis conversations: what the shipped samples give, and how near it is to what Polis found.

Which choices were made how, and what limits the figures: docs/methods/groups.md and bench/opinion_groups.py.
"""

import csv

import numpy as np
import pytest
from channels.reading import REPOSITORY, sample

from estime.cocreation.tally.groups.clusters import adjusted_rand
from estime.cocreation.tally.groups.stability import AGREEING, Stability, prediction_strength
from estime.cocreation.tally.groups.votes import VoteTable, table
from estime.cocreation.tally.groups.whole import opinion_groups

SHIPPED = REPOSITORY / "src" / "estime" / "cli" / "samples" / "polis"
SIZES = {
    "15-per-hour-seattle": (304, 33),
    "brexit-consensus": (116, 88),
    "canadian-electoral-reform": (433, 14),
    "football-concussions": (1273, 195),
    "scoop-hivemind.affordable-housing": (279, 99),
}
REACHED = {
    "15-per-hour-seattle": 0.795,
    "brexit-consensus": 0.843,
    "canadian-electoral-reform": 0.922,
    "football-concussions": 0.837,
    "scoop-hivemind.affordable-housing": -0.077,
}


def conversation(name: str) -> VoteTable:
    """The shipped votes, in time, without statements that were moderated out."""
    with (SHIPPED / name / "votes.csv").open(newline="", encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["timestamp"]))
    with (SHIPPED / name / "comments.csv").open(newline="", encoding="utf-8") as lines:
        out = [row["comment-id"] for row in csv.DictReader(lines) if row["moderated"] == "-1"]
    columns = ([row[key] for row in rows] for key in ("voter-id", "comment-id"))
    return table(*columns, [int(row["vote"]) for row in rows], moderated=out)


def polis(name: str) -> dict[str, int]:
    """Participant → the group that Polis exported; not shipped."""
    path = sample(f"polis/{name}/participants-votes.csv")
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["participant"]: int(row["group-id"]) for row in csv.DictReader(lines) if row["group-id"]}


@pytest.mark.parametrize("name", SIZES)
def test_groups_of_the_shipped_samples(name: str) -> None:
    found = opinion_groups(conversation(name), resample=False)
    assert found.sizes == SIZES[name]
    assert set(found.left_out.values()) <= {"no-votes"}


def test_groups_agree_with_those_that_polis_exported() -> None:
    scores = {}
    for name in REACHED:
        votes, theirs = conversation(name), polis(name)
        ours = opinion_groups(votes, resample=False).groups
        both = [
            (ours[row], theirs[who])
            for row, who in enumerate(votes.participants)
            if who in theirs and ours[row] >= 0
        ]
        first, second = np.array(both, dtype=np.int64).T
        scores[name] = adjusted_rand(first, second)
    assert scores == pytest.approx(REACHED, abs=0.001)
    assert np.mean(list(scores.values())) >= 0.65


def test_groups_are_shown_where_halves_find_the_same() -> None:
    found = opinion_groups(conversation("brexit-consensus"))
    assert (found.k, found.reason) == (2, "")
    assert found.stability is not None
    assert max(found.stability.strength.values()) == found.stability.strength[2]


def test_groups_are_not_shown_where_halves_differ() -> None:
    """Six halves of the twenty: they agree so little (−0.06 over twenty; 0.5 is asked) that fewer tell as surely."""
    strength, agreement = prediction_strength(conversation("scoop-hivemind.affordable-housing"), 6)
    assert max(strength.values()) == strength[2]
    assert agreement[2] < AGREEING / 2
    assert Stability(2, strength, agreement[2], (1.0, 1.0)).reason == "halves-differ"
