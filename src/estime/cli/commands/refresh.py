"""`estime refresh`: bring the figures up to date with the ledger."""

from typing import TYPE_CHECKING

import typer

from estime.cli.output import counted, emit_json, say, steps

if TYPE_CHECKING:
    from estime.engagement.actions.refresh import Refreshed

STEPS = {
    "texts": "Reading new texts…",
    "lake": "Copying new acts to the lake…",
    "figures": "Computing figures…",
    "charts": "Drawing charts…",
    "questions": "Looking for questions to the brand…",
    "search": "Bringing the index of acts up to date…",
}


def refresh(
    whole: bool = typer.Option(False, "--all", help="Rebuild everything from the ledger."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Copy new acts to the lake and compute again what they touch.

    `--all` drops the lake and computes everything from the ledger, to the same result.

    Example: `estime refresh`
    """
    from estime.cli.installation import open_installation

    open_installation()
    done = run_refresh(whole)
    if as_json:
        emit_json(done._asdict())
    else:
        say(f"{counted(done.acts, 'new act')}; {counted(done.figures, 'figure')} changed.")


def run_refresh(whole: bool = False) -> "Refreshed":
    """Read new texts, refresh, draw the charts, look for questions to the brand, index the acts, naming each step."""
    from estime.contact import api as contact
    from estime.engagement import api as engagement
    from estime.ledger import api as ledger
    from estime.listening import api as listening
    from estime.readouts.actions import publish

    with steps(STEPS) as tell:
        tell("texts")
        listening.listen()
        done = engagement.refresh(whole=whole, progress=tell)
        edition = engagement.edition()
        if edition is not None:
            tell("charts")
            publish(edition)
        tell("questions")
        contact.watch(whole=whole)
        tell("search")
        ledger.index_acts(anew=whole)
        engagement.digest_persons()
    return done


def register(app: typer.Typer) -> None:
    app.command("refresh")(refresh)
