"""Known answers: published examples as JSON, the elections worked by hand in docs/methods, Pabulib's own sample."""

from fractions import Fraction
from pathlib import Path

import pytest
from tally_cases import CASES, HERE, METHODS, approvals, case, money, rankings, worked

from estime.cocreation.tally.counting import kinds_of
from estime.cocreation.tally.equal_shares import Utility, _election, equal_shares
from estime.cocreation.tally.formats import pabulib
from estime.cocreation.tally.schulze import ranked
from estime.cocreation.tally.shares_run import run

RANKED = [path for path in CASES if case(path)["method"] == "ranked"]
SHARES = [path for path in CASES if case(path)["method"] == "budget"]
WORKED = [METHODS / f"{name}.md" for name in ("approval", "score", "ranked", "budget")]


@pytest.mark.parametrize("path", RANKED, ids=lambda path: path.stem)
def test_published_schulze_elections(path: Path) -> None:
    known = case(path)
    told = ranked(rankings(known["ballots"], known["options"]), replicates=100)
    assert list(told.winners) == known["winners"]
    for name in ("preferred", "strongest_paths", "order"):
        if name in known:
            assert told.detail[name] == known[name]
    assert told.ties == ((tuple(known["winners"]),) if len(known["winners"]) > 1 else ())


@pytest.mark.parametrize("path", SHARES, ids=lambda path: path.stem)
def test_published_runs_of_equal_shares(path: Path) -> None:
    """What is bought, at which payments, with which votes in effect, and what everybody has left: exact."""
    known = case(path)
    ballots = approvals(known["ballots"], known["options"])
    kinds = kinds_of(ballots)
    costs = [int(cost) for cost in known["costs"]]
    election = _election(kinds, kinds.counts, costs, list(range(len(costs))), Utility.COST)
    told = run(election, Fraction(known["budget"]) / ballots.voters)
    assert [known["options"][round.project] for round in told.rounds] == known["bought"]
    assert [round.payment for round in told.rounds] == [Fraction(text) for text in known["payments"]]
    if "effective" in known:
        assert [round.effective for round in told.rounds] == [Fraction(text) for text in known["effective"]]
    assert [told.left[kind] for kind in kinds.which] == [Fraction(text) for text in known["left"]]


@pytest.mark.parametrize("page", WORKED, ids=lambda page: page.stem)
def test_elections_worked_by_hand(page: Path) -> None:
    told, scores, winners, chains = worked(page)
    assert list(told.winners) == winners
    assert list(told.scores) == [row["option"] for row in scores]
    for row in scores:
        score = told.scores[row["option"]]
        assert score.score == pytest.approx(float(row["score"]), abs=5e-5)
        if "low" in row:
            assert (score.low, score.high) == pytest.approx((float(row["low"]), float(row["high"])), abs=5e-5)
    if chains:
        paths = [[int(row[name]) for name in told.detail["options"]] for row in chains]
        assert told.detail["strongest_paths"] == paths


def test_the_budget_worked_by_hand_ends_where_its_page_says() -> None:
    told = worked(METHODS / "budget.md")[0]
    assert told.detail["share"] == 13
    assert told.detail["spent"] == 84
    park = told.detail["rounds"][1]
    assert (park["option"], park["each_pays_at_most"], park["effective_votes"]) == ("park", 12, 5)
    assert told.detail["rounds"][0]["tied_with"] == ["park"]


def test_the_sample_of_pabulib() -> None:
    """With a share of 250 only project 4 is bought (6 pay 233⅓ each). Project 1 has two supporters with all of
    their share and two with 233⅓ less: 4·share − 466⅔ reaches 600 at 266⅔, so at 267. Nothing else fits in 500."""
    held = pabulib.read(HERE / "cases" / "pabulib_format.pb")
    told = equal_shares(held.ballots, held.money)
    assert told.winners == ("4", "1")
    assert told.detail["share"] == 267
    assert (told.detail["spent"], told.detail["left"]) == (2000, 500)
    assert told.detail["votes"] == {"1": 4, "2": 4, "4": 6, "5": 5, "7": 3}


def test_every_case_names_its_source() -> None:
    for path in CASES:
        assert len(case(path)["source"]) > 20, path.name


def test_utility_decides_whether_cheap_or_dear_comes_first() -> None:
    """Four want the dear project, three of them the cheap one too, and the money is for one of them. By cost the dear
    one has more votes in effect; by approval the cheap one asks less of each for the same."""
    votes = approvals([["dear", "cheap"], ["dear", "cheap"], ["dear", "cheap"], ["dear"]], ["dear", "cheap"])
    held = money(["38", "27"], "40")
    assert equal_shares(votes, held).winners == ("dear",)
    assert equal_shares(votes, held, utility=Utility.APPROVAL).winners == ("cheap",)


def test_a_tie_that_only_the_list_decides_is_told() -> None:
    votes = approvals([["a"], ["b"]], ["a", "b"])
    told = equal_shares(votes, money(["8", "8"], "10"))
    assert told.winners == ("a",)
    assert told.ties == (("a", "b"),)
