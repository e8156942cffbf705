"""`estime serve`: the web pages, and the worker that keeps their figures fresh."""

import os
import signal
import socket
import subprocess
import sys

import typer

from estime.cli.output import say
from estime.kernel.errors import EstimeError


class PortTaken(EstimeError):
    """Another program listens on this address already."""

    code = "port-taken"


def serve(
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen on."),
    port: int = typer.Option(8000, "--port", "-p", min=1, max=65535, help="The port to listen on."),
    workers: int = typer.Option(1, "--workers", min=1, help="Server processes."),
    worker: bool = typer.Option(True, "--work/--no-work", help="Also run the background worker."),
) -> None:
    """Serve the pages until Ctrl-C, with a background worker that refreshes the figures.

    Example: `estime serve --port 8080`
    """
    from estime.cli.installation import open_installation

    open_installation()
    run_server(host, port, workers, worker)


def run_server(host: str, port: int, workers: int = 1, worker: bool = True) -> None:
    """Run the server, and the worker beside it; both end together."""
    check_free(host, port)
    from django.core.checks import run_checks

    for warning in run_checks(tags=["estime"]):
        say(f"{warning.msg} {warning.hint}")
    server = _granian(host, port, workers)  # before the worker: a stop in between must not leave one behind
    helper = subprocess.Popen([sys.executable, "-m", "estime", "work"]) if worker else None
    say(f"Estime listens on http://{host}:{port}/  (Ctrl-C ends it)")
    try:
        server.serve()
    finally:
        if helper is not None:
            helper.send_signal(signal.SIGTERM)
            try:
                helper.wait(timeout=20)
            except subprocess.TimeoutExpired:
                helper.kill()


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


def _granian(host: str, port: int, workers: int) -> "granian.server.Server":  # type: ignore[name-defined]  # noqa: F821
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    return Server(
        "estime.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
