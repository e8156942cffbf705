"""`estime backup`: one file from which the installation can be made again."""

from pathlib import Path

import typer

from estime.cli.copies import backup_remember
from estime.cli.output import emit_json, say, steps
from estime.kernel.clock import now

STAMPED = "estime-????????T??????Z.tar.gz"


def backup(
    file: Path = typer.Argument(
        ...,
        help="The file to write, such as estime-2026-05-01.tar.gz; or a folder, where it is named by its time.",
    ),
    keep: int = typer.Option(
        0, "--keep", min=0, help="In a folder: keep this many backups, and delete older ones. 0 keeps all."
    ),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Write the whole installation to one file, while it runs, and read it again to be sure.

    The file holds the secret and personal data: keep it as you keep the installation. The lake is not in it,
    because it is made from the ledger.

    Example: `estime backup estime-2026-05-01.tar.gz`
    """
    from estime.cli.installation import open_installation

    open_installation(any_version=True)  # a backup comes before an upgrade
    from estime.cli.archive_file import write_backup

    folder = file.absolute() if file.is_dir() else None
    if keep and folder is None:
        raise typer.BadParameter("Backups are kept and deleted in a folder: name one.", param_hint="--keep")
    target = folder / f"estime-{now():%Y%m%dT%H%M%SZ}.tar.gz" if folder else file.absolute()
    with steps({"backup": "Writing the backup…"}) as tell:
        tell("backup")
        manifest = write_backup(target)
    told = {"file": str(target), "bytes": target.stat().st_size, "made": manifest["made"]}
    backup_remember(told)
    deleted = _delete_older(folder, keep) if folder and keep else 0
    if as_json:
        emit_json({**told, "rows": manifest["rows"], "deleted": deleted})
    else:
        say(f"Wrote {target} ({target.stat().st_size / 1e6:.1f} MB), and read it again: it is whole.")


def _delete_older(folder: Path, keep: int) -> int:
    """Backups named by their time, the newest first; returns how many went."""
    there = sorted(folder.glob(STAMPED), reverse=True)
    for path in there[keep:]:
        path.unlink(missing_ok=True)
    return len(there[keep:])


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
