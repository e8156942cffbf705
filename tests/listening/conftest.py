"""Fixtures of listening's tests."""

from pathlib import Path

import pytest
from ledger.acts import act, rows

from estime.ledger import api as ledger

SAID = ["Good +", "Bad -", "Bad - @brand", "What? +?", "So so", "Good + @brand"]


@pytest.fixture
def spoken(installed: Path) -> Path:
    """Thirty texts of five people on a forum, and a vote with words and a like, which are no texts."""
    said = [act(number, content=f"{SAID[number % len(SAID)]} {number}") for number in range(30)]
    vote = act(30, object_type="Vote", content="+", value=1.0)
    like = act(31, type="Like", object_type=None, content=None)
    ledger.append("forum", rows(*said, vote, like))
    return installed
