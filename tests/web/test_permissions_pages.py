"""Every address as every role and as a stranger, cell by cell against the table of permissions.

A view says which permission it needs (`@needs`) or that it is open (`@open_to_all`); one that says nothing fails here.
Views that are not ours are named below, each with the reason why nothing is to be said of it.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.utils.translation import override

from estime.kernel.home import make_home
from estime.people.models import User
from estime.people.roles import PERMISSIONS, TABLE, Role

SAMPLES: dict[str, Any] = {
    "int": 1,
    "str": "sample",
    "slug": "sample",
    "uuid": "0190f3c4-0000-7000-8000-000000000000",
    "path": "sample",
}
"""A value for each converter of addresses. Whoever registers one of their own adds what it takes."""

ELSEWHERE = ("api/v1/", "v1/", "metrics", "health", "ready", "static/")
"""Addresses for machines: tests/rest walks those of the API with tokens; the others tell nothing of anybody."""

ALLAUTH = ("account_", "mfa_", "socialaccount_")
"""Names of allauth's own views below account/: each checks itself whose login it is about (test_sign_in.py)."""


class Address(NamedTuple):
    """One place in the URL map. `needs`: a permission, None for everybody, or "unsaid"."""

    route: str
    name: str
    view: Any
    kwargs: dict[str, Any]
    needs: str | None


def walk(patterns: list[URLPattern | URLResolver], before: str = "", kwargs: Any = None) -> Iterator[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, route, {**(kwargs or {}), **one.default_kwargs})
            continue
        values = {name: sample(converter) for name, converter in one.pattern.converters.items()}
        told = {**(kwargs or {}), **values, **(one.default_args or {})}
        yield Address(route, one.name or "", one.callback, told, getattr(one.callback, "needs", "unsaid"))


def sample(converter: Any) -> Any:
    name = next(name for name, known in get_converters().items() if known is converter)
    assert name in SAMPLES, f"add a value for <{name}:…> to SAMPLES"
    return converter.to_python(str(SAMPLES[name]))


@cache
def addresses() -> tuple[Address, ...]:
    with override("en"):
        return tuple(walk(get_resolver().url_patterns))


def ours() -> list[Address]:
    """Each view once: with and without a language it is the same."""
    found: dict[Any, Address] = {}
    for one in addresses():
        foreign = one.view.__module__.startswith("allauth.") and one.name.startswith(ALLAUTH)
        if not foreign:
            found.setdefault((one.view, str(sorted(one.kwargs.items()))), one)
    return list(found.values())


def answer(one: Address, method: str, user: Any) -> HttpResponseBase | None:
    """What the view answers, None for a refusal: called by itself, no middleware before it and no page of error."""
    request = getattr(RequestFactory(), method)(f"/{one.route}")
    request.user, request.session = user, SessionStore()
    request._messages = CookieStorage(request)
    request._dont_enforce_csrf_checks = True
    request.resolver_match = None
    try:
        return one.view(request, **one.kwargs)  # type: ignore[no-any-return]
    except PermissionDenied:
        return None
    except (Http404, BadRequest, SuspiciousOperation) as error:
        return error  # type: ignore[return-value]  # let in, and then nothing was found


@pytest.fixture
def _home_made(settings: LazySettings, _home: Path, db: None) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    make_home()


def who(role: str) -> User:
    user, _made = User.objects.get_or_create(email=f"{role}@example.org", defaults={"role": role})
    return user


def test_every_view_says_who_may_open_it() -> None:
    unsaid = [f"{one.route} ({one.view.__module__})" for one in ours() if one.needs == "unsaid"]
    assert unsaid == [], "say it with @needs(…) or @open_to_all (web/access.py)"


def test_it_would_be_noticed() -> None:
    def forgotten(request: Any) -> None: ...

    class Patterns(list):  # type: ignore[type-arg]
        pass

    from django.urls import path

    (found,) = walk(Patterns([path("secret/", forgotten)]))
    assert found.needs == "unsaid"


def test_permissions_that_are_asked_for_are_in_the_table() -> None:
    assert {one.needs for one in ours() if one.needs not in (None, "unsaid")} <= set(PERMISSIONS)


@pytest.mark.usefixtures("_home_made")
@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_each_role_opens_what_its_cell_says(permission: str) -> None:
    guarded = [one for one in ours() if one.needs == permission]
    for role in Role:
        given = role in PERMISSIONS[permission]
        assert given == (cell(permission, role) == "x")
        for one in guarded:
            if given:
                assert any(opens(one, method, who(role)) for method in ("get", "post")), (role, one.route)
            for method in () if given else ("get", "post", "put", "delete"):
                shown = answer(one, method, who(role))
                assert shown is None or shown.status_code == 405, (role, method, one.route)


def opens(one: Address, method: str, user: User) -> bool:
    """Not refused, and not a method that the view does not know."""
    shown = answer(one, method, user)
    refused = shown is None or getattr(shown, "status_code", 200) in (401, 403)
    assert not refused, (user.role, method, one.route)
    return getattr(shown, "status_code", 200) != 405


@pytest.mark.usefixtures("_home_made")
def test_a_stranger_and_whoever_was_shut_out_are_asked_to_sign_in() -> None:
    gone = who("administrator")
    gone.is_active = False
    for one in ours():
        if one.needs in (None, "unsaid"):
            continue
        for user in (AnonymousUser(), gone):
            for method in ("get", "post"):
                shown = answer(one, method, user)
                assert shown is not None, (method, one.route)
                assert shown.status_code in (302, 405), (method, one.route)
                if shown.status_code == 302:
                    assert "/account/login/?next=" in shown["Location"], (method, one.route)


def cell(permission: str, role: str) -> str:
    """The mark as it stands in the table, read another way than roles.py reads it."""
    head, *rows = TABLE.strip().splitlines()
    (row,) = [line for line in rows if line.split()[0] == permission]
    return row.split()[1:][head.split().index(role)]
