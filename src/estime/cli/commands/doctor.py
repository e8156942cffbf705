"""`estime doctor`: find what is wrong, and say what to do."""

import typer

from estime.cli.output import emit_json


def doctor(
    thorough: bool = typer.Option(False, "--thorough", help="Also read a large SQLite database through."),
    as_json: bool = typer.Option(False, "--json", help="Tell the findings as JSON."),
) -> None:
    """Check the installation: files, configuration, database, guards, people, mail, worker, figures, backups.

    Changes nothing. The exit code is 1 if something needs doing; what would only be better done is a note.

    Example: `estime doctor`
    """
    from estime.cli.checkup import examine

    findings = list(examine(thorough=thorough))
    if as_json:
        emit_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            mark = "PROBLEM" if not finding.ok else "note   " if finding.todo else "ok     "
            typer.echo(f"{mark}  {finding.what}: {finding.told}")
            if finding.todo:
                typer.echo(f"         → {finding.todo}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)
