"""`estime backup`: one file from which the installation can be made again."""

from pathlib import Path

import typer

from estime.cli.output import emit_json, say, steps


def backup(
    file: Path = typer.Argument(..., help="The file to write, such as estime-2026-05-01.tar.gz."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Write the whole installation to one file, while it runs.

    The file holds the secret and personal data: keep it as you keep the installation. The lake is not in it,
    because it is made from the ledger.

    Example: `estime backup estime-2026-05-01.tar.gz`
    """
    from estime.cli.installation import open_installation

    open_installation(any_version=True)  # a backup comes before an upgrade
    from estime.cli.archive_file import write_backup

    with steps({"backup": "Writing the backup…"}) as tell:
        tell("backup")
        manifest = write_backup(file.absolute())
    size = file.stat().st_size
    if as_json:
        emit_json({"file": str(file), "bytes": size, "made": manifest["made"]})
    else:
        say(f"Wrote {file} ({size / 1e6:.1f} MB).")


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
