"""Making something once, however often a request is sent: `Idempotency-Key`, honoured for a day.

1. The key is claimed, the thing made and its number noted in one transaction: after a fall either all of it is there or
   nothing. Whoever sends the same at the same moment waits for the first and is answered with what that made.
2. What was refused leaves no trace: the same key may be sent again once the request is mended.
3. A key that comes with another request is refused: it is a mistake of whoever sends it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from estime.kernel.clock import now
from estime.rest.answers import answer
from estime.rest.auth import bearer_here
from estime.rest.errors import Invalid, KeyUsed
from estime.rest.models import Made

KEPT: Final = timedelta(days=1)
HEADER: Final = "Idempotency-Key"
_SALT: Final = "estime.rest.once"
Make = Callable[[], int | UUID | str]
Tell = Callable[[str], Any]


def made(
    request: HttpRequest, make: Make, tell: Tell, *, said: bytes | None = None, held: bool = True
) -> HttpResponse:
    """Make something and tell of it, as 201; sent again under the same key, tell of what was made then.

    `said`: what the request says, where its body was read already. `held`: in one transaction; not so for what takes
    long to be taken in, where a fall may leave one that nobody refers to.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer(request, tell(str(make())), status=201)
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key):
        raise Invalid(
            "This is no idempotency key.", todo="Use up to 255 letters, digits and signs without spaces."
        )
    Made.objects.filter(at__lt=now() - KEPT).delete()
    claim = Made(
        owner=bearer_here(request).owner,
        key=_hashed(key.encode()),
        digest=_hashed(f"{request.method} {request.path}\n".encode(), request.body if said is None else said),
        at=now(),
    )
    number, again = _made_held(claim, make) if held else _made_loose(claim, make)
    headers = {"Idempotency-Replayed": "true"} if again else {}
    return answer(request, tell(number), status=201, headers=headers)


def _made_held(claim: Made, make: Make) -> tuple[str, bool]:
    with transaction.atomic():
        Made.objects.bulk_create([claim], ignore_conflicts=True)  # waits for whoever claims it at this moment
        known = _known(claim)
        if known.number:
            return known.number, True
        number = str(make())
        Made.objects.filter(pk=known.pk).update(number=number)
    return number, False


def _made_loose(claim: Made, make: Make) -> tuple[str, bool]:
    known = Made.objects.filter(owner=claim.owner, key=claim.key).first()
    if known is not None:
        return _same(known, claim).number, True
    claim.number = str(make())
    Made.objects.bulk_create([claim], ignore_conflicts=True)
    return _known(claim).number, False


def _known(claim: Made) -> Made:
    return _same(Made.objects.get(owner=claim.owner, key=claim.key), claim)


def _same(known: Made, claim: Made) -> Made:
    if known.digest != claim.digest:
        raise KeyUsed(
            "This idempotency key was sent with another request before.",
            todo="Make up a new key for each thing to be made.",
        )
    return known


def _hashed(*parts: bytes) -> str:
    return salted_hmac(_SALT, b"".join(parts), algorithm="sha256").hexdigest()
