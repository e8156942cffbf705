"""`estime work`: the background worker. It does the jobs that pages and the schedule ask for (docs/jobs.md)."""

import os
import signal
import threading
from typing import TYPE_CHECKING

import typer

from estime.cli.output import choose_log, say

if TYPE_CHECKING:
    from estime.jobs.api import Worker

FAILED, TRY_AGAIN = 2, 3


def work(
    every: float = typer.Option(60.0, "--every", min=1.0, help="Seconds between looks at the ledger."),
    once: bool = typer.Option(False, "--once", help="Do what is to be done now, and end. For cron."),
    parent: int = typer.Option(
        0, "--parent", min=0, help="End when the process with this number, which started this one, is gone."
    ),
) -> None:
    """Do jobs as they come: imports and whatever else pages ask for, and a refresh whenever acts have come in.

    Any number of workers may run, on any number of machines: each job is done by one of them at a time. It runs in
    a process of its own, so its memory is given back.

    Example: `estime work --every 300`
    """
    from estime.cli.installation import open_installation

    if not once:
        choose_log()
    open_installation()
    from estime.jobs.api import Worker

    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if name is not signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:  # begun with nohup
            signal.signal(name, lambda *_: stopping.set())
    worker = Worker(every, stopping, lambda: bool(parent) and os.getppid() != parent)
    if once:
        raise typer.Exit(_all_now(worker))
    worker.forever()


def _all_now(worker: "Worker") -> int:
    """Tells of each job that did not end well; returns the exit code."""
    code = 0
    for job in worker.once():
        if not job.error:
            continue
        failed = job.status == "failed"
        code = max(code, TRY_AGAIN) if not failed else FAILED if code == 0 else code
        say(f"A job failed ({job.kind}): {job.message} [{job.error}]")
        say(f"        {job.todo if failed else 'It will be tried again.'}")
    return code


def register(app: typer.Typer) -> None:
    app.command("work")(work)
