"""`--help` of every command: an example, and nothing heavy loaded for it; how commands count."""

import json
import subprocess
import sys

import pytest
import typer

from estime.cli.main import app
from estime.cli.output import counted

TOP = typer.main.get_command(app).commands
COMMANDS = sorted(
    [*TOP, *(f"{name} {part}" for name, whole in TOP.items() for part in getattr(whole, "commands", ()))]
)
ASK = """
import contextlib, io, json, sys
from estime.cli.main import outcome
told = {}
for name in json.loads(sys.argv[1]):
    sys.argv = ["estime", *name.split(), "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = outcome()
    loaded = {m.split(".")[0] for m in sys.modules} & set("django ibis duckdb pyarrow altair granian numpy".split())
    told[name] = [code, out.getvalue(), sorted(loaded)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def helps() -> dict[str, list]:
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(COMMANDS)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_commands_are_those_promised():
    promised = {
        "init",
        "import",
        "refresh",
        "report",
        "export",
        "serve",
        "work",
        "doctor",
        "backup",
        "restore",
    }
    assert set(TOP) == promised | {
        "erase",
        "demo",
        "invite",
        "staff-link",
        "token",
        "tally",
        "affect",
        "topics",
        "listen",
        "validate",
        "challenge",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example_and_loads_nothing_heavy(helps, name):
    code, text, loaded = helps[name]
    assert code == 0
    assert "Example" in text
    assert f"estime {name}" in " ".join(text.split())
    assert loaded == []


def test_one_is_not_told_as_many():
    assert [counted(n, "new act") for n in (0, 1, 2_000)] == ["0 new acts", "1 new act", "2,000 new acts"]
