"""`estime serve` as a process of its own, with all that it starts."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from processes import usual_signals

TESTS = Path(__file__).resolve().parent.parent
SLOW = {"DJANGO_SETTINGS_MODULE": "cli.slow_settings", "PYTHONPATH": str(TESTS)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def session_of(pid: int) -> dict[int, str]:
    """Processes of the session that `pid` leads, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_text().replace("\0", " ")
        except (OSError, NotADirectoryError):
            continue
        if entry.name.isdigit() and int(fields[3]) == pid and fields[0] != "Z":
            found[int(entry.name)] = words
    return found


class Server(NamedTuple):
    process: subprocess.Popen[str]
    port: int
    err: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body, whatever the status."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=names)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def workers(self) -> list[int]:
        """The background workers, not their subprocesses."""
        return [pid for pid, words in session_of(self.process.pid).items() if " work " in words]

    def told(self) -> str:
        return self.err.read_text()


@contextmanager
def serving(folder: Path, *words: str, **environment: str) -> Iterator[Server]:
    """A server that answers; nothing of it is left behind."""
    port, err = free_port(), folder / "serve.err"
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | environment
    command = [sys.executable, "-m", "estime", "serve", "--port", str(port), *words]
    with err.open("w") as out:
        process = subprocess.Popen(
            command, env=env, stderr=out, text=True, start_new_session=True, preexec_fn=usual_signals
        )
    server = Server(process, port, err)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            try:
                server.get("/health")
                break
            except OSError:
                time.sleep(0.05)
        yield server
    finally:
        for pid in session_of(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
