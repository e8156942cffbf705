"""Channels, and the token itself: what every token may ask."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from estime.ledger import api as ledger
from estime.rest import schemas
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here
from estime.rest.errors import NotAllowed
from estime.rest.reference import problems

router = Router(tags=["about"])


@router.get(
    "/channels",
    auth=Token(),
    response={200: schemas.Channels, **problems(401, 403, 429, 503)},
    operation_id="channels_list",
    summary="List channels",
)
def channels_list(request: HttpRequest) -> HttpResponse:
    """The channels that this token is for. Any scope will do; the owner’s role has to see channels."""
    bearer = bearer_here(request)
    if not bearer.holds("channels.see"):
        raise NotAllowed(
            "The role of this token’s owner does not see channels.", todo="Ask an administrator."
        )
    told = [
        {"name": c.name, "title": c.title, "format": c.format, "attribution": c.attribution}
        for c in ledger.channels()
        if bearer.reaches(c.name)
    ]
    return answer(request, {"channels": told})


@router.get(
    "/me",
    auth=Token(),
    response={200: schemas.Me, **problems(401, 429, 503)},
    operation_id="me",
    summary="Get this token",
)
def me(request: HttpRequest) -> HttpResponse:
    """What the token that asks is for."""
    bearer = bearer_here(request)
    scopes = sorted(bearer.scopes)
    told = {
        "name": bearer.name,
        "scopes": scopes,
        "allowed": [scope for scope in scopes if bearer.may(scope)],
        "role": bearer.role,
        "channel": bearer.channel or None,
    }
    return answer(request, told)
