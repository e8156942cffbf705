"""`estime init`: make an installation, or bring one up to date."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import typer

from estime.cli.first_administrator import Wanted, administrator_ensure
from estime.cli.first_settings import MODES, Answers, asked, checked, keys_in, settings_text
from estime.cli.installation import check_whole
from estime.cli.output import progress_bar, say
from estime.kernel.home import FILE_NAME, home, make_home

KEYS = {
    "brand": "brand.name",
    "accounts": "brand.accounts",
    "languages": "site.languages",
    "address": "site.address",
    "timezone": "brand.timezone",
    "mode": "site.mode",
}
"""Where each answer stands in estime.toml."""


def init(
    brand: str = typer.Option("", "--brand", help="The brand's name, as pages show it."),
    account: list[str] = typer.Option(
        [], "--account", help="An account of the brand, as channel:handle; once for each."
    ),
    language: list[str] = typer.Option(
        [], "--language", help="fr or en; once for each, the first one first."
    ),
    address: str = typer.Option(
        "", "--address", help="The address people type, such as https://estime.example.org."
    ),
    timezone: str = typer.Option("", "--timezone", help="The brand's time zone, such as Europe/Paris."),
    mode: str = typer.Option("", "--mode", help=f"How it is run: {' or '.join(MODES)}."),
    admin: str = typer.Option("", "--admin", help="E-mail address of the first administrator."),
    admin_name: str = typer.Option("", "--admin-name", help="Their name."),
    password_stdin: bool = typer.Option(
        False, "--password-stdin", help="Read their password from standard input."
    ),
    generate_password: bool = typer.Option(
        False, "--generate-password", help="Make up their password, and print it once."
    ),
    no_input: bool = typer.Option(False, "--no-input", help="Ask nothing: flags and defaults."),
) -> None:
    """Make an installation in ESTIME_HOME, or bring the one there up to date.

    Makes the folder, its secret, estime.toml, the database and the first administrator. On a terminal it asks
    for what no flag says. Running it again changes nothing that is there.

    Example: `ESTIME_HOME=~/estime estime init --brand "Maison Gourde"`
    """
    asks = not no_input and sys.stdin.isatty() and sys.stderr.isatty() and not password_stdin
    answers = checked(Answers(brand, tuple(account), tuple(language), address, timezone, mode))
    wanted = Wanted(admin, admin_name.strip(), password_stdin, generate_password)
    wanted.check(asks=asks)
    check_whole()
    fresh = not (home() / FILE_NAME).exists()
    made, configured = make_installation(settings_text(asked(answers) if fresh and asks else answers))
    if not configured:
        _tell_what_stays(answers, made / FILE_NAME)
    administrator_ensure(wanted, asks=asks)
    say(f"Estime is ready in {made}.")
    _tell_what_is_next()


def _tell_what_stays(answers: Answers, path: Path) -> None:
    given = [KEYS[name] for name in answers.given()]
    if given:
        there = keys_in(path.read_text("utf-8"))
        stays = ", ".join(key if key in there else f"{key} (not set)" for key in given)
        say(
            f"{FILE_NAME} was there already and stays as it is: {stays}. Change it there or on the settings page."
        )


def _tell_what_is_next() -> None:
    """In production: what still stands in the way. Else: how to begin."""
    from estime.cli.installation import safety
    from estime.kernel.configuration import configuration

    if configuration().site.mode != "production":
        say("Next: estime import FILE --channel NAME, then estime refresh, estime report, estime serve.")
        return
    left = safety().reasons()
    if left:
        say("Before `estime serve` starts in production:")
        for reason in left:
            say(f"- {reason.what}\n  → {reason.todo}")
    else:
        say("Nothing stands against production. Next: estime serve.")


def make_installation(configuration: str) -> tuple[Path, bool]:
    """Folder, secret, estime.toml if missing, database; returns the folder, and whether the file is new."""
    folder = make_home()
    fresh = _write_new(folder / FILE_NAME, configuration)
    from estime.cli.installation import setup_django

    setup_django()
    _keep_database_private()
    _bring_up_to_date()
    return folder, fresh


def _keep_database_private() -> None:
    """SQLite's file is its owner's alone, whatever becomes of the folder around it; the files beside it follow it."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        path = Path(str(database["NAME"]))
        with suppress(PermissionError):  # of another owner: `estime doctor` says so
            path.touch(mode=0o600)
            path.chmod(0o600)


def _bring_up_to_date() -> None:
    """Every migration that is missing. Where acts may be many, it is said which one is being done."""
    from estime.cli.installation import ever_migrated
    from estime.cli.migrating import migrate

    if ever_migrated():
        migrate(
            lambda name, number, total: say(f"Bringing the database up to date, {number} of {total}: {name}")
        )
        return
    with progress_bar("Making the database") as update:
        migrate(lambda name, number, total: update(number, total))


def _write_new(path: Path, text: str) -> bool:
    """Write a file if it is not there yet; returns whether it is new."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return True


def register(app: typer.Typer) -> None:
    app.command("init")(init)
