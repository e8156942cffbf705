"""What is shown when something is not there, not allowed, or went wrong."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from estime.web.frame import bare_frame
from estime.web.kept_words import too_old

LOG = logging.getLogger(__name__)

LAST_WORD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Estime</title></head><body>'
    "<h1>Something went wrong on our side.</h1>"
    "<p>Nothing was lost. Try again; if it stays so, “estime doctor” says what is the matter.</p>"
    '<p lang="fr">Quelque chose s’est mal passé de notre côté. Rien n’est perdu. Réessayez\u00a0; si cela '
    "persiste, «\u00a0estime doctor\u00a0» dit ce qui ne va pas.</p></body></html>"
)
"""Shown when even the page of errors cannot be made: of a broken package, for instance."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session: they may be what is broken."""
    try:
        page: str = render_to_string("web/500.html", bare_frame(request))
    except Exception:  # whatever broke the page that went wrong may break this one too
        LOG.exception("the page of errors could not be made")
        page = LAST_WORD
    return HttpResponse(page, status=500)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return too_old(request)
