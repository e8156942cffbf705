"""`estime challenge`: bring challenges in, give finished ones away as open data, list them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from estime.cli.commands.imports import tell_rejected
from estime.cli.output import emit_json, say
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.channels.challenges.api import ChallengeImported
    from estime.cocreation.api import Challenge, Space

challenge = typer.Typer(
    name="challenge",
    help="Bring challenges in from elsewhere, give finished ones away as open data, list them.\n\n"
    "Example: `estime challenge list`",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class SpaceUnknown(EstimeError):
    """No space was named, or there is none of this address."""

    code = "space-unknown"


class ChallengeUnknown(EstimeError):
    """There is no challenge of this number."""

    code = "challenge-unknown"


@challenge.command("import")
def import_(
    path: Path = typer.Argument(..., help="A file (.gz too), a folder or a zip."),
    space: str = typer.Option(
        "", "--space", "-s", help="The address of the space it goes into, such as bottles."
    ),
    format: str = typer.Option(
        "", "--as", help="polis, decidim, madrid, allourideas or pb; seen from the source."
    ),
    channel: str = typer.Option(
        "", "--channel", "-c", help="Where its acts happened; the format's name else."
    ),
    mapping: str = typer.Option("", "--map", help="A mapping file (YAML), or a shipped one's name: any CSV."),
    title: str = typer.Option(
        "", "--title", help="What the challenge is called here, if not as in the source."
    ),
    known: str = typer.Option(
        "", "--source", help="Where it comes from and under which licence, for its page."
    ),
    closes: str = typer.Option("", "--closes", help="When its vote ended, or until when it runs (a day)."),
    timezone: str = typer.Option("", "--timezone", help="Zone of times without one, such as Europe/Paris."),
    date_format: str = typer.Option("", "--date-format", help="How times are written, such as %d/%m/%Y."),
    encoding: str = typer.Option("", "--encoding", help="Of the text, if it is not UTF-8, such as cp1252."),
    component: str = typer.Option(
        "", "--component", help="Of a whole Decidim site: the number of the component that is brought."
    ),
    state: list[str] = typer.Option(
        [],
        "--state",
        help="What a site's own state of an answer is here, such as in_study=later; may be repeated.",
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Try everything, keep nothing."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Bring a challenge in that was lived elsewhere, with its acts; what is here already is not doubled.

    Rows that cannot be used go to a rejects file with line number and reason, and the exit code is 1.

    Example: `estime challenge import brexit-consensus/ --space town --source "CC BY 4.0, pol.is"`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.channels.challenges import api as challenges

    states = challenges.states_read(state)
    options = challenges.Wish(
        closes=closes, timezone=timezone, date_format=date_format, encoding=encoding, component=component,
        states=states,
    ).options()  # fmt: skip
    result = challenges.challenge_import(
        path, _space(space), channel=channel, format=format, mapping=mapping or None, options=options,
        overrides=challenges.Overrides(title, known, options.observed_at), dry_run=dry_run,
    )  # fmt: skip
    if as_json:
        emit_json(_as_data(result))
    else:
        _tell(result)
    if result.rejected:
        raise typer.Exit(1)


@challenge.command("export")
def export(
    number: int = typer.Argument(..., min=1, help="The number of the challenge (estime challenge list)."),
    folder: Path = typer.Argument(..., help="A folder that does not exist yet, or is empty."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Write a finished challenge as open data: tables, votes, a README with the licence. It names nobody.

    Example: `estime challenge export 12 bottles-open-data`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.channels.challenges import api as challenges

    done = challenges.challenge_export(_challenge(number), folder)
    if as_json:
        emit_json(done._asdict())
        return
    say(f"{sum(done.rows.values()):,} rows in {len(done.rows)} files: {folder}")
    if done.withheld:
        say(f"  {done.withheld:,} texts are left out: their authors did not agree to the deal")


@challenge.command("list")
def list_(
    space: str = typer.Option("", "--space", "-s", help="Those of one space."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """List the challenges that were opened, the newest first, with the numbers that export asks for.

    Example: `estime challenge list --space bottles`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.cocreation import api as cocreation

    found = cocreation.Challenge.objects.filter(opened__isnull=False).select_related("space")
    if space:
        found = found.filter(space=_space(space))
    rows = [_row(one) for one in found.prefetch_related("phases").order_by("-opened", "-pk")]
    if as_json:
        emit_json(rows)
    elif not rows:
        say("No challenge was opened yet.")
    for row in [] if as_json else rows:
        over = "over" if row["over"] else row["phase"] or "open"
        typer.echo(f"{row['number']:>6}  {row['space']:<16.16}  {over:<8}  {row['title']}")


def _row(one: "Challenge") -> dict[str, Any]:
    from estime.cocreation import api as cocreation

    return {
        "number": one.pk,
        "space": one.space.slug,
        "title": one.title,
        "power": one.power,
        "opened": one.opened.isoformat() if one.opened else None,
        "phase": cocreation.phase_now(one),
        "over": cocreation.is_over(one),
        "contributions": one.contributions_count,
        "people": one.people_count,
        "source": one.source,
    }


def _space(slug: str) -> "Space":
    from estime.cocreation import api as cocreation

    found = cocreation.Space.objects.filter(slug=slug).first() if slug else None
    if found is None:
        known = ", ".join(cocreation.Space.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise SpaceUnknown(
            f"There is no space “{slug[:64]}”." if slug else "It is not said into which space it goes.",
            todo=f"Name one with --space: {known}." if known else "Make a space first, on the page Spaces.",
        )
    return found


def _challenge(number: int) -> "Challenge":
    from estime.cocreation import api as cocreation

    found = cocreation.Challenge.objects.select_related("space", "owner").filter(pk=number).first()
    if found is None:
        raise ChallengeUnknown(
            f"There is no challenge {number}.", todo="`estime challenge list` tells their numbers."
        )
    return found


def _as_data(result: "ChallengeImported") -> dict[str, Any]:
    file = str(result.rejects_path) if result.rejects_path else None
    return {**result.told(), "rejects_file": file, "first_rejects": result.rejects_told()}


def _tell(result: "ChallengeImported") -> None:
    verb = "would come in" if result.status == "dry-run" else "came in"
    say(
        f"{result.title} ({result.format}) → {result.channel}: {result.new:,} {verb}, {result.known:,} known already"
    )
    counts = ", ".join(f"{many:,} {kind}" for kind, many in result.counts.items() if many)
    where = "" if result.status == "dry-run" else f"Challenge {result.challenge}: "
    if counts:
        say(f"  {where}{counts}")
    for note in result.notes:
        say(f"  {note}")
    if result.erased:
        say(f"  {result.erased:,} left out: their authors had them erased")
    tell_rejected(result)


def register(app: typer.Typer) -> None:
    app.add_typer(challenge)
