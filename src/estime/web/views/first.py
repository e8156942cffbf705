"""An empty installation: what whoever is looking can do first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from estime.web.frame import may, viewer


def first(request: HttpRequest) -> HttpResponse:
    """Somebody who may import is shown how; the brand's other people, who will; a stranger, where to sign in."""
    context = {
        "may_import": may(request, "channels.import"),
        "brand_person": may(request, "figures.see"),
        "stranger": viewer(request) is None,
        "upload": _address("upload"),
        "login": _address("account_login"),
    }
    return render(request, "web/first.html", context)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
