"""Handlers for tests: what a job may do, well or badly. They run in this process or in a worker's subprocess."""

import os
import time
from pathlib import Path

from estime.jobs.api import Later
from estime.kernel.errors import EstimeError

CANARY = "marie.curie@example.org"


class Refused(EstimeError):
    code = "test-refused"


class Stopped(EstimeError):
    code = "test-stopped"
    exit_code = 3


def well(data, progress):
    return "done well"


def kept(data, progress):
    """Idempotent: however often it runs, the file says the same; each run leaves a line in another one."""
    with (Path(data["at"]) / "runs").open("a") as runs:
        runs.write(f"{data['name']}\n")
    (Path(data["at"]) / data["name"]).write_text("kept")
    return ""


def broken(data, progress):
    raise ValueError(f"no such person: {CANARY}")


def refused(data, progress):
    raise Refused("It cannot be done.", todo="Do something else.")


def stopped(data, progress):
    raise Stopped("Not now.", todo="Again.")


def later(data, progress):
    raise Later(30)


def leaks(data, progress):
    """Leaves a transaction open behind an error."""
    from django.db import connection

    connection.cursor().execute("BEGIN")
    raise ValueError(CANARY)


def dies(data, progress):
    os._exit(1)


def slow(data, progress):
    (Path(data["at"]) / "began").write_text(str(os.getpid()))
    time.sleep(float(data.get("seconds", 60)))
    return ""


def deaf(data, progress):
    """Takes no notice of being stopped."""
    (Path(data["at"]) / "began").write_text(str(os.getpid()))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            time.sleep(1)
        except KeyboardInterrupt:
            continue
    return ""


def progress(data, progress):
    for n in range(1, 1001):
        progress(n, 1000)
    return ""
