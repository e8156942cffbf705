"""`estime doctor`: find what is wrong, and say what to do."""

import typer

from estime.cli.output import emit_json


def doctor(as_json: bool = typer.Option(False, "--json", help="Tell the findings as JSON.")) -> None:
    """Check the installation: folder, secret, configuration, database, guards, lake, figures, space.

    The exit code is 1 if something needs doing.

    Example: `estime doctor`
    """
    from estime.cli.checkup import examine

    findings = list(examine())
    if as_json:
        emit_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.what}: {finding.told}")
            if not finding.ok:
                typer.echo(f"         → {finding.todo}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)
