"""`estime report`: what the figures say, in the terminal, as JSON, or as one page that can be mailed."""

from pathlib import Path

import typer

from estime.cli.output import emit_json, say
from estime.kernel.errors import EstimeError


class NothingToReport(EstimeError):
    """There are no figures yet, or none of this channel."""

    code = "nothing-to-report"


def report(
    channel: str = typer.Option("", "--channel", "-c", help="One channel; all together when left out."),
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
    from estime.readouts.report import report_build

    edition = engagement.edition()
    if edition is None:
        raise NothingToReport("There are no figures yet.", todo="Run `estime import`, then `estime refresh`.")
    scope = channel or front_scope([info.name for info in edition.scopes])
    language = lang or terminal_language()
    if language not in ("fr", "en"):
        raise typer.BadParameter("The report speaks fr and en.", param_hint="--lang")
    told = report_build(edition, scope, language)
    if told is None:
        names = ", ".join(info.name for info in edition.scopes if info.name != "*")
        raise NothingToReport(f"There are no figures of “{scope}”.", todo=f"Channels with figures: {names or 'none'}.")
    if html is not None:
        write_page(told, edition.id, html)
    if as_json:
        emit_json(report_json(told))
    elif html is None:
        from rich.console import Console

        from estime.readouts.terminal import terminal_report

        Console().print(terminal_report(told))


def front_scope(names: list[str]) -> str:
    """All channels together, or the only one there is."""
    channels = [name for name in names if name != "*"]
    return channels[0] if len(channels) == 1 else "*"


def terminal_language() -> str:
    """The language that the environment asks for, English if we do not speak it."""
    import os

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "fr" if os.environ[name].lower().startswith("fr") else "en"
    return "en"


def write_page(told: object, edition_id: int, path: Path) -> None:
    """One HTML file, written whole or not at all."""
    from typing import cast

    from estime.readouts.html import html_page
    from estime.readouts.queries import chart_svgs
    from estime.readouts.shapes import Report

    shapes = cast(Report, told)
    page = html_page(shapes, svgs=chart_svgs(edition_id, shapes.scope, shapes.lang))
    part = path.with_name(path.name + ".part")
    part.write_text(page, encoding="utf-8")
    part.replace(path)
    say(f"Wrote {path} ({len(page.encode()) // 1024} kB).")


def register(app: typer.Typer) -> None:
    app.command("report")(report)
