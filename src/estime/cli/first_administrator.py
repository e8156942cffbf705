"""The first administrator: made once, by hand or by a script. A password never stands in a command line."""

import secrets
import sys
from typing import NamedTuple

import typer

from estime.cli.output import say
from estime.kernel.errors import EstimeError


class PasswordRefused(EstimeError):
    """The password is too easily guessed."""

    code = "password-refused"


class Wanted(NamedTuple):
    """Who shall administer, and where the password comes from."""

    email: str
    name: str
    from_stdin: bool = False
    generated: bool = False

    def check(self, *, asks: bool) -> None:
        """Raises `typer.BadParameter` before anything is done if it cannot be done."""
        if not self.email and (self.name or self.from_stdin or self.generated):
            raise typer.BadParameter("Say whose it is with --admin.", param_hint="--admin")
        if self.email:
            check_email(self.email)
        if self.from_stdin and self.generated:
            raise typer.BadParameter("One password is enough.", param_hint="--password-stdin")
        if self.email and not (asks or self.from_stdin or self.generated):
            raise typer.BadParameter(
                "Without a terminal, say where the password comes from: --password-stdin or --generate-password.",
                param_hint="--admin",
            )


def check_email(email: str) -> None:
    """Raises `typer.BadParameter` for what is no address."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError as error:
        raise typer.BadParameter("This is no e-mail address.", param_hint="--admin") from error


def administrator_ensure(wanted: Wanted, *, asks: bool) -> bool:
    """Make the first administrator if there is none; returns whether one was made."""
    from estime.people import api as people

    if people.administrators().exists():
        if wanted.email:
            say("There is an administrator already: nobody was added. Invite others from the pages.")
        return False
    if not wanted.email:
        if not asks:
            return False
        wanted = _asked(wanted)
        if not wanted.email:
            return False
    _make(wanted)
    return True


def _asked(wanted: Wanted) -> Wanted:
    say("The first administrator invites everybody else. Empty: not now.")
    while True:
        email = str(typer.prompt("E-mail address", default="", show_default=False, err=True)).strip()
        try:
            if email:
                check_email(email)
            break
        except typer.BadParameter as error:
            say(str(error.message))
    name = wanted.name
    if email and not name:
        name = str(typer.prompt("Name", default="", show_default=False, err=True)).strip()
    return wanted._replace(email=email, name=name)


def _make(wanted: Wanted) -> None:
    from django.db import transaction

    from estime.people import api as people

    known = people.person_find(wanted.email)
    if known is not None and not (wanted.from_stdin or wanted.generated):
        people.role_change(known.pk, people.Role.ADMINISTRATOR)
        people.let_in(known.pk)
        say(f"{wanted.email} signs in here already, and is the administrator now.")
        return
    password = _password(wanted)
    with transaction.atomic():
        if known is None:
            profile = people.Profile(name=wanted.name, password=password)
            people.login_make(wanted.email, people.Role.ADMINISTRATOR, profile)
        else:
            known.set_password(password)
            known.save(update_fields=["password"])
            people.role_change(known.pk, people.Role.ADMINISTRATOR)
            people.let_in(known.pk)
    say(f"{wanted.email} is the administrator.")
    if wanted.generated:
        say("The password, shown this once:")
        typer.echo(password)


def _password(wanted: Wanted) -> str:
    if wanted.generated:
        return secrets.token_urlsafe(18)
    if wanted.from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if told := faults(password, wanted):
            raise PasswordRefused(f"The password is refused: {told}", todo="Choose a longer, rarer one.")
        return password
    while True:
        password = typer.prompt("Password (not shown)", hide_input=True, confirmation_prompt=True, err=True)
        if not (told := faults(password, wanted)):
            return str(password)
        say(told)


def faults(password: str, wanted: Wanted) -> str:
    """What speaks against a password, in words; "" if nothing does."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from estime.people import api as people

    try:
        validate_password(password, people.User(email=wanted.email, name=wanted.name))
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if password else "It is empty."
