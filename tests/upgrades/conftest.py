"""The installation of "1 of 4", as its own code left it, brought to the present code (README.md)."""

import gzip
import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.ledgers import Installation
from processes import POSTGRESQL, database_url, need, server
from upgrades.ledgers_read import told_ledger

HERE = Path(__file__).parent
VENDORS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def before(vendor: str) -> dict[str, Any]:
    """What the old code told of it."""
    return json.loads(gzip.decompress((HERE / f"one-of-four-{vendor}.json.gz").read_bytes()))


@pytest.fixture(scope="session")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Installation]]:
    """Restore the old backup with the present code, once for each database."""
    made: dict[str, Installation] = {}

    def make(vendor: str) -> Installation:
        if vendor not in made:
            url = ""
            if vendor == "postgresql":
                need(bool(POSTGRESQL), "PostgreSQL tests need a server: set ESTIME_TEST_POSTGRESQL")
                name = f"estime_t_{secrets.token_hex(6)}"
                server(f"CREATE DATABASE {name}")
                url = database_url(name)
            made[vendor] = Installation(tmp_path_factory.mktemp(f"old-{vendor}") / "home", url)
            made[vendor].estime("restore", HERE / f"one-of-four-{vendor}.tar.gz")
        return made[vendor]

    yield make
    for here in made.values():
        if here.url:
            server(f"DROP DATABASE {here.url.rpartition('/')[2].partition('?')[0]} WITH (FORCE)")


def now_told(here: Installation, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same, told of an installation today."""
    monkeypatch.setenv("ESTIME_HOME", str(here.home))
    return told_ledger(here.url)
