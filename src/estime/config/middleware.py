"""Around every request: its id, its line in the log, its time in the metrics. And the probes, which need no more."""

import logging
import re
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from estime.config.health import health, ready
from estime.config.logs import REQUEST
from estime.config.metrics import count_request, metrics

Respond = Callable[[HttpRequest], HttpResponseBase]

WELL_FORMED: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
"""What nginx ($request_id) and Caddy ({http.request.uuid}) make: random, and with no room for anything else."""
METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
PROBES: Final = {"/health": health, "/ready": ready, "/metrics": metrics}

_LOG = logging.getLogger("estime.requests")


class RequestMiddleware:
    """The outermost one: what it measures is all there is."""

    def __init__(self, get_response: Respond) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        number = _id_of(request)
        request.number = number  # type: ignore[attr-defined]  # told in the API’s problems
        before = REQUEST.set(number)
        try:
            response = self._get_response(request)
            seconds = time.perf_counter() - began
            response["X-Request-ID"] = number
            view, route = place_of(request)
            method = request.method if request.method in METHODS else "OTHER"
            count_request(view, str(method), response.status_code, seconds)
            _write(request, view, route, str(method), response.status_code, seconds)
        finally:
            REQUEST.reset(before)
        return response


class ProbeMiddleware:
    """Answers the machines that watch over us. They ask by address, so the host they name does not matter."""

    def __init__(self, get_response: Respond) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        return self._get_response(request) if probe is None else probe(request)


def _id_of(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given.lower() if WELL_FORMED.fullmatch(given) else uuid4().hex


def place_of(request: HttpRequest) -> tuple[str, str]:
    """Name and pattern of the view that was asked for; never the path itself, which may hold anything."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed", match.route
    if request.path_info in PROBES:
        return request.path_info[1:], request.path_info[1:]
    if request.path_info.startswith(settings.STATIC_URL):
        return "static", ""
    return "none", ""


def _write(request: HttpRequest, view: str, route: str, method: str, status: int, seconds: float) -> None:
    quiet = view in ("health", "ready", "metrics", "static") and status < 400
    level = logging.DEBUG if quiet else logging.INFO
    if _LOG.isEnabledFor(level):
        fields = {
            "method": method,
            "view": view,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "role": _role_of(request),
        }
        _LOG.log(level, "request", extra={"fields": fields})


def _role_of(request: HttpRequest) -> str:
    """The role of whoever asked, if the answer needed to know: it is not asked for the log."""
    return getattr(getattr(request, "_cached_user", None), "role", "")
