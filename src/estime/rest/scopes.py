"""Of what a request asks: one channel, or all together. A token that is for one channel asks of that one."""

from typing import Final

from django.http import HttpRequest

from estime.ledger import api as ledger
from estime.rest.auth import bearer_here, reached
from estime.rest.errors import NotThere

ALL: Final = "*"


def scope_asked(request: HttpRequest, asked: str | None) -> str:
    """A channel or `*`, where the token reaches it. Raises `ChannelNotAllowed`."""
    bearer = bearer_here(request)
    return reached(bearer, asked or bearer.channel or ALL)


def channel_asked(request: HttpRequest, asked: str | None) -> tuple[str, int]:
    """The same, with the channel's number (0 for all). Raises `NotThere` for a channel that is none."""
    scope = scope_asked(request, asked)
    if scope == ALL:
        return scope, 0
    known = ledger.channel_formats().get(scope)
    if known is None:
        raise NotThere("There is no such channel.", todo="GET /api/v1/channels lists those there are.")
    return scope, known[0]
