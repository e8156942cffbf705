"""`estime report`: what the figures say, in the terminal, as JSON, or as one page that can be mailed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from estime.cli.output import emit_json, say
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.readouts.shapes import Report


class NothingToReport(EstimeError):
    """There are no figures yet, or none of this channel."""

    code = "nothing-to-report"


def report(
    channel: str = typer.Option(
        "", "--channel", "-c", help="One channel; what the overview opens with when left out."
    ),
    as_json: bool = typer.Option(False, "--json", help="Every figure with its interval, as JSON."),
    html: Path | None = typer.Option(None, "--html", help="Write one self-contained HTML page to this file."),
    lang: str = typer.Option("", "--lang", help="fr or en; the terminal's language when left out."),
) -> None:
    """Tell how engaged people really are: sentences, figures with intervals, small bars.

    Example: `estime report --channel forum --lang fr --html report.html`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.engagement import api as engagement
    from estime.readouts.json import as_json as report_json
    from estime.readouts.report import report_build, scope_front

    edition = engagement.edition()
    if edition is None:
        raise NothingToReport("There are no figures yet.", todo="Run `estime import`, then `estime refresh`.")
    scope = channel or scope_front(edition)
    language = lang or terminal_language()
    if language not in ("fr", "en"):
        raise typer.BadParameter("The report speaks fr and en.", param_hint="--lang")
    told = report_build(edition, scope, language)
    if told is None:
        names = ", ".join(info.name for info in edition.scopes if info.name != "*")
        raise NothingToReport(
            f"There are no figures of “{scope}”.", todo=f"Channels with figures: {names or 'none'}."
        )
    if html is not None:
        write_page(told, edition.id, html)
    if as_json:
        emit_json(report_json(told))
    elif html is None:
        from rich.console import Console

        from estime.readouts.terminal import terminal_report

        console = Console()
        with console.capture() as page:  # Rich would end a closed pipe with exit code 1
            console.print(terminal_report(told))
        typer.echo(page.get(), nl=False)


def terminal_language() -> str:
    """The language that the environment asks for, English if we do not speak it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "fr" if os.environ[name].lower().startswith("fr") else "en"
    return "en"


def write_page(told: "Report", edition_id: int, path: Path) -> None:
    """One HTML file with the charts that were drawn at the refresh."""
    from estime.readouts.queries import chart_svgs

    write_html(told, chart_svgs(edition_id, told.scope, told.lang), path)


def write_html(told: "Report", svgs: dict[str, str], path: Path) -> None:
    """One HTML file, written whole or not at all."""
    from estime.readouts.html import html_page

    page = html_page(told, svgs=svgs)
    part = path.with_name(path.name + ".part")
    part.write_text(page, encoding="utf-8")
    part.replace(path)
    say(f"Wrote {path} ({len(page.encode()) // 1024} kB).")


def register(app: typer.Typer) -> None:
    app.command("report")(report)
