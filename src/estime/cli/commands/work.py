"""`estime work`: the background worker. It refreshes the figures when the ledger has grown."""

import signal
import subprocess
import sys
import threading
import time

import typer

from estime.cli.output import say


def work(
    every: float = typer.Option(60.0, "--every", min=1.0, help="Seconds between looks at the ledger."),
    once: bool = typer.Option(False, "--once", help="Look once, do what is to be done, and end."),
) -> None:
    """Refresh the figures whenever acts have come in, and once an hour so that time passes in them.

    Any number of workers may run: a lease lets one of them refresh at a time. Each refresh runs in a process of
    its own, so its memory is given back.

    Example: `estime work --every 300`
    """
    from estime.cli.installation import open_installation

    open_installation()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    _loop(every, once, stopping)


HOUR = 3600.0


def _loop(every: float, once: bool, stopping: threading.Event) -> None:
    from estime.ledger import api as ledger

    seen, last = None, 0.0
    while not stopping.is_set():
        size = ledger.size()
        if size != seen or time.monotonic() - last > HOUR:
            if _refresh(stopping):
                seen, last = size, time.monotonic()
        if once:
            return
        stopping.wait(every)


def _refresh(stopping: threading.Event) -> bool:
    child = subprocess.Popen([sys.executable, "-m", "estime", "refresh"], stderr=subprocess.PIPE, text=True)
    while child.poll() is None:
        if stopping.wait(0.2):
            child.terminate()
            child.wait()
            return False
    if child.returncode == 0:
        return True
    told = child.stderr.read() if child.stderr is not None else ""
    if "Another process is refreshing" not in told:
        say(f"A refresh failed (exit {child.returncode}): {told.strip()[-400:]}")
    return False


def register(app: typer.Typer) -> None:
    app.command("work")(work)
