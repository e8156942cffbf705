"""`estime serve` when its own processes are killed: the pages come back by themselves, or it says it failed."""

import os
import signal
import subprocess
import sys

import pytest
from cli.serving import free_port, serving, session_of
from jobs.working import wait_for

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


def processes(server) -> set[int]:
    """The processes that answer requests."""
    return set(session_of(server.process.pid)) - {server.process.pid}


def answers(server) -> bool:
    try:
        return server.get("/health")[0] == 200
    except OSError:
        return False


@only_sqlite
def test_pages_come_back_however_often_their_processes_are_killed(installed, tmp_path):
    """Granian by itself ends the server when one process falls twice within five seconds."""
    with serving(tmp_path, "--workers", "2", "--no-work") as server:
        wait_for(lambda: len(processes(server)) == 2, 20)  # one answers before the other is there
        for _ in range(3):
            before = processes(server)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda before=before: len(processes(server) - before) == 2 and answers(server), 20)
        os.kill(next(iter(processes(server))), signal.SIGKILL)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0, server.told()
        assert session_of(server.process.pid) == {}


@only_sqlite
def test_a_terminal_that_goes_away_ends_the_server(installed, tmp_path):
    with serving(tmp_path, "--no-work") as server:
        os.killpg(server.process.pid, signal.SIGHUP)
        assert server.process.wait(timeout=20) == 0, server.told()
        assert session_of(server.process.pid) == {}


FALLING = """
import os, sys
from estime.cli import server
server.PAUSES = (0.0, 0.05)
made = server.Server("x:y", port={port}, workers=2, interface=server.Interfaces.WSGI, blocking_threads=1,
                     log_dictconfig={{"loggers": {{}}, "handlers": {{}}, "formatters": {{}}}})
made.serve(target_loader=lambda: os._exit(7), wrap_loader=False)
sys.exit(33 if made.gave_up else 0)
"""


def test_processes_that_fall_as_soon_as_they_begin_are_given_up():
    done = subprocess.run(
        [sys.executable, "-c", FALLING.format(port=free_port())], capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 33, done.stderr
