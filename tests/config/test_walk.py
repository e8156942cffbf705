"""Every address of the URL map, asked through all middleware, as a stranger and as each role, by every method.

tests/web/test_permissions_pages.py calls the views by themselves, against every cell of the table. Here a browser asks:
what is refused is refused by each method, nothing is changed without the token of a form, no cookie opens the API, and
each answer carries the headers that make it safe.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from channels.uploading import bring, imported
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from estime.channels.models import Import
from estime.cocreation import api as cocreation
from estime.kernel.home import make_home
from estime.ledger.models import Account, Act
from estime.people import api as people
from estime.people.models import User
from estime.people.roles import PERMISSIONS, Role
from estime.people.tokens import token_make
from estime.rest.service import API

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
MACHINES = ("api/", "v1/", "health", "ready", "metrics")
OPEN_OF_ALLAUTH = frozenset(
    (
        "account_login", "account_request_login_code", "account_confirm_login_code", "account_inactive",
        "account_signup", "account_email_verification_sent", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "mfa_authenticate", "mfa_login_webauthn", "socialaccount_login_cancelled", "socialaccount_login_error",
        "account_logout",
    )
)  # fmt: skip
"""Pages of allauth that strangers are on while they sign in; a stranger who signs out is led to the sign-in page."""
NOTHING_TO_SHOW = frozenset(("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"))
"""Refused to whoever has neither password nor second step: they could not show who they are."""


class Place(NamedTuple):
    """One address. `needs`: a permission, None for everybody, "self" for one's own login (allauth's pages)."""

    name: str
    path: str
    needs: str | None


def patterns(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        else:
            yield route, one


@cache
def _places() -> tuple[tuple[str, dict[str, str], Any], ...]:
    """Name, parameters and view of each address of the pages."""
    found: dict[str, tuple[str, dict[str, str], Any]] = {}
    with override("en"):
        for route, one in patterns(get_resolver().url_patterns):
            if not route.startswith(MACHINES):
                assert one.name, f"{route} has no name"
                kinds = {name: type(told).__name__ for name, told in one.pattern.converters.items()}
                names = kinds or dict.fromkeys(one.pattern.regex.groupindex, "")
                found[one.name] = (one.name, names, one.callback)
    return tuple(found.values())


def places(there: dict[str, Any]) -> list[Place]:
    with override("en"):
        return [
            Place(
                name,
                reverse(name, kwargs={one: _filled(there, one, kind) for one, kind in names.items()}),
                _needs(name, view),
            )
            for name, names, view in _places()
        ]


ELSEWHERE: dict[str, Any] = {"SlugConverter": "nothing", "StringConverter": "nothing", "IntConverter": 1}


def _filled(there: dict[str, Any], name: str, kind: str) -> Any:
    """A parameter; of co-creation’s addresses nothing is there (what is, is asked in web/cocreation/attacked.py)."""
    if kind == "UUIDConverter":
        told = there.get(name)
        return told if isinstance(told, UUID | str) else UUID(int=7)
    return there[name] if name in there else ELSEWHERE[kind]


def _needs(name: str, view: Any) -> str | None:
    if view.__module__.startswith("allauth.") and not hasattr(view, "needs"):
        return None if name in OPEN_OF_ALLAUTH else "self"
    return getattr(view, "needs", "unsaid")  # unsaid: test_permissions_pages.py


@pytest.fixture
def there(settings: LazySettings, _home: Path) -> dict[str, Any]:
    """What the parameters of addresses stand for: things that are there, and another person's."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (make_home() / "estime.toml").write_text("[privacy]\npublic_overview = true\n")
    lines = ["actor,published,type,content", "marie,2024-01-01T00:00:00Z,Create,hello", "paul,never,Create,x"]
    record = imported(bring(lines))
    upload = bring([*lines, "zoe,2024-01-02T00:00:00Z,Create,y"], "later.csv")
    key = Account.objects.get(handle="marie").key
    return {
        "scope": "avis", "section": "active-share", "name": "avis", "secret": "sample", "measure": "presence",
        "import_id": record.pk, "upload_id": upload.pk, "place": 0, "kind": "csv", "act_id": Act.objects.get().id,
        "job_id": "0190f3c4-0000-7000-8000-000000000000", "act": 1, "key": key, "pk": people.invite(
            "bo@example.org", "lead", None, "1").invitation.pk, "uidb36": "1", "provider_id": "sso",
    }  # fmt: skip


def somebody(role: str) -> User:
    return User.objects.filter(email=f"{role}@example.org").first() or people.login_make(
        f"{role}@example.org", role
    )


def browser(role: str, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if role:
        client.force_login(somebody(role))
    return client


def ask(client: Client, method: str, path: str) -> HttpResponse:
    return getattr(client, method)(path)  # type: ignore[no-any-return]


def check_headers(answer: HttpResponse, where: str, *, private: bool) -> None:
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "default-src" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert not re.search(r"unsafe|\*|data:|https?:", policy), where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["X-Frame-Options"] == "DENY", where
    if private and answer.status_code in (200, 403, 404, 409, 410, 422):
        kept = answer.headers.get("Cache-Control", "")
        # brand.css is made of settings that everybody sees
        assert "private" in kept or "brand.css" in where, (where, kept)


@pytest.mark.parametrize("role", ["", *Role])
def test_what_a_role_may_not_open_no_method_opens(there: dict[str, Any], role: str) -> None:
    client, wrong = browser(role), []
    for place in places(there):
        allowed = place.needs is None or (
            bool(role) and (place.needs == "self" or role in PERMISSIONS[place.needs])
        )
        for method in ("get",) if allowed else METHODS:
            answer = ask(client, method, place.path)
            told = (role, method, place.path, answer.status_code)
            check_headers(answer, str(told), private=bool(role))
            refused = answer.status_code in (403, 405) or (
                not role and answer.headers.get("Location", "").startswith("/en/account/login/")
            )
            turned_away = allowed and answer.status_code == 403 and place.name not in NOTHING_TO_SHOW
            if answer.status_code >= 500 or turned_away or not (allowed or refused):
                wrong.append(told)
    assert not wrong


def test_nothing_is_changed_without_the_token_of_a_form(there: dict[str, Any]) -> None:
    client, wrong = browser("administrator", enforce_csrf_checks=True), []
    before = (User.objects.count(), people.trail(1)[0].pk, Import.objects.count(), Act.objects.count())
    for place in places(there):
        for method in ("post", "put", "patch", "delete"):
            answer = ask(client, method, place.path)
            stops = (
                (404,) if place.name == "digest-stop" else ()
            )  # mail programs send it: the token is in its address
            if answer.status_code not in (403, 405, *stops):
                wrong.append((method, place.path, answer.status_code))
    assert not wrong
    after = (User.objects.count(), people.trail(1)[0].pk, Import.objects.count(), Act.objects.count())
    assert after == before


def test_no_cookie_opens_the_api(there: dict[str, Any]) -> None:
    """So no other site can make a browser ask in somebody’s name: with a cookie all is as it is for a stranger."""
    limits = "[rest]\nreads_per_minute = 0\nwrites_per_minute = 0\nfailures_per_minute = 0\nstrangers_per_minute = 0\n"
    (make_home() / "estime.toml").write_text(limits)
    lead = cocreation.member_of(somebody("lead"))
    cocreation.space_make(lead, cocreation.SpaceWords("Closed", "For members.", public=False))
    signed_in, stranger, wrong = browser("administrator"), browser(""), []
    for route, _one in patterns(get_resolver().url_patterns):
        if not route.startswith(("api/", "v1/")) or "openapi" in route:
            continue
        path = "/" + re.sub(r"<uuid:[^>]*>", str(UUID(int=7)), route)
        path = re.sub(r"<[^>]*>", "7", path)
        for method in METHODS:
            answer, theirs = (ask(client, method, path) for client in (signed_in, stranger))
            check_headers(answer, f"{method} {path}", private=False)
            told = (
                answer.content if answer.status_code == 200 else b""
            )  # a refusal carries a number of its own
            if answer.status_code != theirs.status_code or told != (theirs.content if told else b""):
                wrong.append((method, path, answer.status_code, theirs.status_code))
    assert not wrong


def test_the_walk_of_the_api_is_of_all_of_it() -> None:
    """Each operation stands in the URL map that is walked here."""
    walked = {route for route, _one in patterns(get_resolver().url_patterns)}
    count = sum(len(router.path_operations) for router in API._get_bound_routers())
    assert len([route for route in walked if route.startswith("api/v1/")]) >= count


def test_what_is_somebody_elses_is_not_there_for_another_of_the_same_role(there: dict[str, Any]) -> None:
    """An upload is its bringer's alone, a token its owner's and the administrators'."""
    owner, other = User.objects.get(email="lead@example.org"), people.login_make("cy@example.org", "lead")
    token, _secret = token_make(owner, "malo’s shop", ["acts:read"])
    client = Client()
    client.force_login(other)
    place = f"/en/channels/upload/{there['upload_id']}/"
    for do in ("import", "drop", "look"):
        assert client.post(place, {"do": do}).status_code == 404
    assert client.get(place).status_code == 404
    assert client.post(f"/en/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked is None
    assert "malo’s" not in client.get("/en/tokens/").content.decode()
    client.force_login(owner)
    assert client.get(place).status_code == 200
