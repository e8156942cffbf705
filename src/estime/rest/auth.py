"""Who asks: a token in the header Authorization, and nothing else. Cookies are not looked at, so no other site can
make a browser ask in somebody’s name.
"""

import base64
import binascii
import ipaddress
import math
from typing import Any, Final, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from estime.kernel.configuration import configuration
from estime.people.tokens import Bearer, token_find
from estime.rest.errors import ChannelNotAllowed, NotAllowed, NotSignedIn, TokenUnknown, TooMany
from estime.rest.limits import ALLOWANCES, Limit, Taken

STRANGER: Final = Bearer(0, 0, "", frozenset(), "", "")
"""Whoever shows no token, where what is public can be read without one."""


class Token(HttpBearer):
    """`Authorization: Bearer est_…`, with the scopes that the token has to have: none, and every token may ask.

    `strangers`: whoever sends no such header may ask too, so many times a minute from one address.
    """

    openapi_bearerFormat = "est_ and 38 letters and digits"
    openapi_description = "An access token, made on the page “Access tokens” or by `estime token make`."

    def __init__(self, *scopes: str, writes: bool = False, strangers: bool = False) -> None:
        super().__init__()
        self.scopes = scopes
        self.writes = writes
        self.strangers = strangers

    def __call__(self, request: HttpRequest) -> Any:
        if self.strangers and "Authorization" not in request.headers:
            count_stranger(request)
            return STRANGER
        return self.authenticate(request, bearer_secret(request))

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Raises `NotSignedIn`, `NotAllowed` or `TooMany`."""
        bearer = bearer_of(request, token)
        count(request, bearer, writes=self.writes)
        for scope in self.scopes:
            if not bearer.may(scope):
                raise refusal(bearer, scope)
        return bearer


def bearer_here(request: HttpRequest) -> Bearer:
    """Who asks, in an endpoint that has a `Token`."""
    return cast(Bearer, request.auth)  # type: ignore[attr-defined]  # put there by ninja


def bearer_of(request: HttpRequest, secret: str) -> Bearer:
    """Who shows this secret. An address that shows wrong ones too often is not listened to for a while."""
    if not secret:
        raise NotSignedIn("No access token was sent.", todo="Send the header “Authorization: Bearer est_…”.")
    limit = Limit("failed-sign-ins", configuration().rest.failures_per_minute)
    address = request.META.get("REMOTE_ADDR", "")
    wait = ALLOWANCES.spent(limit, address)
    if wait > 0:
        raise _too_many("Too many requests with a wrong token came from this address.", wait, {})
    bearer = token_find(secret)
    if bearer is not None:
        return bearer
    ALLOWANCES.take(limit, address)
    raise TokenUnknown(
        "The access token is not known, has expired or was revoked.",
        todo="Make a new one on the page “Access tokens”, or with `estime token make`.",
    )


def count(request: HttpRequest, bearer: Bearer, *, writes: bool) -> None:
    """Take this request out of the token’s allowance. Raises `TooMany`."""
    rest = configuration().rest
    limit = Limit("writes", rest.writes_per_minute) if writes else Limit("reads", rest.reads_per_minute)
    _take(request, limit, str(bearer.token), "This token has made as many requests as it may in a minute.")


def count_stranger(request: HttpRequest) -> None:
    """Take this request out of its address’s allowance. Raises `TooMany`."""
    limit = Limit("strangers", configuration().rest.strangers_per_minute)
    told = "This address has made as many requests without a token as it may in a minute."
    _take(request, limit, block_of(request.META.get("REMOTE_ADDR", "")), told)


def block_of(address: str) -> str:
    """What one household has of addresses: one of the old ones, 64 bits of the new."""
    try:
        whole = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((whole, 64), strict=False)) if whole.version == 6 else address


def _take(request: HttpRequest, limit: Limit, key: str, told: str) -> None:
    taken = ALLOWANCES.take(limit, key)
    request.rest_limit = taken  # type: ignore[attr-defined]  # told in the answer by the middleware
    if taken.wait:
        raise _too_many(told, taken.wait, taken)


def _too_many(told: str, wait: float, taken: Taken | dict[str, str]) -> TooMany:
    headers = taken.headers() if isinstance(taken, Taken) else taken
    seconds = max(1, math.ceil(wait))
    return TooMany(told, todo=f"Wait {seconds} seconds.", headers={**headers, "Retry-After": str(seconds)})


def refusal(bearer: Bearer, scope: str) -> NotAllowed:
    """Which of the two is lacking: the scope, or the owner’s role."""
    if scope not in bearer.scopes:
        return NotAllowed(
            f"This token does not have the scope {scope}.", todo="Make one that has it.", scope=scope
        )
    return NotAllowed(
        f"The role of this token’s owner does not allow {scope}.", todo="Ask an administrator.", scope=scope
    )


def reached(bearer: Bearer, channel: str) -> str:
    """The channel, if the token is for it. Raises `ChannelNotAllowed`."""
    if not bearer.reaches(channel):
        raise ChannelNotAllowed(
            f"This token is for the channel {bearer.channel} only.", todo="Use a token for this channel."
        )
    return channel


def bearer_secret(request: HttpRequest) -> str:
    """The secret of `Authorization: Bearer`; else empty."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def basic_user(request: HttpRequest) -> str:
    """The user name of `Authorization: Basic`, where Segment’s libraries put the write key; else empty."""
    kind, _space, packed = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(packed.strip(), validate=True).decode("utf-8").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
