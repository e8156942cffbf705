"""`estime validate`: how far it can be trusted who stays, told by this ledger's own past."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from estime.cli.output import emit_json, progress_bar
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.readouts.shapes import Report


class NothingToValidate(EstimeError):
    """There is no channel of this name, or none with figures."""

    code = "nothing-to-validate"
    exit_code = 2


def validate(
    channel: str = typer.Option(
        "", "--channel", "-c", help="One channel; what the overview opens with when left out."
    ),
    as_json: bool = typer.Option(False, "--json", help="Every figure with its interval, as JSON."),
    html: Path | None = typer.Option(None, "--html", help="Write one self-contained HTML page to this file."),
    lang: str = typer.Option("", "--lang", help="fr or en; the terminal's language when left out."),
) -> None:
    """Prove on your own past how far it can be trusted who stays: AUC, Brier, calibration, with intervals.

    At moments 90 days apart only what was known that day is learnt from, and the 90 days after say who was right:
    durability, six simpler ways, and the same model knowing less. A short history is told as such, with exit code 0.
    Takes minutes where there is much; what is found is kept for the page “Validity”.

    Example: `estime validate --channel forum --html validity.html`
    """
    from estime.cli.commands.report import terminal_language, write_html
    from estime.cli.installation import open_installation

    language = lang or terminal_language()
    if language not in ("fr", "en"):
        raise typer.BadParameter("The report speaks fr and en.", param_hint="--lang")
    open_installation()
    from django.utils.translation import override

    from estime.readouts.validity import sentences, validity_report
    from estime.readouts.validity_draw import validity_draw, validity_publish

    scope = _scope(channel)
    told = _computed(scope)
    if told["as_of"] is not None:
        validity_publish(told)
    report = validity_report(told, language)
    if html is not None:
        write_html(report, validity_draw(told, language), html)
    if as_json:
        with override(language):
            emit_json({**told, "words": sentences(told)})
    elif html is None:
        _print(report)


def _scope(channel: str) -> str:
    from estime.engagement import api as engagement
    from estime.readouts.report import scope_find, scope_front

    edition = engagement.edition()
    if edition is None or not edition.scopes:
        if channel:
            raise NothingToValidate(
                "There are no figures yet.", todo="Run `estime import`, then `estime refresh`."
            )
        return "*"
    if channel and scope_find(edition, channel) is None:
        names = ", ".join(info.name for info in edition.scopes if info.name != "*")
        raise NothingToValidate(
            f"There are no figures of “{channel}”.", todo=f"Channels with figures: {names or 'none'}."
        )
    return channel or scope_front(edition)


def _computed(scope: str) -> dict[str, Any]:
    from estime.engagement import api as engagement

    with progress_bar("Looking back") as update:
        return engagement.validate([scope], progress=update)[scope]


def _print(report: "Report") -> None:
    from rich.console import Console

    from estime.readouts.terminal import terminal_report

    console = Console()
    with console.capture() as page:  # Rich would end a closed pipe with exit code 1
        console.print(terminal_report(report))
    typer.echo(page.get(), nl=False)


def register(app: typer.Typer) -> None:
    app.command("validate")(validate)
