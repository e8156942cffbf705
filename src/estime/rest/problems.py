"""Every refusal as a problem of RFC 9457: what is wrong, its stable code, and what to do next.

`type` is an address on this very installation (`/errors#CODE`): there the code is explained.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from estime.channels import errors as channels
from estime.channels.challenges import choosing as challenges
from estime.engagement import api as engagement
from estime.kernel.errors import EstimeError, disk_full
from estime.ledger.errors import BadChannelName, UnknownAccount
from estime.listening.search_errors import SearchInvalid, SearchUnknown
from estime.listening.survey_errors import AnswerInvalid, NotAsked
from estime.rest.errors import Invalid, NotNow, RestError
from estime.rest.statuses import STATUSES

MEDIA_TYPE = "application/problem+json"
LOGGER = logging.getLogger("estime.rest")

_STATUS_OF = {
    BadChannelName: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.EncodingUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.FormatUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.MappingInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    challenges.StateUnclear: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.TimeInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.TimezoneUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownAccount: HTTPStatus.NOT_FOUND,
    NotAsked: HTTPStatus.NOT_FOUND,
    SearchUnknown: HTTPStatus.NOT_FOUND,
    SearchInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    engagement.ReadingNotFound: HTTPStatus.NOT_FOUND,
    engagement.ContestRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    AnswerInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    channels.UploadGone: HTTPStatus.NOT_FOUND,
}
"""Errors of other parts that are the caller’s to mend; all others are ours."""

_OF_STATUS: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be read.", "Check address, headers and body."),
    403: ("not-allowed", "This is not allowed.", "Ask whoever runs this installation."),
    404: ("not-found", "There is nothing at this address.", "See /api/v1/openapi.json for what there is."),
    405: ("method-not-allowed", "This address does not take this method.", "The header Allow names those it takes."),
    413: ("body-too-large", "The body is too large.", "Send it in parts."),
    415: ("media-type-unknown", "The body comes as something that is not read here.", "Send JSON."),
    500: ("went-wrong", "Something went wrong.", "Try again; else tell whoever runs this the request id."),
    503: ("not-now", "This cannot be answered now.", "Send the same again a little later; nothing is doubled."),
}  # fmt: skip


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    todo: str = "",
    *,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A problem as an answer."""
    told: dict[str, Any] = {
        "type": f"/errors#{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        "todo": todo,
    }
    if errors is not None:
        told["errors"] = errors
    if data:
        told["data"] = dict(data)
    request_id = getattr(request, "number", "")  # config/middleware.py
    if request_id:
        told["request_id"] = request_id
    answer = HttpResponse(orjson.dumps(told, default=str), status=status, content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def problem_of(request: HttpRequest, error: EstimeError) -> HttpResponse:
    """The problem that a typed error is."""
    if isinstance(error, RestError):
        told = {**error.headers, **error.data.get("headers", {})}  # type: ignore[dict-item]
        return problem(
            request,
            error.status,
            error.code,
            error.message,
            error.todo,
            errors=error.data.get("errors"),  # type: ignore[arg-type]
            headers=told,
        )
    if error.code in STATUSES:
        return _problem_here(request, error)
    status = next((s for kind, s in _STATUS_OF.items() if isinstance(error, kind)), None)
    if status is None:
        LOGGER.error("an answer of the API failed", exc_info=error)
        return problem_of_status(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(request, status, error.code, error.message, error.todo)


def _problem_here(request: HttpRequest, error: EstimeError) -> HttpResponse:
    """A refusal of co-creation, with what it says of itself: the field it is about, when to come back."""
    field, seconds = error.data.get("field"), error.data.get("seconds")
    errors = [{"at": str(field), "message": str(error.message)}] if field else None
    status = STATUSES[error.code]
    headers = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(max(1, seconds if isinstance(seconds, int) else 60))
    return problem(
        request, status, error.code, str(error.message), str(error.todo), errors=errors, headers=headers,
        data=error.data,
    )  # fmt: skip


def problem_of_status(request: HttpRequest, status: int) -> HttpResponse:
    """The problem behind an answer that says nothing but its status."""
    told = _OF_STATUS.get(status) or _OF_STATUS[400 if status < 500 else 500]
    return problem(request, status, *told)


def problem_of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong with the parameters, each named by its place."""
    errors = [
        {"at": ".".join(str(part) for part in each["loc"]), "message": str(each["msg"])}
        for each in error.errors
    ]
    places = ", ".join(each["at"] for each in errors)
    told = Invalid(f"This cannot be understood: {places}.", todo="See the documentation.", errors=errors)
    return problem_of(request, told)


def problem_of_exception(request: HttpRequest, error: Exception) -> HttpResponse:
    """Whatever else happens: a database that is busy or full can be asked again, anything else is our mistake."""
    if isinstance(error, RequestDataTooBig):
        return problem_of_status(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    full = isinstance(error, OSError) and disk_full(error)
    if full or (isinstance(error, DatabaseError) and not isinstance(error, IntegrityError)):
        LOGGER.error("nothing could be stored or read", exc_info=error)
        why = "The disk is full." if disk_full(error) else "The database is busy or away."
        return problem_of(request, NotNow(why, todo=_OF_STATUS[503][2]))
    LOGGER.error("an answer of the API failed", exc_info=error)
    return problem_of_status(request, HTTPStatus.INTERNAL_SERVER_ERROR)
