"""`estime erase`: erase a person from one channel, for good."""

from typing import TYPE_CHECKING

import typer

from estime.cli.copies import Older, listed, older_than_erasure
from estime.cli.output import counted, emit_json, say, steps
from estime.kernel.configuration import configuration
from estime.kernel.erasures import erasure_remember

if TYPE_CHECKING:
    from estime.ledger.api import Erased


def erase(
    handle: str = typer.Argument(..., help="The person's handle on the channel."),
    channel: str = typer.Option(..., "--channel", "-c", help="The channel that knows them by this handle."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Erase what a person wrote and who they were: from the ledger, from the lake, from the figures.

    That something was said stays, as the act of nobody. This cannot be undone, and a file that comes again
    does not bring it back. Backups made before still hold it: make a new one and destroy the old ones.

    Example: `estime erase marie --channel forum`
    """
    from estime.cli.installation import open_installation

    open_installation()
    if not yes and not typer.confirm("Erase this person's acts on this channel, for good?", err=True):
        say("Nothing was erased.")
        raise typer.Exit(2)
    with steps({"erase": "Erasing, and looking for what is left…"}) as tell:
        tell("erase")
        done, rows = _erase(channel, handle)
    older = older_than_erasure()
    if as_json:
        left = {
            "backups": [str(path) for path in older.backups],
            "uploads": [str(path) for path in older.uploads],
        }
        emit_json({**done._asdict(), "refused_rows": rows, **left})
        return
    say(f"Erased {counted(done.acts, 'act')} of one account; a scan of the lake finds none of them.")
    if rows:
        say(f"  {counted(rows, 'refused row')} of theirs, waiting to be mended, blanked as well.")
    _tell_what_is_left(older)


def _erase(channel: str, handle: str) -> "tuple[Erased, int]":
    """What was erased, and how many refused rows."""
    from estime.channels import api as channels
    from estime.engagement import api as engagement
    from estime.ledger import api as ledger
    from estime.ledger.api import Erased
    from estime.ledger.errors import UnknownAccount

    # Refused rows first: a person who never came in may still wait there, and a kill leaves the handle to find them by.
    rows = channels.rejects_erase(channel, handle)
    if rows or ledger.account_by_handle(channel, handle) is not None:
        erasure_remember()  # before it happens: a kill must not leave copies that nobody is told of
    try:
        return engagement.erase(channel, handle), rows
    except UnknownAccount:
        if not rows:
            raise
        return Erased(0, 0), rows


def _tell_what_is_left(older: Older) -> None:
    """Copies that an erasure does not reach."""
    if older.uploads:
        days = configuration().privacy.keep_uploads_days
        say(f"Files that wait to be imported may hold what was erased: {listed(older.uploads)}.")
        say(f"  They go by themselves {days} days after they came; delete them now if they do.")
    if older.backups:
        say(f"These backups still hold it: {listed(older.backups)}.")
    say("Make a new backup now, and destroy every older one, wherever it is (docs/backup.md).")


def register(app: typer.Typer) -> None:
    app.command("erase")(erase)
