"""`estime serve`: the web pages, and the worker that does what they ask for."""

import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import typer

from estime.cli.beside import Beside, end_with_parent
from estime.cli.output import choose_log, say
from estime.kernel.collection import keep_for_good
from estime.kernel.errors import EstimeError
from estime.kernel.home import home

APPLICATION = "estime.config.wsgi"
PATIENCE = 15
"""Seconds that requests in flight have to be answered when the server is told to stop."""


class PortTaken(EstimeError):
    """Another program listens on this address already."""

    code = "port-taken"


class ServerFailed(EstimeError):
    """The server's own processes fall again and again."""

    code = "server-failed"
    exit_code = 3


class Serving(NamedTuple):
    """How to serve. `threads`: requests that one process answers at a time."""

    host: str
    port: int
    workers: int = 1
    threads: int = 4
    worker: bool = True


def serve(
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen on."),
    port: int = typer.Option(8000, "--port", "-p", min=1, max=65535, help="The port to listen on."),
    workers: int = typer.Option(1, "--workers", min=1, help="Server processes."),
    threads: int = typer.Option(
        4, "--blocking-threads", min=1, help="Requests that each process answers at a time."
    ),
    proxy: str = typer.Option("", "--proxy", help="Whom to trust as a proxy; see ESTIME_PROXY."),
    worker: bool = typer.Option(True, "--work/--no-work", help="Also run the background worker."),
) -> None:
    """Serve the pages until Ctrl-C or SIGTERM, with a background worker that does what they ask for.

    Example: `estime serve --port 8080`
    """
    from estime.cli.installation import check_may_serve, open_installation

    choose_log()
    if proxy:
        os.environ["ESTIME_PROXY"] = proxy
    open_installation()
    check_may_serve(host)
    _serve(Serving(host, port, workers, threads, worker))


def run_server(host: str, port: int, workers: int = 1, worker: bool = True) -> None:
    """Run the server, and the worker beside it; both end together."""
    _serve(Serving(host, port, workers, worker=worker))


def _serve(how: Serving) -> None:
    check_free(how.host, how.port)
    counts = _metrics_folder()
    from django.core.checks import run_checks
    from django.db import connections
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    for warning in run_checks(tags=["estime"]):
        say(f"{warning.msg} {warning.hint}")
    # Once, before the server's processes are forked from this one: they begin sooner, and share the memory.
    import_string(f"{APPLICATION}.application")
    get_resolver().url_patterns  # noqa: B018
    connections.close_all()  # no two processes may share one
    keep_for_good()
    beside = Beside()
    server = _granian(how, beside)
    try:
        server.serve(target_loader=_application, wrap_loader=False)
    finally:
        beside.stop()
        shutil.rmtree(counts, ignore_errors=True)
    if server.gave_up:
        raise ServerFailed(
            "The server's processes fall again and again.",
            todo="The log above says why; the system's log tells of memory that ran out (`journalctl -k`)."
            " `estime doctor` looks at the installation.",
        )


def _application() -> Callable[..., Any]:
    """Called in each process of the server."""
    signal.signal(
        signal.SIGHUP, signal.SIG_IGN
    )  # the server itself is told too, and ends its processes in order
    from django.utils.module_loading import import_string

    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    loaded: Callable[..., Any] = import_string(f"{APPLICATION}.application")
    return loaded


def check_free(host: str, port: int) -> None:
    """Raises `PortTaken` if something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Nothing can listen on {host}:{port}: {error.strerror}.",
                todo="End the program that does, or choose another --port (or --host).",
            ) from error


def _metrics_folder() -> Path:
    """An empty folder in which the server's processes count together; those of servers that are gone are cleared.

    Must be named before anything that counts is imported.
    """
    root = home() / "run" / "metrics"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in root.iterdir():
        if not (old.name.isdigit() and _alive(int(old.name))):
            shutil.rmtree(old, ignore_errors=True)
    mine = root / str(os.getpid())
    shutil.rmtree(mine, ignore_errors=True)
    mine.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(mine)
    return mine


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _granian(how: Serving, beside: Beside) -> Any:
    from granian.log import LogLevels

    from estime.cli.server import Interfaces, Server

    server: Any = Server(
        f"{APPLICATION}:application",
        address=how.host,
        port=how.port,
        interface=Interfaces.WSGI,
        workers=how.workers,
        blocking_threads=how.threads,
        log_access=False,
        log_level=LogLevels.warning,
        # Its records go the way of ours: nothing is written elsewhere, or with values.
        log_dictconfig={"loggers": {}, "handlers": {}, "formatters": {}},
        workers_kill_timeout=PATIENCE,
    )
    stop = server.signal_handler_interrupt

    def stop_both(*signals: Any) -> None:
        beside.ask_to_stop()
        stop(*signals)

    server.signal_handler_interrupt = stop_both

    startup = server.startup

    def start_both(*told: Any) -> None:
        startup(*told)  # forks: before there is any thread of ours
        if how.worker:
            beside.start()
        say(f"Estime listens on http://{how.host}:{how.port}/  (Ctrl-C ends it)")

    server.startup = start_both
    return server


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
