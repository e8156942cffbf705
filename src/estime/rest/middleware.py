"""What every answer of the API has in common: no caching by others, problems instead of pages.

It stands near the outside, so that what other middleware refuses (an unknown host, a body too large) is told as a
problem too. Addresses of pages pass through untouched.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from estime.rest.problems import MEDIA_TYPE, problem_of_status

PLACES = ("/api/", "/v1/")
_KEPT = ("Allow", "WWW-Authenticate", "Retry-After")


class RestMiddleware:
    """Sees only what is asked below /api/ and /v1/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PLACES):
            return self._get_response(request)
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        answer = self._get_response(request)
        if answer.status_code >= 400 and not _is_problem(answer):
            answer = _as_problem(request, answer)
        if asked == "HEAD":
            request.method = "HEAD"
            answer = _without_body(answer)
        _finish(request, answer)
        return answer


def _is_problem(answer: HttpResponse) -> bool:
    return answer.get("Content-Type", "").startswith((MEDIA_TYPE, "application/json"))


def _as_problem(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    told = problem_of_status(request, answer.status_code)
    for name in _KEPT:
        if name in answer:
            told[name] = answer[name]
    return told


def _without_body(answer: HttpResponse) -> HttpResponse:
    """What HEAD is answered: everything about it but itself."""
    if not answer.streaming:
        answer["Content-Length"] = str(len(answer.content))
        answer.content = b""
        return answer
    answer.close()
    return HttpResponse(status=answer.status_code, headers=dict(answer.items()))


def _finish(request: HttpRequest, answer: HttpResponse) -> None:
    if answer.status_code == HTTPStatus.NOT_MODIFIED:
        del answer["Content-Length"]  # it would be that of the answer that is not sent (RFC 9110, 8.6)
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer["Vary"] = "Authorization, Accept-Language"
    taken = getattr(request, "rest_limit", None)
    if taken is not None:
        for name, value in taken.headers().items():
            answer[name] = value
