"""`estime doctor`: find what is wrong, and say what to do."""

from typing import TYPE_CHECKING

import typer

from estime.cli.output import emit_json

if TYPE_CHECKING:
    from estime.cli.findings import Finding


def doctor(
    thorough: bool = typer.Option(False, "--thorough", help="Also read a large SQLite database through."),
    as_json: bool = typer.Option(False, "--json", help="Tell the findings as JSON."),
) -> None:
    """Check the installation: files, configuration, database, guards, people, mail, worker, figures, backups.

    Changes nothing. The exit code is 1 if something needs doing; what would only be better done is a note.

    Example: `estime doctor`
    """
    from estime.cli.checkup import examine

    findings = []
    for finding in examine(thorough=thorough):
        findings.append(finding)
        if not as_json:
            _tell(finding)
    if as_json:
        emit_json([finding._asdict() for finding in findings])
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _tell(finding: "Finding") -> None:
    """One by one, as they are found: a large database takes a while."""
    mark = "PROBLEM" if not finding.ok else "note   " if finding.todo else "ok     "
    typer.echo(f"{mark}  {finding.what}: {finding.told}")
    if finding.todo:
        typer.echo(f"         → {finding.todo}")


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)
