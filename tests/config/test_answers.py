"""What every answer carries, whoever makes it: policy, no sniffing, no frame; and who may keep it."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from estime.kernel.home import make_home
from estime.people import api as people
from estime.web.stylesheets import stylesheets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home_made(settings: LazySettings, _home: Path) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    make_home()


def signed_in(role: str = "administrator") -> Client:
    browser = Client()
    browser.force_login(people.login_make(f"{role}@example.org", role))
    return browser


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/health", 200, {}),
        ("/ready", 200, {}),
        ("/metrics", 401, {"headers": {"host": "testserver"}}),
        ("/en/nowhere/", 404, {}),
        ("/en/", 400, {"headers": {"host": "evil.example"}}),
        ("/en/account/login", 301, {}),
        ("/api/v1/acts", 401, {}),
        ("/api/v1/nowhere", 404, {}),
        ("style sheet", 200, {}),
    ],
)
def test_answers_that_no_view_makes(path: str, status: int, told: dict[str, dict[str, str]]) -> None:
    asked = stylesheets()[0] if path == "style sheet" else path
    answer = Client().get(asked, **told)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_in_production_the_way_to_tls_too(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "estime.example.org"
    for path in ("/en/", "/api/v1/acts", stylesheets()[0]):
        answer = Client().get(path)
        assert answer.headers["Location"] == f"https://estime.example.org{path}"
        assert "default-src" in answer.headers["Content-Security-Policy"]
    assert Client().get("/health").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/en/account/app/on/",  # shows the key of an authenticator app
        "/en/account/email/",
        "/en/account/passkeys/add/",
        "/en/definitions/",  # with the menu of a role
        "/en/nowhere/",
        "/en/staff/4711/",
        "/en/me/",
    ],
)
def test_nobody_keeps_what_was_made_for_somebody(path: str) -> None:
    browser = signed_in()
    browser.post("/en/account/reauthenticate/")
    answer = browser.get(path)
    if answer.status_code != 405:
        assert "no-store" in answer.headers["Cache-Control"], answer.status_code


def test_a_page_of_refusal_is_kept_by_nobody() -> None:
    answer = signed_in("member").get("/en/staff/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "private, no-store")


def test_what_everybody_sees_may_be_kept_and_asked_for_again() -> None:
    answer = Client().get("/en/definitions/")
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_what_is_asked_wrongly_gets_a_page_of_ours() -> None:
    answer = Client().get("/en/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "We did not understand this request" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_no_cookie_but_those_that_are_bound_to_the_host_in_production(settings: LazySettings) -> None:
    """What a notice says of somebody is in no cookie; `__Host-` is put before these two names (config/posture.py)."""
    browser, seen = signed_in(), set()
    bo = people.login_make("bo@example.org", "lead")
    answers = [
        browser.post(f"/en/staff/{bo.pk}/", {"do": "role", "role": "analyst"}),
        browser.post("/en/me/", {"name": "Ada", "language": "", "timezone": ""}),
        browser.get("/en/staff/"),
        browser.post("/en/account/logout/"),
        browser.get("/en/account/login/"),
    ]
    for answer in answers:
        for name, cookie in answer.cookies.items():
            seen.add(name)
            assert cookie["samesite"] == "Lax", name
            assert cookie["path"] == "/", name
            assert cookie["domain"] == "", name
    assert seen == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert "bo@example.org is now: Analyst" in answers[2].content.decode()
