"""`estime init`: make an installation, or bring one up to date."""

import json
from pathlib import Path

import typer

from estime.cli.output import say
from estime.kernel.home import FILE_NAME, make_home

CONFIGURATION = """\
# What this installation knows of its brand. Every key is described in docs/settings.md.

[brand]
name = {brand}
# The brand's own accounts: they are left out of member figures.
# accounts = [{{ channel = "forum", handle = "brand-team" }}]

[measures]
# half_life_days = 28
"""


def init(
    brand: str = typer.Option("", "--brand", help="The brand's name, as pages show it."),
) -> None:
    """Make an installation in ESTIME_HOME, or bring the one there up to date.

    Makes the folder, its secret, estime.toml and the database. Running it again changes nothing that is
    there.

    Example: `ESTIME_HOME=~/estime estime init --brand "Maison Gourde"`
    """
    if not brand.isprintable():
        raise typer.BadParameter("A name is one line of printable characters.", param_hint="--brand")
    # A JSON string is a valid TOML basic string, escapes included.
    text = CONFIGURATION.format(brand=json.dumps(brand or "Estime", ensure_ascii=False))
    made, configured = make_installation(text)
    if brand and not configured:
        say(f"{FILE_NAME} was there already: its brand stays. Change the name there.")
    say(f"Estime is ready in {made}.")
    say("Next: estime import FILE --channel NAME, then estime refresh, estime report, estime serve.")


def make_installation(configuration: str) -> tuple[Path, bool]:
    """Folder, secret, estime.toml if missing, database; returns the folder, and whether the file is new."""
    folder = make_home()
    path = folder / FILE_NAME
    fresh = not path.exists()
    if fresh:
        path.write_text(configuration, "utf-8")
    from estime.cli.installation import pending_migrations, setup_django

    setup_django()
    pending_migrations()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return folder, fresh


def register(app: typer.Typer) -> None:
    app.command("init")(init)
