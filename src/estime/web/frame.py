"""What every page shows around its content: a context processor for both template engines."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from estime.people.models import User
from estime.version import __version__ as VERSION
from estime.web.addresses import in_language

MENU = (
    # (name of the page, words, permission, first part of the addresses that belong to it)
    ("overview", _("Engagement"), "figures.see", ("overview", "all", "c")),
)
"""The main menu in its order. A part that adds pages adds its line here."""


class Entry(NamedTuple):
    title: str
    url: str
    here: bool


def language() -> str:
    return (get_language() or "en").split("-")[0]


def viewer(request: HttpRequest) -> User | None:
    """Who is looking: None for a stranger."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated and user.is_active else None


def may(request: HttpRequest, permission: str) -> bool:
    """Whether whoever is looking has a permission (people/roles.py)."""
    user = viewer(request)
    return user is not None and user.may(permission)


def frame(request: HttpRequest) -> dict[str, object]:
    lang = language()
    return {
        "lang": lang,
        "home": f"/{lang}/",
        "version": VERSION,
        "definitions": f"/{lang}/definitions/",
        "languages": languages(request.path),
        "menu": SimpleLazyObject(lambda: list(_menu(request))),
        "viewer": SimpleLazyObject(lambda: viewer(request)),
    }


def languages(path: str) -> list[dict[str, str]]:
    """This page in each language."""
    return [
        {"code": code, "name": str(name), "url": in_language(path, code)} for code, name in settings.LANGUAGES
    ]


def _menu(request: HttpRequest) -> Iterator[Entry]:
    first = request.path.strip("/").split("/")
    here = first[1] if len(first) > 1 and first[0] in dict(settings.LANGUAGES) else first[0]
    for name, title, permission, places in MENU:
        if may(request, permission):
            yield Entry(str(title), reverse(name), here in places)
