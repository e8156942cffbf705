"""The list of spaces; making one, and saying something else of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Space
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs, open_to_all
from estime.web.asking_card import asking_card
from estime.web.frame import may, viewer
from estime.web.taking_part import me, told


@require_safe
@open_to_all
@never_cache
def spaces(request: HttpRequest) -> HttpResponse:
    """The spaces that whoever looks may read."""
    shown = {
        "spaces": [
            {
                "slug": space.slug,
                "title": space.title,
                "about": cocreation.markdown_excerpt(space.about, 220),
                "public": space.public,
                "fictional": space.fictional,
                "running": _running(getattr(space, "running", 0) or 0),
            }
            for space in cocreation.spaces_listed(viewer(request))
        ],
        "may_make": may(request, "space.manage"),
        "may_lead": may(request, "challenge.lead"),
        "may_take_part": may(request, "space.take_part"),
        "may_see_answers": may(request, "survey.see"),
        "card": asking_card(request),
    }
    return render(request, "cocreation/spaces.html", shown, using="jinja2")


def _running(number: int) -> str:
    if not number:
        return _("No challenge is open.")
    words = ngettext("%(n)s challenge is open.", "%(n)s challenges are open.", number)
    return words % {"n": count(number)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.manage")
@never_cache
def space_new(request: HttpRequest) -> HttpResponseBase:
    """Make a space."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.manage")
@never_cache
def space_change(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Say something else of a space."""
    return _form(request, get_object_or_404(Space, slug=slug))


def _form(request: HttpRequest, space: Space | None) -> HttpResponseBase:
    typed, errors = _as_it_is(space), {}
    if request.method == "POST":
        typed = _typed(request)
        errors = _wrong(typed)
        if not errors:
            try:
                saved = _saved(request, space, typed)
            except EstimeError as error:
                errors = {str(error.data.get("field", "")): told(error)}
            else:
                messages.success(request, _("Saved."))
                return redirect("space", saved.slug)
    shown = {
        "space": space,
        "typed": typed,
        "errors": errors,
        "threshold": _threshold(),
        "readers": [
            ("everybody", _("Everybody, without signing in"), _("Also what was written here until now.")
             if space is not None else _("Search engines find it, and other pages can show it.")),
            ("members", _("Members and your people alone"), ""),
        ],
    }  # fmt: skip
    status = 422 if errors else 200
    return render(request, "cocreation/space-form.html", shown, using="jinja2", status=status)


def _saved(request: HttpRequest, space: Space | None, typed: dict[str, Any]) -> Space:
    number = str(typed["threshold"]).strip()
    words = cocreation.SpaceWords(
        typed["title"],
        typed["about"],
        typed["language"],
        typed["readers"] == "everybody",
        typed["fictional"],
        typed["attribution"],
        int(number) if number else 0,
    )
    if space is None:
        return cocreation.space_make(me(request), words, slug=typed["slug"].strip())
    return cocreation.space_change(me(request), space, words)


def _threshold() -> int:
    return configuration().cocreation.interpellation_supporters


def _as_it_is(space: Space | None) -> dict[str, Any]:
    if space is None:
        return {
            "title": "", "about": "", "language": "", "readers": "", "fictional": False,
            "attribution": "", "threshold": "", "slug": "",
        }  # fmt: skip
    names = ("title", "about", "language", "fictional", "attribution", "threshold", "slug")
    readers = "everybody" if space.public else "members"
    return {**{name: getattr(space, name) for name in names}, "readers": readers}


def _typed(request: HttpRequest) -> dict[str, Any]:
    texts = {
        name: request.POST.get(name, "") for name in ("title", "about", "attribution", "slug", "threshold")
    }
    language = request.POST.get("language", "")
    return {
        **texts,
        "language": language if language in ("", "fr", "en") else "",
        "readers": request.POST.get("readers", ""),
        "fictional": request.POST.get("fictional") == "on",
    }


def _wrong(typed: dict[str, Any]) -> dict[str, str]:
    errors = {}
    number = str(typed["threshold"]).strip()
    if number and not (number.isascii() and number.isdecimal() and len(number) < 7 and int(number) > 0):
        errors["threshold"] = _("A whole number, 1 or more; empty for the usual one.")
    if typed["readers"] not in ("everybody", "members"):
        errors["readers"] = _("Choose who may read what people write here.")
    return errors
