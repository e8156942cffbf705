"""`estime staff-link`: sign in without password or mail, for whoever holds the machine."""

from typing import TYPE_CHECKING

import typer

from estime.cli.output import say
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError

if TYPE_CHECKING:
    from estime.people.models import User


class StaffLinkLocal(EstimeError):
    """In production pages are served over TLS only, where a staff link opens nothing."""

    code = "staff-link-local"


class WhoIsMeant(EstimeError):
    """Nobody was named, and there is not exactly one administrator."""

    code = "who-is-meant"


def staff_link(
    email: str = typer.Argument("", help="Whom it signs in; the administrator when left out."),
    port: int = typer.Option(8000, "--port", "-p", min=1, max=65535, help="The port that the pages are at."),
    password: bool = typer.Option(
        False, "--password", help="Print a link to choose a new password instead; it works from anywhere."
    ),
    forget: bool = typer.Option(
        False, "--forget-second-steps", help="Also forget their app, passkeys and recovery codes."
    ),
) -> None:
    """Print a link that signs somebody in once, on this machine, within ten minutes.

    For whoever has lost every other way in. The link works on 127.0.0.1 only and is written nowhere; only
    its digest is kept. In production use --password.

    Example: `estime staff-link claire@example.org`
    """
    from estime.cli.installation import open_installation

    open_installation()
    from estime.people import api as people

    if configuration().site.mode == "production" and not password:
        raise StaffLinkLocal(
            "In production pages are served over TLS only, where a staff link opens nothing.",
            todo="Run it again with --password: that link works through the public address.",
        )
    user = _meant(email)
    if forget:
        people.second_steps_forget(user)
        say("Their authenticator app, passkeys and recovery codes are forgotten.")
    if password:
        typer.echo(people.public(f"http://127.0.0.1:{port}{people.password_path(user)}"))
        say("It works once, for an hour: hand it over in private.")
        return
    print_staff_link(user, port)


def print_staff_link(user: "User", port: int) -> None:
    """Make a link and print it."""
    from estime.people import api as people

    typer.echo(people.staff_link(people.staff_link_make(user), port))
    say("It signs in once, on this machine, within ten minutes.")


def _meant(email: str) -> "User":
    from estime.people import api as people

    if email:
        user = people.person_find(email)
        if user is None or not user.is_active:
            raise people.UnknownPerson(
                "Nobody signs in with this address.", todo="Check the address, or run `estime invite`."
            )
        return user
    found = list(people.administrators()[:2])
    if len(found) != 1:
        raise WhoIsMeant(
            "There is no administrator yet." if not found else "There are several administrators.",
            todo="Run `estime init --admin`."
            if not found
            else "Name one: estime staff-link name@example.org",
        )
    return found[0]


def register(app: typer.Typer) -> None:
    app.command("staff-link")(staff_link)
