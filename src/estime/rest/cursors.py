"""Cursors: where the next page begins, signed, and good for the question they were given out for only."""

import hashlib
from typing import Any

import orjson
from django.core.signing import BadSignature, Signer

from estime.rest.errors import BadCursor

_SIGNER = "estime.rest.cursor"


def cursor_of(question: object, place: Any) -> str:
    """A cursor as text; opaque for whoever gets it."""
    return Signer(salt=_SIGNER).sign_object([_digest(question), place], compress=True)


def place_of(question: object, cursor: str) -> Any:
    """The place that a cursor stands for. Raises `BadCursor`."""
    try:
        digest, place = Signer(salt=_SIGNER).unsign_object(cursor)
    except (BadSignature, ValueError, TypeError) as error:
        raise _bad() from error
    if digest != _digest(question):
        raise BadCursor(
            "This cursor belongs to another question.",
            todo="Ask with the same parameters as for the page before.",
        )
    return place


def _bad() -> BadCursor:
    return BadCursor(
        "This is no cursor of this installation.", todo="Leave it out to begin with the first page."
    )


def _digest(question: object) -> str:
    return hashlib.sha256(orjson.dumps(question, default=str, option=orjson.OPT_NON_STR_KEYS)).hexdigest()[
        :12
    ]
