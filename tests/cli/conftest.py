"""Fixtures of the command's tests."""

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import warmed
from cli.ledgers import Installation
from drawing import drawn_once
from processes import database_url, server, server_copy

from estime.cli.main import outcome


class Told(NamedTuple):
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Run a command in this process: much quicker than one of its own, and the same down to the exit code.

    Jobs that it has done have processes of their own, as ever, but forked ones.
    """
    from estime.jobs import worker

    forked = SimpleNamespace(**vars(subprocess) | {"Popen": warmed.begun})
    monkeypatch.setattr(worker, "subprocess", forked)

    def run(*words: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["estime", *map(str, words)])
        capfd.readouterr()
        with drawn_once():
            code = outcome()
        return Told(code, *capfd.readouterr())

    return run


@pytest.fixture
def forum(tmp_path: Path) -> Path:
    """A forum of three members in CSV, as long ago as to be told as an archive."""
    lines = ["id,author,date,text,reply_to"]
    for n in range(60):
        parent = f"p{n - 1}" if n % 3 else ""
        lines.append(
            f"p{n},{('ana', 'bob', 'zoé')[n % 3]},2020-0{1 + n % 6}-1{n % 10}T10:00:00Z,Bonjour {n},{parent}"
        )
    path = tmp_path / "forum.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def another(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Installation]]:
    """Make another installation beside the test's own: `another("sqlite")`, `another("postgresql", migrated=False)`."""
    databases = []

    def make(vendor: str, *, migrated: bool = True) -> Installation:
        home = tmp_path / f"another-{len(list(tmp_path.iterdir()))}"
        url = ""
        if migrated:
            home.mkdir(mode=0o700)
            (home / "secret").write_text("a1" * 32)
        if vendor == "sqlite" and migrated:
            shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "estime.sqlite3")
        if vendor == "postgresql":
            name = f"estime_t_{secrets.token_hex(6)}"
            if migrated:
                server_copy(name, request.getfixturevalue("postgresql_template"))
            else:
                server(f"CREATE DATABASE {name}")
            databases.append(name)
            url = database_url(name)
        return Installation(home, url)

    yield make
    for name in databases:
        server(f"DROP DATABASE {name} WITH (FORCE)")
