"""What is too much: deeds in a short time, and numbers in addresses.

What somebody sees who did too much in too short a time, where a page does not say so itself: 429, and until when.

The innermost place where an error of a view is seen; forms that keep what was typed answer it themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from estime.cocreation.api import SlowDown

_LARGEST: Final = (1 << 63) - 1


class TooMuchMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> None:
        """A number that no row has is not found: databases refuse it with an error of their own."""
        if any(isinstance(value, int) and value > _LARGEST for value in kwargs.values()):
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for `SlowDown`; every other error is somebody else's."""
        if not isinstance(exception, SlowDown):
            return None
        shown = {"error": exception}
        page = render(request, "cocreation/slow-down.html", shown, using="jinja2", status=429)
        page["Retry-After"] = str(max(1, int(str(exception.data.get("seconds") or 1))))
        return page
