"""What was made for somebody who has a session is kept by nobody: no proxy, no browser's disk.

Views of our own say how long an answer may be kept. Those of allauth do not all, though one of them shows the key of an
authenticator app; pages of refusal and of errors cannot.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PrivateMiddleware:
    """Stands inside of SessionMiddleware, and around everything that reads a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        session = request.session
        if not response.has_header("Cache-Control") and session.accessed and not session.is_empty():
            response["Cache-Control"] = "private, no-store"
        return response
