"""`estime import`: bring a file or folder into a channel."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from estime.cli.output import counted, emit_json, progress_bar, say
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.channels.challenges.api import ChallengeImported
    from estime.channels.result import ImportResult


def import_(
    path: Path = typer.Argument(..., help="A file (.gz too), a folder or a zip."),
    channel: str = typer.Option(
        "",
        "--channel",
        "-c",
        help="Where the acts happened, such as forum. Only an export of Estime says it itself.",
    ),
    format: str = typer.Option("", "--as", help="The format; guessed when left out."),
    mapping: str = typer.Option(
        "", "--map", help="A mapping file (YAML) from columns to acts, or a shipped one's name."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Read and check everything, write nothing."),
    timezone: str = typer.Option("", "--timezone", help="Zone of times without one, such as Europe/Paris."),
    date_format: str = typer.Option(
        "", "--date-format", help="iso, epoch, epoch-ms, or a pattern such as %d/%m/%Y."
    ),
    delimiter: str = typer.Option(
        "", "--delimiter", help="Between the cells of a CSV; seen from the header."
    ),
    encoding: str = typer.Option("", "--encoding", help="Of the text, if it is not UTF-8, such as cp1252."),
    observed: str = typer.Option("", "--observed", help="When totals stood as the file tells them (a day)."),
    account: str = typer.Option("", "--account", help="Handle of the page's own account (insights)."),
    title: str = typer.Option("", "--title", help="The channel's name as people read it."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Bring a file or folder into a channel; what is in already is known and not doubled.

    Rows that cannot be used go to a rejects file with line number and reason, and the exit code is 1.
    An import that was stopped is completed by the same command.

    Example: `estime import forum.csv --channel forum --timezone Europe/Paris`
    """
    from estime.cli.installation import open_installation

    open_installation()
    options = {
        "timezone": timezone,
        "date_format": date_format,
        "delimiter": delimiter,
        "encoding": encoding,
        "observed": observed,
        "account": account,
    }
    given = {name: value for name, value in options.items() if value}
    try:
        result = run_import(path, channel, format, mapping, dry_run, given)
    except EstimeError as error:
        if as_json and "result" in error.data:
            emit_json(as_data(cast("ImportResult", error.data["result"])))
        raise
    if title and channel and not dry_run:
        from estime.ledger import api as ledger

        ledger.channel_ensure(channel, title=title)
    if as_json:
        emit_json(as_data(result))
    else:
        tell(result)
    if result.rejected:
        raise typer.Exit(1)


def run_import(
    path: Path, channel: str, format: str, mapping: str, dry_run: bool, options: dict[str, Any]
) -> "ImportResult":
    """Import with a progress bar."""
    from estime.channels import api as channels

    with progress_bar(f"{path.name} → {channel}" if channel else path.name, unit="rows") as update:
        return channels.import_path(
            path,
            channel=channel or None,
            format=format or None,
            mapping=mapping or None,
            dry_run=dry_run,
            options=channels.ReadOptions(**options),
            progress=update,
        )


_TOLD = (
    "channel",
    "format",
    "file_name",
    "status",
    "message",
    "rows",
    "new",
    "known",
    "erased",
    "rejected",
    "seconds",
)


def as_data(result: "ImportResult") -> dict[str, Any]:
    """The result as JSON tells it."""
    told: dict[str, Any] = {name: getattr(result, name) for name in _TOLD}
    told["types"] = dict(result.types)
    told["rejects_file"] = str(result.rejects_path) if result.rejected and result.rejects_path else None
    told["first_rejects"] = [
        {"line": r.line, "code": r.code, "reason": r.reason} for r in result.first_rejects
    ]
    return told


def tell(result: "ImportResult") -> None:
    """The result in words."""
    verb = "would come in" if result.status == "dry-run" else "came in"
    place = "" if result.channel == "*" else f" → {result.channel}"
    say(f"{result.file_name} ({result.format}){place}: {result.new:,} {verb}, {result.known:,} known already")
    if result.erased:
        say(f"  {result.erased:,} left out: their authors had them erased")
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in result.types.most_common())
    if kinds:
        say(f"  {kinds}")
    tell_rejected(result)


def tell_rejected(result: "ImportResult | ChallengeImported") -> None:
    """How many rows were refused, why the first of them were, and where all of them are."""
    if not result.rejected:
        return
    say(f"  {counted(result.rejected, 'row')} could not be used:")
    for reject in result.first_rejects[:5]:
        say(f"    line {reject.line}: {reject.reason} [{reject.code}]")
    if result.rejects_path and result.status != "dry-run":
        say(f"  All of them, with their reasons: {result.rejects_path}")


def register(app: typer.Typer) -> None:
    app.command("import")(import_)
