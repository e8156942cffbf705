"""The small examples worked by hand in docs/methods/groups.md and pairwise.md are what the code gives."""

import re
from pathlib import Path

import numpy as np
import pytest

from estime.cocreation.tally.groups.votes import table
from estime.cocreation.tally.groups.whole import opinion_groups
from estime.cocreation.tally.pairwise import bradley_terry, comparisons

METHODS = Path(__file__).parents[3] / "docs" / "methods"


def worked(page: str, head: str) -> list[list[str]]:
    """The rows of the table that begins with this cell."""
    after = (METHODS / page).read_text().split("## Worked by hand")[1]
    text = re.search(rf"^\| {head} \|.*?(?=\n\n|\Z)", after, re.MULTILINE | re.DOTALL)
    assert text is not None
    lines = text[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]


def test_the_map_and_the_groups_of_five_people() -> None:
    after = (METHODS / "groups.md").read_text().split("## Worked by hand")[1]
    tables = [part for part in after.split("\n\n") if part.startswith("| person")]
    rows = [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()]
        for part in tables
    ]
    votes, places = rows[0], rows[1]
    cast = [
        (person, topic, int(vote))
        for person, *row in votes[2:]
        for topic, vote in zip(votes[0][1:], row, strict=True)
        if vote
    ]
    made = table([c[0] for c in cast], [c[1] for c in cast], [c[2] for c in cast])
    order = [made.statements.index(name) for name in votes[0][1:]]
    found = opinion_groups(made, k=2, resample=False)
    for person, place, group in places[2:]:
        row = made.participants.index(person)
        assert abs(found.positions[row, 0]) == pytest.approx(abs(float(place)), abs=0.001)
        assert found.groups[row] == int(group)
    told = dict(worked("groups.md", "statement")[1:])
    for name, column in zip(votes[0][1:], order, strict=True):
        assert found.statements.unites[column] == pytest.approx(float(told[name]))


def test_the_strengths_of_two_ideas() -> None:
    rows = worked("pairwise.md", "preferred")[1:]
    answers = worked("pairwise.md", "idea")[1:]
    names = [row[0] for row in answers]
    counted = comparisons(
        [names.index(a) for a, _, _ in rows],
        [names.index(b) for _, b, _ in rows],
        2,
        times=[float(n) for _, _, n in rows],
    )
    found = bradley_terry(counted)
    for i, (_, *figures) in enumerate(answers):
        ours = [found.strength[i], found.score[i], found.score_low[i], found.score_high[i]]
        assert np.round(ours, 4).tolist() == [float(x) for x in figures]
    assert (found.winners, found.not_separable) == ((0,), (0, 1))
