"""`estime tally`: count votes from a file, by any method, with how fragile the result is. Opens no installation."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from estime.cli.output import emit_json, say, steps
from estime.cocreation.tally.result import Method

if TYPE_CHECKING:
    from estime.cocreation.tally.result import Groups, Tally

STEPS = {"read": "Reading the ballots…", "count": "Counting…"}
FOR_EVER = 1e12


def tally(
    path: Path = typer.Argument(
        ..., help="A CSV of ballots, a .pb file, All Our Ideas CSVs, or a Polis folder."
    ),
    method: Method = typer.Option(
        ..., "--method", "-m", help="approval, score, ranked, pairwise, budget or groups."
    ),
    seats: int = typer.Option(1, "--seats", min=1, help="How many may win; approval and score."),
    utility: str = typer.Option(
        "cost", "--utility", help="What a funded project is worth to its voters: cost or approval."
    ),
    encoding: str | None = typer.Option(None, "--encoding", help="The file's text encoding, if not UTF-8."),
    minutes: float = typer.Option(
        10.0, "--minutes", min=0.0, help="Same ballots within so many minutes are look-alikes."
    ),
    resamples: int = typer.Option(1000, "--resamples", min=100, help="Draws of the bootstrap."),
    seed: int = typer.Option(0, "--seed", min=0, help="The same seed draws the same."),
    thorough: bool = typer.Option(
        False, "--thorough", help="Recount as often as asked, however long it takes."
    ),
    quick: bool = typer.Option(False, "--quick", help="Only the result, not how fragile it is."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Count votes from a file: who wins, how it came about, and how fragile that is. Needs no installation.

    Example: `estime tally budget.pb --method budget --json`
    """
    if utility not in ("cost", "approval"):
        raise typer.BadParameter("A project is worth its cost, or one approval.", param_hint="--utility")
    from estime.cocreation.tally.ballots import Opinions
    from estime.cocreation.tally.equal_shares import Utility
    from estime.cocreation.tally.fragility import Asked
    from estime.cocreation.tally.methods import opinion_groups
    from estime.cocreation.tally.methods import tally as count
    from estime.cocreation.tally.reading import read

    patience = FOR_EVER if thorough else 1.0
    asked = Asked(minutes=minutes, replicates=resamples, seed=seed, patience=patience)
    with steps(STEPS) as tell:
        tell("read")
        cast = read(path, method, encoding)
        tell("count")
        if isinstance(cast.votes, Opinions):
            found = opinion_groups(cast.votes, resample=not quick)
            result: Tally | Groups = found
        else:
            result = count(
                method,
                cast.votes,
                seats=seats,
                money=cast.money,
                utility=Utility(utility),
                asked=None if quick else asked,
            )
    if as_json:
        emit_json(result.as_json())
    else:
        from estime.cli.tally_words import told

        typer.echo("\n".join(told(result)))
        for note in result.notes:
            say(note)


def register(app: typer.Typer) -> None:
    app.command("tally")(tally)
