"""The command `estime`. Everything heavy is imported by the command that needs it, so that `--help` is quick.

Exit codes, the same for every command: 0 done · 1 done, but not all of it (rows were refused, a check failed) ·
2 not done: the call or its input is wrong · 3 stopped on the way: run it again to complete it · 130 Ctrl-C.
"""

import sys

import typer

from estime.cli.commands import (
    backup,
    demo,
    doctor,
    erase,
    export,
    imports,
    init,
    refresh,
    report,
    restore,
    serve,
    work,
)
from estime.kernel.errors import EstimeError
from estime.version import __version__

app = typer.Typer(
    name="estime",
    help="Estime reads what people do on every channel, and tells how engaged they really are.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

for command in (init, imports, refresh, report, export, erase, serve, work, doctor, backup, restore, demo):
    command.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"estime {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Estime reads what people do on every channel, and tells how engaged they really are."""


def run() -> None:
    """The entry point: errors that a person can act on become two lines on standard error, never a traceback."""
    try:
        app()
    except EstimeError as error:
        sys.exit(tell(error))
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def tell(error: EstimeError) -> int:
    """Say what is wrong and what to do; returns the exit code."""
    typer.echo(f"estime: {error.message}", err=True)
    if error.todo:
        typer.echo(f"        {error.todo}", err=True)
    exit_code = error.data.get("exit_code", 2)
    return exit_code if isinstance(exit_code, int) else 2
