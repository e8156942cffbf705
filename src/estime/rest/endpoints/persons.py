"""Persons: who an account is and what it did. Every look is kept, for the person to see."""

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router

from estime.ledger import api as ledger
from estime.people import api as people
from estime.people.tokens import Bearer
from estime.rest import schemas
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.cursors import place_of
from estime.rest.endpoints.acts import acts_newest
from estime.rest.errors import NotThere
from estime.rest.filters import OfPerson
from estime.rest.reference import PAGED, problems

router = Router(tags=["persons"])
_MOST_KEY = (1 << 63) - 1


@router.post(
    "/persons/find",
    auth=Token("persons:read"),
    response={200: schemas.Found, **problems(400, 401, 403, 404, 413, 429, 503)},
    operation_id="persons_find",
    summary="Find a person by handle",
)
def persons_find(request: HttpRequest, wish: Body[schemas.Wish]) -> HttpResponse:
    """The key of the account of a handle on a channel. A POST, so that the handle is in no address and no log."""
    bearer = bearer_here(request)
    reached(bearer, wish.channel)
    found = ledger.account_keys([(wish.channel, wish.handle)])
    if not found:
        raise _nobody()
    return answer(request, {"account": str(found[0][1]), "channel": wish.channel})


@router.get(
    "/persons/{account}",
    auth=Token("persons:read"),
    response={200: schemas.Account, **problems(401, 403, 404, 429, 503)},
    operation_id="persons_get",
    summary="Get a person",
)
def persons_get(request: HttpRequest, account: str) -> HttpResponse:
    """Who an account is, and how many acts of which type it did. The look is recorded."""
    bearer = bearer_here(request)
    found = _looked_at(bearer, account)
    return answer(
        request,
        {
            "account": str(found.key),
            "channel": found.channel,
            "handle": found.handle,
            "recorded": found.recorded,
            "acts": ledger.OfAccount(found.key).types(),
            "first_act": found.first,
            "last_act": found.last,
        },
    )


@router.get(
    "/persons/{account}/acts",
    auth=Token("persons:read", "acts:read"),
    response={200: schemas.Acts, **problems(401, 403, 404, 429, 503)},
    operation_id="persons_acts",
    summary="List a person’s acts",
    openapi_extra=PAGED,
)
def persons_acts(request: HttpRequest, account: str, asked: Query[OfPerson]) -> HttpResponse:
    """What a person did, the last first. Needs the scope acts:read as well. The look is recorded."""
    bearer = bearer_here(request)
    question = ["persons", account]
    at = place_of(question, asked.cursor) if asked.cursor else None
    found = _looked_at(bearer, account)
    return acts_newest(request, ledger.ActFilter(account=found.key), asked.limit, question, at)


def _looked_at(bearer: Bearer, account: str) -> ledger.AccountCard:
    """The account, after keeping who looked at it. Raises `NotThere`."""
    if not (account.isascii() and account.isdigit() and len(account) < 20 and int(account) <= _MOST_KEY):
        raise _nobody()
    found = ledger.account_card(int(account))
    if found is None or not bearer.reaches(found.channel):
        raise _nobody()
    if found.handle is not None:
        people.look_record(bearer.owner, found.key, "rest")
    return found


def _nobody() -> NotThere:
    return NotThere(
        "There is no such account that this token may see.", todo="Check the channel and the key."
    )
