"""What every page shows around its content: a context processor for both template engines."""

from collections.abc import Iterator
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from estime.cocreation.api import any_public_space
from estime.kernel.configuration import BadConfiguration, configuration
from estime.people.models import User
from estime.version import __version__ as VERSION
from estime.web.addresses import in_language
from estime.web.brand import brand_name
from estime.web.stylesheets import stylesheets

MENU = (
    # (name of the page, words, permission, first part of the addresses that belong to it)
    (
        "spaces",
        _("Spaces"),
        "space.take_part",
        tuple("spaces challenges ideas questions votes together outcomes improvements hidden".split()),
    ),
    ("mine", _("My contributions"), "challenge.open_own", ()),
    ("desk", _("To keep"), "desk.see", ("to-keep",)),
    ("moderation", _("Moderation"), "moderation.act", ()),
    ("overview", _("Engagement"), "figures.see", ("overview", "all", "c", "map", "validity", "answers")),
    ("listening", _("Listening"), "listening.see", ("listening",)),
    ("acts", _("Acts"), "acts.see", ("acts", "people")),
    ("channels", _("Channels"), "channels.see", ("channels",)),
    ("staff", _("Team"), "staff.manage", ("staff",)),
    ("settings", _("Settings"), "settings.see", ("settings", "jobs", "tokens")),
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
        "languages": SimpleLazyObject(lambda: languages(request.get_full_path())),
        "stylesheets": SimpleLazyObject(stylesheets),
        "site": SimpleLazyObject(brand_name),
        "brand_name": SimpleLazyObject(brand_name),  # allauth's views call the host "site"
        "header": SimpleLazyObject(lambda: top_html(request)),
        "viewer": SimpleLazyObject(lambda: viewer(request)),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # once for all forms of a page
    }


def languages(path: str) -> list[dict[str, str]]:
    """This page in each language that the installation offers."""
    offered = _offered()
    return [
        {"code": code, "name": str(name), "url": in_language(path, code)}
        for code, name in settings.LANGUAGES
        if code in offered
    ]


def _offered() -> tuple[str, ...]:
    try:
        return configuration().site.languages
    except BadConfiguration:  # said by whatever needs the file; a page of error must still be shown
        return tuple(code for code, _name in settings.LANGUAGES)


def in_demo() -> bool:
    """Whether this is a demo, which every page says."""
    try:
        return configuration().site.mode == "demo"
    except BadConfiguration:  # an unreadable file is none of ours: a demo's is written by the command
        return False


def bare_frame(request: HttpRequest) -> dict[str, object]:
    """The frame of a page that must be shown whatever is broken: no session, no person, no database."""
    lang = language()
    offered = languages(request.path)
    context = {
        "home": f"/{lang}/",
        "lang": lang,
        "site": brand_name(),
        "brand_name": brand_name(),
        "languages": offered,
        "demo": in_demo(),
        "elsewhere": True,
    }
    return {
        **context,
        "version": VERSION,
        "definitions": f"/{lang}/definitions/",
        "stylesheets": stylesheets(),
        "header": render_to_string("web/_top.html", context),
        "messages": (),
    }


_TOPS: dict[tuple[object, ...], str] = {}
_TOPS_KEPT = 256


def top_html(request: HttpRequest, path: str = "") -> SafeString:
    """The head of a page: brand, main menu, languages. Rendered once for each role, language and place in the menu.

    `path`: what the languages lead to, where it is not the address asked for.
    """
    user, lang, place = viewer(request), language(), _place(request.path)
    offered = languages(path or request.get_full_path())
    codes = tuple(each["code"] for each in offered)
    key = (lang, user.role if user else _open_to_strangers(), place, brand_name(), in_demo(), codes)
    told = _TOPS.get(key)
    if told is None:
        if len(_TOPS) >= _TOPS_KEPT:
            _TOPS.clear()
        told = _TOPS[key] = _top_rendered(request, user, place, offered)
    for each in offered:
        told = told.replace(_gap(each["code"]), escape(each["url"]))
    return mark_safe(told)  # noqa: S308  from our own template; the addresses are escaped above


def _top_rendered(request: HttpRequest, user: User | None, place: str, offered: list[dict[str, str]]) -> str:
    me = _address("me") or _address("account_email") if user else _address("account_login")
    context = {
        "home": f"/{language()}/",
        "lang": language(),
        "site": brand_name(),
        "menu": list(_menu(request)),
        "me": me,
        "signed_in": user is not None,
        "here": place in ("me", "account"),
        "elsewhere": place not in MENU[0][3],
        "languages": [{**each, "url": _gap(each["code"])} for each in offered] if len(offered) > 1 else [],
        "demo": in_demo(),
    }
    return render_to_string("web/_top.html", context)


def _open_to_strangers() -> tuple[str, ...]:
    """The pages of the menu that strangers may open. The overview alone needs no menu: it is their first page."""
    if not spaces_in_public():
        return ()
    return ("spaces", "overview") if _figures_in_public() else ("spaces",)


def _figures_in_public() -> bool:
    try:
        return configuration().privacy.public_overview
    except BadConfiguration:  # said by whatever needs the file; a page of error must still be shown
        return False


def spaces_in_public() -> bool:
    """Whether strangers have a space to read. Asked again every half minute: it is on every page that they open."""
    until, found = _PUBLIC
    if monotonic() >= until:
        found = any_public_space()
        _public_remember(found)
    return found


_PUBLIC: tuple[float, bool] = (float("-inf"), False)


def _public_remember(found: bool) -> None:
    global _PUBLIC
    _PUBLIC = (monotonic() + 30, found)


def _gap(code: str) -> str:
    """Where the address of a language goes into a head rendered for many pages."""
    return f"language-address-{code}"


def _address(name: str) -> str:
    """The address of a page, empty where no part offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _place(path: str) -> str:
    """The first part of an address after its language."""
    first = path.strip("/").split("/")
    return first[1] if len(first) > 1 and first[0] in dict(settings.LANGUAGES) else first[0]


def _menu(request: HttpRequest) -> Iterator[Entry]:
    here = _place(request.path)
    open_to_all = _open_to_strangers() if viewer(request) is None else ()
    for name, title, permission, places in MENU:
        if name in open_to_all or may(request, permission):
            yield Entry(str(title), reverse(name), here in places)
