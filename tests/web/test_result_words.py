"""Protects that shares which add up to more than everything say why, and that others stay without a word."""

from typing import Any

import numpy as np
import pytest

from estime.cocreation.tally.ballots import Kind, ballots_of
from estime.cocreation.tally.fragility import Asked
from estime.cocreation.tally.methods import Method, tally
from estime.web.result_words import fragile

TITLES = {1: "Tea", 2: "Coffee", 3: "Water"}


def told(marks: list[list[int]], seats: int = 1) -> tuple[str, float]:
    found = tally(
        Method.APPROVAL,
        ballots_of(Kind.APPROVAL, np.array(marks), ["1", "2", "3"]),
        seats=seats,
        asked=Asked(),
    )
    whole = found.as_json()
    body: dict[str, Any] = {
        "winners": [int(name) for name in found.winners],
        "fragility": whole["fragility"],
        "rules": {"method": "approval", "parameters": {"seats": seats}},
    }
    return " ".join(fragile(body, TITLES)), sum(whole["fragility"]["bootstrap"]["winners"].values())


@pytest.mark.parametrize(
    ("marks", "seats", "why"),
    [
        ([[1, 0, 0]] * 3 + [[0, 1, 0]] * 3, 1, "Options that are equal in a draw each count as winning it"),
        ([[1, 1, 0]] * 6, 2, "Several win in each draw"),
        ([[1, 0, 0]] * 6, 1, ""),
    ],
)
def test_shares_over_everything_say_why(marks: list[list[int]], seats: int, why: str) -> None:
    words, shares = told(marks, seats)
    assert (shares > 1) == bool(why), "or the test shows nothing"
    assert ("add up to more than 100" in words) == bool(why)
    assert why in words
