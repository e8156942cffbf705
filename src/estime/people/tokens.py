"""Access tokens of the REST API: made, found, revoked. What a token may do is asked anew with every request.

A secret is `est_`, 32 random letters and digits, and six that are their checksum: programs that look for leaked
secrets know it by its form. It is told once; the database keeps its SHA-256. A token may do what its scopes name, as
far as its owner's role allows it today, while its owner is active, on its channel if it is bound to one, and until it
expires or is revoked: nothing of that is kept in memory, so each takes effect with the next request.
"""

import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from estime.kernel.clock import now
from estime.kernel.errors import EstimeError
from estime.people.models import AccessToken, Deed, User
from estime.people.names import name_clean
from estime.people.roles import role_may
from estime.people.trail import Told, trail_record

SCOPES: Final = {
    "acts:write": "acts.write",
    "acts:read": "acts.see",
    "persons:read": "persons.see",
    "figures:read": "figures.see",
    "readouts:read": "figures.see",
    "spaces:read": "space.take_part",
    "spaces:write": "space.take_part",
    "votes:cast": "space.take_part",
    "spaces:lead": "space.take_part",
    "spaces:moderate": "moderation.act",
    "surveys:read": "survey.see",
    "listening:read": "listening.see",
    "listening:write": "listening.see",
    "affect:read": "listening.see",
    "me:leave": "me.own",
}
"""Every scope, and the permission of `roles.py` that its owner has to hold as well."""

PREFIX: Final = "est_"
LEAVING: Final = "me:leave"
"""The scope that ends everything: on the page it is given to whoever has just shown who they are."""
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 32, 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")
_CHANNEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})?")
USED_EVERY: Final = timedelta(minutes=1)
"""`last_used` is written at most this often."""
MOST_PER_OWNER: Final = 50


class TokenRefused(EstimeError):
    """A token cannot be made as it was asked for."""

    code = "token-refused"


class Bearer(NamedTuple):
    """Whoever shows a token that holds: its owner, and what the token narrows them to."""

    token: int
    owner: int
    role: str
    scopes: frozenset[str]
    channel: str
    name: str

    def may(self, scope: str) -> bool:
        """Whether both the token and its owner's role allow this."""
        return scope in self.scopes and role_may(self.role, SCOPES[scope])

    def holds(self, permission: str) -> bool:
        """Whether the owner's role has a permission that no scope stands for."""
        return role_may(self.role, permission)

    def reaches(self, channel: str) -> bool:
        """Whether the token is for this channel, or for all."""
        return not self.channel or channel == self.channel


@transaction.atomic
def token_make(
    owner: User,
    name: str,
    scopes: Iterable[str],
    *,
    channel: str = "",
    expires: datetime | None = None,
    by: User | None = None,
) -> tuple[AccessToken, str]:
    """A new token and its secret, which nobody can be told again. Raises `TokenRefused`.

    `by`: who makes it on a page; None for a command on the machine.
    """
    wanted = sorted(set(scopes))
    name = name_clean(name)
    check_token(owner, name, wanted, channel, expires)
    secret = _secret()
    made = AccessToken.objects.create(
        owner=owner,
        name=name,
        start=secret[: len(PREFIX) + 4],
        digest=_digest(secret),
        scopes=" ".join(wanted),
        channel=channel,
        expires=expires,
    )
    told = {"token": made.pk, "name": name, "scopes": wanted, "channel": channel}
    trail_record(Deed.TOKEN_MADE, by, Told(owner), **told)
    return made, secret


def check_token(owner: User, name: str, scopes: list[str], channel: str, expires: datetime | None) -> None:
    """Raises `TokenRefused` if a token like this cannot be made."""
    if not owner.may("tokens.own"):
        raise TokenRefused("This person may not have tokens.", todo="Their role decides: see docs/roles.md.")
    if not name or len(name) > 100:
        raise TokenRefused("A token needs a name of up to 100 characters.", todo="Say what it is for.")
    strange = [scope for scope in scopes if scope not in SCOPES]
    if strange or not scopes:
        told = f"There is no scope “{strange[0][:40]}”." if strange else "A token needs at least one scope."
        raise TokenRefused(told, todo=f"Choose among {', '.join(SCOPES)}.")
    beyond = [scope for scope in scopes if not owner.may(SCOPES[scope])]
    if beyond:
        raise TokenRefused(f"The owner’s role does not allow {beyond[0]}.", todo="Leave it out.")
    if not _CHANNEL.fullmatch(channel):
        raise TokenRefused("This cannot be the name of a channel.", todo="Use letters, digits, “-” and “_”.")
    if expires is not None and expires <= now():
        raise TokenRefused("The token would have expired already.", todo="Choose a day in the future.")
    if AccessToken.objects.filter(owner=owner).filter(_living()).count() >= MOST_PER_OWNER:
        raise TokenRefused(f"Nobody has more than {MOST_PER_OWNER} tokens.", todo="Revoke one first.")


def token_find(secret: str) -> Bearer | None:
    """Who shows this secret; None if it is unknown, expired or revoked, or its owner may no longer sign in.

    Looked up by its digest: how long that takes says nothing about the secret.
    """
    if not well_formed(secret):
        return None
    at = now()
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.id, u.id, u.role, t.scopes, t.channel, t.name,
             CASE WHEN t.last_used IS NULL OR t.last_used < %s THEN 1 ELSE 0 END
            FROM people_accesstoken t JOIN people_user u ON u.id = t.owner_id
            WHERE t.digest = %s AND t.revoked IS NULL AND (t.expires IS NULL OR t.expires > %s) AND u.is_active
            """,
            [moment(at - USED_EVERY), _digest(secret), moment(at)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    token, owner, role, scopes, channel, name, unnoted = row
    if unnoted:
        _note_use(token, at)
    return Bearer(token, owner, role, frozenset(scopes.split()), channel, name)


def _note_use(token: int, at: datetime) -> None:
    """That it was used is worth a note once a minute, and never worth a refused request."""
    unnoted = Q(last_used=None) | Q(last_used__lt=at - USED_EVERY)
    try:
        AccessToken.objects.filter(unnoted, pk=token).update(last_used=at)
    except DatabaseError:
        return


def tokens_seen_by(viewer: User) -> QuerySet[AccessToken]:
    """One's own tokens, newest first; administrators see everybody's."""
    found = AccessToken.objects.select_related("owner").order_by("-pk")
    return found if viewer.may("staff.manage") else found.filter(owner=viewer)


@transaction.atomic
def token_revoke(token: AccessToken, by: User | None = None) -> bool:
    """Make a token useless from now on; returns whether it was not before."""
    fresh = AccessToken.objects.filter(pk=token.pk, revoked=None).update(revoked=now()) == 1
    if fresh:
        trail_record(Deed.TOKEN_REVOKED, by, Told(token.owner), token=token.pk, name=token.name)
    return fresh


def well_formed(secret: str) -> bool:
    """Whether a text has the form of a secret, checksum included."""
    if not _FORM.fullmatch(secret):
        return False
    body = secret[len(PREFIX) : -_CHECK]
    return hmac.compare_digest(_checksum(body), secret[-_CHECK:])


def _living() -> Q:
    return Q(revoked=None) & (Q(expires=None) | Q(expires__gt=now()))


def _secret() -> str:
    body = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM))
    return PREFIX + body + _checksum(body)


def _checksum(body: str) -> str:
    """CRC-32 in base 62, as GitHub's and npm's tokens carry it."""
    number, signs = binascii.crc32(body.encode("ascii")), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, 62)
        signs = _SIGNS[digit] + signs
    return signs


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
