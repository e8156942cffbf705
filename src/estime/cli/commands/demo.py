"""`estime demo`: an installation filled with real communities, served at once."""

import json
import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from estime.cli.output import progress_bar, say
from estime.kernel.home import home

if TYPE_CHECKING:
    from estime.people.models import User


def demo(
    port: int = typer.Option(8000, "--port", "-p", min=1, max=65535, help="The port to listen on."),
    serve: bool = typer.Option(True, "--serve/--no-serve", help="Serve the pages afterwards."),
    spaces: bool = typer.Option(
        True, "--spaces/--no-spaces", help="Also make spaces: real conversations, and an invented brand."
    ),
) -> None:
    """Fill ESTIME_HOME with real sample communities, compute their figures and serve the pages.

    One person of each role is made; a link is printed that signs in the administrator, and one that shows
    what a member sees. What is there already is not made twice, so the second start takes seconds.

    Example: `ESTIME_HOME=.demo estime demo`
    """
    from estime.cli.commands.init import make_installation
    from estime.cli.commands.refresh import run_refresh
    from estime.cli.commands.serve import check_free, run_server
    from estime.cli.commands.staff_link import print_staff_link
    from estime.cli.demo_people import MEMBER, people_ensure

    if serve:
        check_free("127.0.0.1", port)
    manifest = tomllib.loads(files("estime.cli").joinpath("samples/manifest.toml").read_text("utf-8"))
    make_installation(_configuration(manifest))
    fresh = _missing(manifest["samples"])
    administrator = people_ensure()
    with as_file(files("estime.cli").joinpath("samples")) as folder:
        _import_all(folder, fresh)
        changed = spaces and _make_spaces(folder, manifest, administrator)
    if fresh or changed or not _has_figures():
        done = run_refresh()
        say(f"{done.figures:,} figures computed.")
    _find_topics(manifest["front"], again=bool(fresh or changed))
    if serve:
        say("Sign in to the demo with this link:")
        print_staff_link(administrator, port)
        _print_member_link(MEMBER, port)
        run_server("127.0.0.1", port)


def _make_spaces(folder: Path, manifest: dict[str, Any], administrator: "User") -> bool:
    from estime.cli.demo_spaces import spaces_ensure

    with progress_bar("Making spaces") as update:
        return spaces_ensure(folder, manifest, administrator, update)


def _find_topics(front: str, *, again: bool) -> None:
    """What the communities speak of; of the first one also over a year, since few people write in three months."""
    from estime.ledger import api as ledger
    from estime.listening import api as listening

    if not again and listening.topics_told(0, listening.TOPIC_DAYS_USUAL) is not None:
        return
    with progress_bar("Looking for topics") as update:
        listening.topics_find(progress=update)
        listening.topics_find_one(ledger.channel_formats()[front][0], max(listening.TOPIC_DAYS))
    listening.targets_tell()


def _print_member_link(email: str, port: int) -> None:
    """A second link, for a private window: what a member sees."""
    from estime.cli.commands.staff_link import print_staff_link
    from estime.people import api as people

    member = people.person_find(email)
    if member is not None:
        say(f"And in a private window, to look as a member ({member.name}):")
        print_staff_link(member, port)


def _configuration(manifest: dict[str, Any]) -> str:
    """The demo's estime.toml."""
    accounts = "".join(
        f'  {{ channel = "{account["channel"]}", handle = "{account["handle"]}" }},\n'
        for account in manifest["brand_accounts"]
    )
    return (
        f'[site]\nmode = "demo"\n\n[brand]\nname = "{manifest["brand"]}"\naccounts = [\n{accounts}]\n\n'
        f'[report]\nfront = "{manifest["front"]}"\n\n[privacy]\npublic_overview = true\n'
        f'person_affect = true\npurpose = "{manifest["purpose"]}"\nlegal_basis = "{manifest["legal_basis"]}"\n\n'
        f"{_listening(manifest)}"
    )


def _listening(manifest: dict[str, Any]) -> str:
    """Whom the demo's texts are about; JSON's texts and lists are TOML's too."""
    lists = ("aliases", "exact")
    targets = "".join(
        f"\n[[listening.targets]]\nkind = {json.dumps(told['kind'])}\nname = {json.dumps(told['name'])}\n"
        + "".join(f"{key} = {json.dumps(told[key])}\n" for key in lists if key in told)
        for told in manifest["targets"]
    )
    about = "".join(f"{channel} = {json.dumps(name)}\n" for channel, name in manifest["about"].items())
    return f"[listening.about]\n{about}{targets}"


def _missing(samples: list[dict[str, str]]) -> list[dict[str, str]]:
    from estime.channels import api as channels

    done = channels.completed_imports()
    return [sample for sample in samples if (sample["channel"], Path(sample["path"]).name) not in done]


def _has_figures() -> bool:
    from estime.engagement import api as engagement

    return engagement.edition() is not None


def _import_all(folder: Path, samples: list[dict[str, str]]) -> None:
    from estime.channels import api as channels
    from estime.ledger import api as ledger

    rows = 0
    with progress_bar("Importing real communities", unit="rows") as update:
        for number, sample in enumerate(samples):
            options: dict[str, Any] = {k: sample[k] for k in ("timezone", "account") if k in sample}
            result = channels.import_path(
                folder / sample["path"],
                channel=sample["channel"],
                format=sample["format"],
                options=channels.ReadOptions(**options),
            )
            ledger.channel_ensure(sample["channel"], title=sample["title"], attribution=sample["attribution"])
            rows += result.new
            update(number + 1, len(samples), rows)
    if samples:
        say(f"{rows:,} acts and totals of {len(samples)} real communities are in {home()}.")


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)
