"""Talks with the program of driver.py, which lives the lives that tests ask for."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

DRIVER = Path(__file__).with_name("driver.py")
PATIENCE = 900
"""Seconds after which lives that do not end are ended."""

Job = dict[str, Any]


def job(name: str, home: Path, commands: list[list[str]], **more: Any) -> Job:
    plain = {"id": name, "home": str(home), "from": "", "database": "", "commands": commands, "kill": None}
    return {**plain, "then": [], "look": "", "stills": ""} | {
        k: str(v) if isinstance(v, Path) else v for k, v in more.items()
    }


def drive(jobs: Iterable[Job], server: str = "", *, one_by_one: bool = False) -> Iterator[dict[str, Any]]:
    """The driver's results, in the order in which they come."""
    driver = _driver(bool(server), server)
    watch = threading.Timer(PATIENCE, driver.process.kill)
    watch.start()
    try:
        lines = list(driver.answers("1" if one_by_one else "2", *(json.dumps(one) for one in jobs)))
    finally:
        watch.cancel()
    for told in map(json.loads, lines):
        for part in ("first", "second"):
            assert "failed" not in told.get(part, {}), f"{told['id']}: {told[part]['failed']}"
        yield told


class Driver(NamedTuple):
    """The program of driver.py, which stays for all that is asked of it: loading it takes seconds."""

    process: subprocess.Popen[str]
    errors: IO[str]

    def answers(self, *lines: str) -> Iterator[str]:
        given, out = self.process.stdin, self.process.stdout
        assert given is not None
        assert out is not None
        given.write("".join(f"{line}\n" for line in (*lines, "")))
        given.flush()
        for line in out:
            if line == "\n":
                return
            yield line
        self.errors.seek(0)
        raise AssertionError(f"the driver ended: {self.errors.read()[-4000:]}")


DRIVERS: dict[bool, Driver] = {}


def _driver(postgresql: bool, server: str) -> Driver:
    """The one for this kind of database; begun when it is wanted first, ended with this process."""
    if postgresql not in DRIVERS or DRIVERS[postgresql].process.poll() is not None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        process = subprocess.Popen(
            [sys.executable, str(DRIVER), server],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        DRIVERS[postgresql] = Driver(process, errors)
    return DRIVERS[postgresql]
