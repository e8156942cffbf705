"""The command `estime`. Everything heavy is imported by the command that needs it, so that `--help` is quick.

Exit codes, the same for every command: 0 done · 1 done, but not all of it (rows refused, a check failed) ·
2 not done: the call or its input is wrong · 3 stopped on the way, or not now: run the same again ·
130 stopped by hand (Ctrl-C, SIGTERM).
"""

import os
import signal
import sys
from textwrap import indent

import typer

from estime.cli.commands import (
    affect,
    backup,
    challenge,
    demo,
    doctor,
    erase,
    export,
    imports,
    init,
    invite,
    listen,
    refresh,
    report,
    restore,
    serve,
    staff_link,
    tally,
    token,
    topics,
    validate,
    work,
)
from estime.cli.failures import explained
from estime.cli.output import say
from estime.kernel.collection import collect_rarely
from estime.kernel.errors import EstimeError
from estime.version import __version__

app = typer.Typer(
    name="estime",
    help="Estime reads what people do on every channel, and tells how engaged they really are.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_COMMANDS = (
    init,
    invite,
    staff_link,
    token,
    imports,
    refresh,
    report,
    validate,
    tally,
    affect,
    topics,
    listen,
    challenge,
    export,
    erase,
    serve,
    work,
    doctor,
    backup,
    restore,
    demo,
)
for command in _COMMANDS:
    command.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"estime {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Estime reads what people do on every channel, and tells how engaged they really are."""


def run() -> None:
    """The entry point: errors become two lines on standard error, never a traceback."""
    collect_rarely()
    for name in (signal.SIGTERM, signal.SIGHUP):  # ends like Ctrl-C: leases are given back
        if signal.getsignal(name) is not signal.SIG_IGN:  # begun with nohup
            signal.signal(name, _stop)
    code = outcome()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = 0
        _let_go_of_output()
    sys.exit(code)


def outcome() -> int:
    """Run the command; returns its exit code."""
    try:
        app()
    except SystemExit as end:
        return _code_of(end)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return tell(explained(error))
    return 0


def _code_of(end: SystemExit) -> int:
    """Typer has ended by itself: make its codes ours."""
    if isinstance(
        end.__context__, BrokenPipeError
    ):  # the reader has seen enough, as in `estime report | head`
        _let_go_of_output()
        return 0
    if isinstance(end.__context__, typer.Abort):
        return 130
    return end.code if isinstance(end.code, int) else 2


def _let_go_of_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def tell(error: EstimeError) -> int:
    """Say what is wrong and what to do; returns the exit code."""
    say(f"estime: {error.message} [{error.code}]")
    if error.todo:
        say(indent(error.todo, " " * 8))
    return error.exit_code
