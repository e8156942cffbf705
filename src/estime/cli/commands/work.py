"""`estime work`: the background worker. It refreshes the figures when the ledger has grown."""

import signal
import subprocess
import sys
import threading

import typer

from estime.cli.failures import first_line
from estime.cli.output import say
from estime.engagement.errors import RefreshRunning


def work(
    every: float = typer.Option(60.0, "--every", min=1.0, help="Seconds between looks at the ledger."),
    once: bool = typer.Option(False, "--once", help="Look once, do what is to be done, and end."),
) -> None:
    """Refresh the figures whenever acts have come in, and once an hour so that time passes in them.

    Any number of workers may run: a lease lets one of them refresh at a time. Each refresh runs in a process
    of its own, so its memory is given back.

    Example: `estime work --every 300`
    """
    from estime.cli.installation import open_installation

    open_installation()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    _loop(every, once, stopping)


def _loop(every: float, once: bool, stopping: threading.Event) -> None:
    while not stopping.is_set():
        code = _refresh(stopping) if _due() else 0
        if once:
            raise typer.Exit(code)
        stopping.wait(every)


def _due() -> bool:
    """Whether there is something to refresh. A database that is away for a while does not end the worker."""
    from django.db import DatabaseError, connection

    from estime.engagement import api as engagement

    try:
        return engagement.refresh_due()
    except DatabaseError as error:
        say(f"The database cannot be asked: {first_line(error)}. Trying again.")
        connection.close()
        return False


def _refresh(stopping: threading.Event) -> int:
    """Refresh in a process of its own; returns its exit code. Another worker being at it is as good."""
    child = subprocess.Popen([sys.executable, "-m", "estime", "refresh"], stderr=subprocess.PIPE, text=True)
    told = None
    while told is None:
        try:
            _, told = child.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            told = _ended(child) if stopping.is_set() else None
    if child.returncode == 0 or stopping.is_set() or f"[{RefreshRunning.code}]" in told:
        return 0
    say(f"A refresh failed (exit {child.returncode}): {told.strip()[-400:]}")
    return child.returncode


def _ended(child: "subprocess.Popen[str]") -> str:
    """End a refresh, politely at first; returns what it said."""
    child.terminate()
    try:
        return child.communicate(timeout=10)[1]
    except subprocess.TimeoutExpired:
        child.kill()
        return child.communicate()[1]


def register(app: typer.Typer) -> None:
    app.command("work")(work)
