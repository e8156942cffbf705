"""Answers as JSON; those to GET with an ETag: who has the newest already is told so in no words."""

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

JSON = "application/json"


def answer(
    request: HttpRequest, told: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    """What was asked for, or 304 when whoever reads has it. HEAD comes here as GET (`middleware.py`)."""
    raw = orjson.dumps(told, default=str)
    response: HttpResponse
    if request.method == "GET":
        etag = f'"{hashlib.sha256(raw).hexdigest()[:32]}"'
        known = parse_etags(request.headers.get("If-None-Match", ""))
        same = "*" in known or etag in [each.removeprefix("W/") for each in known]
        response = HttpResponseNotModified() if same else HttpResponse(raw, content_type=JSON)
        response["ETag"] = etag
    else:
        response = HttpResponse(raw, content_type=JSON, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response
