"""What somebody sees who opens an address that only takes a form.

A form that was sent with a mistake is shown again at the address it was sent to. Whoever keeps that address, or
changes the language there, asks for a page where there is none: they are led to the page that holds the form.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404, resolve


class FormsOnlyMiddleware:
    """Innermost: a page is rendered, so whoever asks is known by then. `rest` answers programs before this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if request.method != "GET" or not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(
            request, "web/405.html", {"above": page_above(request.path)}, status=HTTPStatus.METHOD_NOT_ALLOWED
        )
        page["Allow"] = response["Allow"]
        return page


def page_above(path: str) -> str:
    """The nearest address above that leads to something."""
    above = path
    while above != "/":
        above = above.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(above)
        except Resolver404:
            continue
        break
    return above
