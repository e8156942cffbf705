"""Whoever was signed out while they wrote, or sends a form that is too old: their words are given back to them.

Nothing is kept here: what came is shown once, to whoever sent it, to be copied. It is not sent again by itself: a form
that another site made up would else be sent with one click.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

MOST_BYTES: Final = 1 << 20
"""More is a file: it is not read for somebody who may not send it."""
_SECRET: Final = re.compile("pass|secret|code|token|login|e-?mail", re.IGNORECASE)


def words_of(request: HttpRequest) -> list[str]:
    """The texts that somebody wrote into a form: what has several words, and is no secret."""
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isascii() or not length.isdecimal() or int(length) > MOST_BYTES:
        return []
    return [
        value
        for name, values in request.POST.lists()
        for value in values
        if not _SECRET.search(name) and len(value.split()) > 1
    ]


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """For whoever has to be signed in: a page is asked for again after it, and words that were sent come back."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    if request.headers.get("Accept") == "application/json":
        said = _(
            "You are signed out. Sign in in another window: what you write here stays, and is then saved."
        )
        return JsonResponse({"error": said, "signed_out": True}, status=403)
    going = f"{reverse('account_login')}?{urlencode({'next': page_before(request)})}"
    words = words_of(request)
    if not words:
        return redirect_to_login(page_before(request))
    return render(request, "web/signed_out.html", {"words": words, "going": going}, status=403)


def page_before(request: HttpRequest) -> str:
    """The page on which the form stood, of this site only."""
    told = urlsplit(request.headers.get("Referer", ""))
    if told.netloc != request.get_host() or not told.path.startswith("/") or told.path.startswith("//"):
        return reverse("front")
    return told.path + (f"?{told.query}" if told.query else "")


def too_old(request: HttpRequest) -> HttpResponse:
    """For a form whose token is of an earlier signing in."""
    return render(request, "web/csrf.html", {"words": words_of(request)}, status=403)
