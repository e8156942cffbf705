"""Fixtures of co-creation: what they make is in `places.py`, which tests of pages and REST use too.

`place` is a factory: call it in a test that has a database (`db`, quick, SQLite; or `installed`/`on_both`, which
commit, on SQLite and PostgreSQL in turn). It says when it is (`at`): the middle of the phase that was asked for.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from cocreation.places import BRIEF, DEAL, Place, binding_poll, calendar, challenge_made, person, place_made

__all__ = ["BRIEF", "DEAL", "Place", "binding_poll", "calendar", "challenge_made", "person"]


@pytest.fixture
def place() -> Callable[..., Place]:
    """`place(phase="propose", power="answer", opened=True, public=True, kinds=PHASES, at=None) -> Place`.

    `opened=False` leaves the challenge a draft (write its votes, then `.open()`): with "choose" or "decide" it needs a
    binding vote before it opens, of which an opened place gets a plain one.
    """
    return place_made


@pytest.fixture
def on_both(installed: Path) -> Path:
    """Each database in turn, with real commits: for what happens at the same moment."""
    return installed
