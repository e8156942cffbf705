"""Protects an erasure against kills: SIGKILL anywhere while somebody who left is erased, and the next run ends with
nothing of theirs left, nobody else touched, and the login the last thing to go."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

TESTS = Path(__file__).resolve().parent.parent
LIVES = (
    "import sys, pathlib, django; django.setup(); import leaving; leaving.main({}, pathlib.Path(sys.argv[1]))"
)


def test_a_kill_anywhere_is_finished_by_the_next_run(installed: Path) -> None:
    """At moments spread over the whole of it; each time somebody else leaves."""
    kills = 3 if connection.vendor == "sqlite" else 1
    connection.close()
    environment = {
        **os.environ,
        "ESTIME_HOME": str(installed),
        "DJANGO_SETTINGS_MODULE": "estime.config.settings",
        "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS / "faults"))),
    }
    words = [sys.executable, "-c", LIVES.format(kills), str(installed)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert (done.returncode, done.stdout.split()) == (0, ["killed", str(kills)]), done.stderr
