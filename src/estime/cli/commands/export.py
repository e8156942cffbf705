"""`estime export`: the whole ledger as open files."""

from pathlib import Path

import typer

from estime.cli.output import counted, emit_json, progress_bar, say


def export(
    folder: Path = typer.Argument(..., help="A folder that does not exist yet, or is empty."),
    as_: str = typer.Option("as2", "--as", help="as2 (JSON Lines of Activity Streams 2.0) or parquet."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Write every act, total and channel into a folder. It holds personal data: handle it accordingly.

    Imported into an empty installation, the folder gives the same ledger.

    Example: `estime export ledger-2026 && ESTIME_HOME=~/other estime import ledger-2026`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.channels import api as channels

    with progress_bar("Exporting", unit="acts") as update:
        done = channels.export_ledger(folder, as_, progress=update)
    if as_json:
        emit_json(done._asdict())
    else:
        acts, totals = counted(done.acts, "act"), counted(done.observations, "total")
        say(f"{acts} and {totals} of {counted(done.channels, 'channel')}: {folder}")


def register(app: typer.Typer) -> None:
    app.command("export")(export)
