"""Writing to the terminal: results to standard output, everything else to standard error."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer


def counted(n: int, what: str) -> str:
    """`1 act`, `2,000 acts`: for words whose plural has an s."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def say(text: str = "") -> None:
    """A line for the person, on standard error, so that `--json` output stays clean."""
    typer.echo(text, err=True)


def choose_log() -> None:
    """What runs for long writes a log: lines for a person where one watches, JSON elsewhere, unless ESTIME_LOG says."""
    os.environ.setdefault("ESTIME_LOG", "plain" if sys.stderr.isatty() else "json")


def emit_json(data: Any) -> None:
    """A result for a script."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress_bar(title: str, *, unit: str = "") -> Iterator[Any]:
    """A bar on standard error with rate and time left; silent when nobody watches.

    Yields `update(done, total, count)`.
    """
    if not sys.stderr.isatty():
        yield lambda done, total, count=0: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        task = progress.add_task(title, total=None, count="")

        def update(done: int, total: int, count: int = 0) -> None:
            told = f"{count:,} {unit}" if count else ""
            progress.update(task, completed=done, total=total or None, count=told)

        yield update


@contextmanager
def steps(names: dict[str, str]) -> Iterator[Any]:
    """A spinner that names the step being done; yields `tell(step)`."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(names.get(step, step))
