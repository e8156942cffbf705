"""What the API refuses, each with its HTTP status; `problems.py` tells it to the caller."""

from http import HTTPStatus
from typing import ClassVar

from estime.kernel.errors import EstimeError


class RestError(EstimeError):
    """A request that is answered with a problem. `headers` go out with it."""

    code = "bad-request"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    headers: ClassVar[dict[str, str]] = {}


class NotSignedIn(RestError):
    """No token was shown, or none that holds."""

    code = "token-missing"
    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="Estime"'}


class TokenUnknown(NotSignedIn):
    """The token is not known, has expired or was revoked, or its owner may no longer sign in."""

    code = "token-unknown"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="Estime", error="invalid_token"'}


class NotAllowed(RestError):
    """The token’s scopes or its owner’s role do not allow this."""

    code = "not-allowed"
    status = HTTPStatus.FORBIDDEN


class ChannelNotAllowed(NotAllowed):
    """The token is for another channel."""

    code = "channel-not-allowed"


class NotThere(RestError):
    """There is nothing at this address, or nothing that this token may see."""

    code = "not-found"
    status = HTTPStatus.NOT_FOUND


class BodyTooLarge(RestError):
    """The body is larger than is taken, or becomes so when unpacked."""

    code = "body-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BodyUnreadable(RestError):
    """The body is not what its headers say: not JSON, not gzip, or cut short."""

    code = "body-unreadable"


class MediaTypeUnknown(RestError):
    """The body comes as something that is not read here."""

    code = "media-type-unknown"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Invalid(RestError):
    """The request can be read, but says something that makes no sense."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyActs(Invalid):
    """A batch has more acts than are taken at once."""

    code = "too-many-acts"


class BadCursor(NotThere):
    """No page begins there: the cursor was not given out by this installation, or for another question."""

    code = "bad-cursor"


class FiguresMoved(RestError):
    """The figures were computed anew between two pages."""

    code = "figures-moved"
    status = HTTPStatus.CONFLICT


class TooMany(RestError):
    """More requests than are allowed in the time."""

    code = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS


class NotNow(RestError):
    """The database is busy, full or away: the same request again, later, is safe."""

    code = "not-now"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}
