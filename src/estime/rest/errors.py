"""What the API refuses, each with its HTTP status; `problems.py` tells it to the caller."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar

from estime.kernel.errors import EstimeError

_NOTHING: Mapping[str, str] = MappingProxyType({})


class RestError(EstimeError):
    """A request that is answered with a problem. `headers` go out with it."""

    code = "bad-request"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    headers: ClassVar[Mapping[str, str]] = _NOTHING

    def __init_subclass__(
        cls, *, code: str, status: int | None = None, headers: Mapping[str, str] = _NOTHING
    ) -> None:
        super().__init_subclass__()
        cls.code, cls.headers = code, headers
        cls.status = cls.status if status is None else status


class NotSignedIn(
    RestError, code="token-missing", status=401, headers={"WWW-Authenticate": 'Bearer realm="Estime"'}
):
    """No token was shown."""


class TokenUnknown(
    NotSignedIn,
    code="token-unknown",
    headers={"WWW-Authenticate": 'Bearer realm="Estime", error="invalid_token"'},
):
    """The token is not known, has expired or was revoked, or its owner may no longer sign in."""


class NotAllowed(RestError, code="not-allowed", status=403):
    """The token’s scopes or its owner’s role do not allow this."""


class ChannelNotAllowed(NotAllowed, code="channel-not-allowed"):
    """The token is for another channel."""


class NotThere(RestError, code="not-found", status=404):
    """There is nothing at this address, or nothing that this token may see."""


class BadCursor(NotThere, code="bad-cursor"):
    """No page begins there: the cursor was not given out by this installation, or for another question."""


class FiguresMoved(RestError, code="figures-moved", status=409):
    """The figures were computed anew between two pages."""


class KeyUsed(RestError, code="idempotency-key-used", status=422):
    """An `Idempotency-Key` came again with another request."""


class LengthNeeded(RestError, code="length-required", status=411):
    """The body does not say how long it is, and so was not read."""


class BodyTooLarge(RestError, code="body-too-large", status=413):
    """The body is larger than is taken, or becomes so when unpacked."""


class BodyUnreadable(RestError, code="body-unreadable"):
    """The body is not what its headers say: not JSON, not gzip, or cut short."""


class MediaTypeUnknown(RestError, code="media-type-unknown", status=415):
    """The body comes as something that is not read here."""


class Invalid(RestError, code="invalid", status=422):
    """The request can be read, but says something that makes no sense."""


class TooManyActs(Invalid, code="too-many-acts"):
    """A batch has more acts than are taken at once."""


class MessageRefused(RestError, code="message-refused"):
    """A message of a Segment library, sent alone, cannot be an act."""


class TooMany(RestError, code="too-many-requests", status=429):
    """More requests than are allowed in the time."""


class NotNow(RestError, code="not-now", status=503, headers={"Retry-After": "5"}):
    """The database is busy, full or away: the same request again, later, is safe."""
