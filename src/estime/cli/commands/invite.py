"""`estime invite`: a link with which somebody joins the brand's people."""

import secrets
from typing import TYPE_CHECKING

import typer

from estime.cli.output import emit_json, say

if TYPE_CHECKING:
    from estime.people.api import Invited


def invite(
    email: str = typer.Argument(..., help="The e-mail address of whoever is invited."),
    role: str = typer.Option(
        ..., "--role", help="member, representative, lead, moderator, analyst or administrator."
    ),
    language: str = typer.Option("en", "--lang", help="The language of link and mail: fr or en."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Invite somebody to the team, or a customer as a member, and print the link with which they join.

    The link works once, for a week. It is sent by mail too where ESTIME_MAIL_URL names a mail server.
    Inviting the same address again ends the older link.

    Example: `estime invite claire@example.org --role lead`
    """
    if language not in ("fr", "en"):
        raise typer.BadParameter("The pages speak fr and en.", param_hint="--lang")
    from estime.cli.installation import open_installation

    open_installation()
    from estime.people import api as people

    made = people.invite(email, role, None, secrets.token_urlsafe(16))
    link = people.invitation_link(made.secret, language)
    sent = _send(made, link, language)
    if as_json:
        emit_json(
            {"link": link, "role": made.invitation.role, "expires": made.invitation.expires, "sent": sent}
        )
        return
    typer.echo(link)
    say("It works once, for a week. " + ("It was sent by mail too." if sent else "Hand it over yourself."))


def _send(made: "Invited", link: str, language: str) -> bool:
    """Into files or a terminal nobody sends a mail; a mail server is named on purpose."""
    from django.conf import settings

    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return False
    from django.utils.translation import override

    from estime.people import api as people

    with override(language):
        told = {"link": link, "role": people.role_name(made.invitation.role)}
    return people.mail_send("people/email/invitation", made.invitation.email, language, told)


def register(app: typer.Typer) -> None:
    app.command("invite")(invite)
