"""Protects the same on PostgreSQL, where the server outlives its client: transactions that are lost or come late."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from driving import drive, job
from processes import database_url, server, server_copy
from story import Told, chapters
from test_kills import check, gaps

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def databases(postgresql_template: str) -> Iterator[Any]:
    """`copy_of(name)`: the name of a fresh copy of a database, dropped at the end."""
    made: list[str] = []

    def copy_of(name: str = postgresql_template) -> str:
        made.append(f"estime_t_{secrets.token_hex(6)}")
        server_copy(made[-1], name)
        return made[-1]

    yield copy_of
    for name in made:
        server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_client_killed_while_it_appends_copies_or_erases(begun: Path, databases: Any) -> None:
    """Every gap of an import; of a refresh and an erasure those at each commit: what lies between is of the lake, as on
    SQLite (test_kills.py).
    """
    home, database = begun / "home", databases()
    count, cut = 0, []
    _followers, imports, refreshes, _more, _again, erases, *_rest = chapters(begun / "files")
    for chapter in (imports, refreshes, erases):
        here = begun / f"postgresql-{chapter.name}"
        look = "whole" if chapter.whole else "ledger"
        fresh = databases(database)
        plain = job(chapter.name, here, chapter.commands, **{"from": home}, database=fresh, look=look)
        [lived] = drive([plain], database_url(fresh))
        told = Told(chapter, home, lived["first"]["boundaries"], lived["first"]["state"])
        kills = [
            kill
            for kill in gaps(told.boundaries)
            if not chapter.whole or told.boundaries[kill[0]] == "COMMIT"
        ]
        cut.append(len(kills))
        jobs = [killed(told, kill, databases(database)) for kill in kills]
        count += check(drive(jobs, database_url(fresh)), [told])
        home, database = here, fresh
    assert count == sum(cut)
    assert min(cut) > 3


def killed(told: Told, kill: tuple[int, str], database: str) -> dict[str, Any]:
    home = told.before.parent / f"{database}-{told.chapter.name}"
    shutil.copytree(told.before, home)
    return job(
        f"{told.chapter.name}, {kill[1]} {kill[0]} ({told.boundaries[kill[0]]})",
        home,
        told.chapter.commands,
        database=database,
        kill=list(kill),
        then=told.chapter.commands,
        look="whole" if told.chapter.whole else "ledger",
    )


def test_a_lost_transaction_is_neither_waited_for_nor_missed(begun: Path, databases: Any) -> None:
    """An import dies with its transaction open; others copy meanwhile; told again, everything is there once."""
    followers, first, _, second = chapters(begun / "files")[:4]
    database, lost = databases(), begun / f"lost-{secrets.token_hex(4)}"
    start = begun / "home"
    trial = job(
        "trial", begun / f"trial-{lost.name}", first.commands, **{"from": start}, database=databases()
    )
    [probe] = drive([trial], database_url(database))
    last = max(n for n, name in enumerate(probe["first"]["boundaries"]) if name == "COMMIT")
    cut = job("cut", lost, first.commands, **{"from": start}, database=database, kill=[last, "before"])
    cut |= {
        "then": [*followers.commands, *second.commands, ["refresh"], *first.commands, ["refresh"]],
        "look": "whole",
    }
    [result] = drive([cut], database_url(database))
    assert result["first"]["killed"]
    state = result["second"]["state"]
    assert len(state["acts"]) == 110
    assert (state["lake"]["missing"], state["lake"]["too many"], state["lake"]["rows"]) == (0, 0, 110)
