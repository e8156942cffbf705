"""Which HTTP status a refusal of co-creation is, by its code. A test holds this to docs/errors.md."""

from http import HTTPStatus
from typing import Final

NOT_FOUND, NOT_ALLOWED, CONFLICT = HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT
UNCLEAR, LATER = HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS
TOO_LARGE, NO_SUCH_KIND = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE
BUSY = HTTPStatus.SERVICE_UNAVAILABLE

STATUSES: Final = {
    "not-found-here": NOT_FOUND,
    "not-allowed-here": NOT_ALLOWED,
    "not-possible-now": CONFLICT,
    "space-unknown": NOT_FOUND,
    "challenge-unknown": NOT_FOUND,
    "deal-not-accepted": CONFLICT,
    "words-missing": UNCLEAR,
    "words-too-many": UNCLEAR,
    "changed-meanwhile": CONFLICT,
    "slow-down": LATER,
    "links-many": UNCLEAR,
    "said-already": CONFLICT,
    "taken-already": CONFLICT,
    "rules-locked": CONFLICT,
    "challenge-not-ready": CONFLICT,
    "calendar-wrong": UNCLEAR,
    "vote-rules-invalid": UNCLEAR,
    "vote-not-open": CONFLICT,
    "vote-over": CONFLICT,
    "not-eligible": NOT_ALLOWED,
    "ballot-invalid": UNCLEAR,
    "picture-too-large": TOO_LARGE,
    "picture-too-many-pixels": TOO_LARGE,
    "picture-unknown": NO_SUCH_KIND,
    "picture-broken": UNCLEAR,
    "picture-too-heavy": UNCLEAR,
    "pictures-busy": BUSY,
    "picture-gone": NOT_FOUND,
    "file-too-large": TOO_LARGE,
    "file-unknown": NO_SUCH_KIND,
    "file-broken": UNCLEAR,
    "archive-refused": UNCLEAR,
    "film-tells-place": UNCLEAR,
    "file-gone": NOT_FOUND,
    "storage-full": BUSY,
    "last-administrator": CONFLICT,
    "unknown-person": NOT_FOUND,
}
OURS: Final = frozenset(("ballots-altered", "digests-undelivered"))
"""Nothing that a caller could mend: told as 500, and written into the log."""
