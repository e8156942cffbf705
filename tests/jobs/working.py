"""Workers as processes of their own, with the handlers of the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent


def environment() -> dict[str, str]:
    """This test's installation, with the tests' handlers."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return env | {
        "DJANGO_SETTINGS_MODULE": "jobs.bound_settings",
        "PYTHONPATH": str(TESTS),
        "ESTIME_LOG": "json",
    }


@contextmanager
def worker(*words: str, err: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, in a session of its own; nothing of it is left behind."""
    with (err or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "estime", "work", *words],
            env=environment(),
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what: Callable[[], object], seconds: float = 30) -> object:
    """What `what` tells as soon as it is true of something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told = what()
        if told:
            return told
        time.sleep(0.05)
    raise AssertionError(f"nothing for {seconds} s")
