"""`estime token`: access tokens of the REST API, made, listed and revoked from the command line."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

import typer

from estime.cli.output import emit_json, say
from estime.kernel.errors import EstimeError


class Action(StrEnum):
    """What to do."""

    MAKE = "make"
    LIST = "list"
    REVOKE = "revoke"


class UnknownToken(EstimeError):
    """No token begins like this, or several do."""

    code = "unknown-token"


def token(
    action: Action = typer.Argument(..., help="make, list or revoke."),
    which: str = typer.Argument("", help="To revoke: the token's number, as `estime token list` tells it."),
    owner: str = typer.Option(
        "", "--owner", help="Whose token: their e-mail address. Left out: the only administrator."
    ),
    name: str = typer.Option("", "--name", help="What it is for."),
    scope: list[str] = typer.Option([], "--scope", help="What it may do, such as acts:write; several times."),
    channel: str = typer.Option("", "--channel", "-c", help="The only channel that it is for."),
    days: int = typer.Option(0, "--days", min=0, help="After how many days it expires; 0: never."),
    as_json: bool = typer.Option(False, "--json", help="Tell the result as JSON."),
) -> None:
    """Make, list or revoke access tokens of the REST API. A new token's secret is told once, and only then.

    Example: `estime token make --name shop --scope acts:write --channel shop`
    """
    from estime.cli.installation import open_installation

    open_installation()
    if action is Action.MAKE:
        _make(owner, {"name": name, "scopes": scope, "channel": channel}, days, as_json)
    elif action is Action.LIST:
        _list(owner, as_json)
    else:
        _revoke(which)


def _make(owner: str, wish: dict[str, Any], days: int, as_json: bool) -> None:
    from estime.kernel.clock import now
    from estime.people.tokens import token_make

    expires = now() + timedelta(days=days) if days else None
    made, secret = token_make(_owner(owner), expires=expires, **wish)
    if as_json:
        emit_json({"number": made.pk, "name": made.name, "scopes": made.scopes.split(), "secret": secret})
        return
    say(f"Token {made.pk}, “{made.name}”: keep its secret now, it is not told again.")
    typer.echo(secret)


def _list(owner: str, as_json: bool) -> None:
    from estime.people.models import AccessToken

    tokens = AccessToken.objects.select_related("owner").order_by("pk")
    if owner:
        tokens = tokens.filter(owner=_owner(owner))
    told = [
        {
            "number": token.pk,
            "name": token.name,
            "start": token.start,
            "owner": token.owner.email,
            "scopes": token.scopes.split(),
            "channel": token.channel,
            "expires": token.expires,
            "last_used": token.last_used,
            "revoked": token.revoked,
        }
        for token in tokens
    ]
    if as_json:
        emit_json(told)
        return
    for each in told:
        state = "revoked" if each["revoked"] else f"last used {each['last_used'] or 'never'}"
        place = f" on {each['channel']}" if each["channel"] else ""
        typer.echo(
            f"{each['number']}  {each['start']}…  {each['name']}  ({each['owner']};"
            f" {' '.join(each['scopes'])}{place}; {state})"  # type: ignore[arg-type]
        )
    if not told:
        say("There are no tokens.")


def _revoke(which: str) -> None:
    from estime.people.models import AccessToken
    from estime.people.tokens import token_revoke

    found = AccessToken.objects.filter(pk=int(which)).first() if which.isascii() and which.isdigit() else None
    if found is None:
        raise UnknownToken("There is no such token.", todo="`estime token list` tells their numbers.")
    if token_revoke(found):
        say(f"Token {found.pk}, “{found.name}”, is revoked: it opens nothing any more.")
    else:
        say(f"Token {found.pk}, “{found.name}”, was revoked before.")


def _owner(email: str) -> Any:
    """Whose token it is. Without an address there has to be one administrator, and no choice."""
    from estime.people.api import UnknownPerson, administrators, person_find

    if email:
        found = person_find(email)
        if found is None:
            raise UnknownPerson("Nobody signs in with this address.", todo="Check --owner.")
        return found
    people = list(administrators()[:2])
    if len(people) != 1:
        raise UnknownPerson("It is not said whose token this is.", todo="Name them: --owner you@example.org.")
    return people[0]


def register(app: typer.Typer) -> None:
    app.command("token")(token)
