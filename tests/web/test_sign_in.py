"""Signing in: password, code, second step, reset; what a stranger learns, and how often they may try."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from readouts import told
from web.stored import store

from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.models import User

PASSWORD = "a long enough one"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings, _home: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_home()
    cache.clear()


@pytest.fixture
def bo() -> User:
    return people.login_make("bo@example.org", "lead", people.Profile("Bo", "fr", "", PASSWORD))


@pytest.fixture
def told_figures() -> None:
    store((told.scope("*", ""), told.community()), draw=False)


@pytest.fixture
def estime_toml(_home: Path) -> Path:
    return _home / "estime.toml"


def sign_in(browser: Client, password: str = PASSWORD, email: str = "bo@example.org", **told: str) -> Any:
    return browser.post("/en/account/login/", {"login": email, "password": password, **told})


def code_of(letter: str) -> str:
    """The code that a mail holds on a line of its own."""
    found = re.search(r"^    (\S+)$", letter, re.MULTILINE)
    assert found
    return found[1]


def signed_in(browser: Client) -> bool:
    return browser.get("/en/me/").status_code == 200


def code_for(secret: str) -> str:
    """The code that an authenticator app would show."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_with_a_password_whatever_the_case_of_the_address(client: Client, bo: User) -> None:
    assert sign_in(client, email=" BO@Example.org ").headers["Location"] == "/fr/"  # in their language
    assert signed_in(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_the_session_gets_a_new_key(client: Client, bo: User) -> None:
    client.post("/en/account/login/code/", {"email": "bo@example.org"})  # a stranger's session
    key = client.cookies["sessionid"].value
    code = code_of(mail.outbox[0].body)
    client.post("/en/account/login/code/confirm/", {"code": code})
    assert signed_in(client)
    assert client.cookies["sessionid"].value != key


def test_where_they_were_going_and_nowhere_else(client: Client, bo: User) -> None:
    assert sign_in(client, next="/en/c/club/").headers["Location"] == "/fr/c/club/"
    for other in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert "evil" not in sign_in(Client(), next=other).headers["Location"]


def test_a_stranger_cannot_tell_who_has_a_login(bo: User) -> None:
    def answered(address: str, data: dict[str, str]) -> tuple[int, str, str]:
        browser = Client()
        answer = browser.post(address, data)
        page = browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer
        text = re.sub(r'value="[^"]*"|csrf\S+', "", page.content.decode()).replace(data.get("email", "!"), "")
        return (
            answer.status_code,
            answer.headers.get("Location", ""),
            text.replace(data.get("login", "!"), ""),
        )

    for address, name in (("login/code/", "email"), ("password/reset/", "email")):
        known, unknown = (
            answered(f"/en/account/{address}", {name: f"{who}@example.org"}) for who in ("bo", "nobody")
        )
        assert known == unknown, address
    assert (
        sorted(letter.to[0] for letter in mail.outbox) == ["bo@example.org"] * 2 + ["nobody@example.org"] * 2
    )
    known, unknown = (
        answered("/en/account/login/", {"login": f"{who}@example.org", "password": "x"})
        for who in ("bo", "nobody")
    )
    assert known == unknown


def test_five_wrong_passwords_and_even_the_right_one_waits(client: Client, bo: User) -> None:
    for _try in range(5):
        assert "is not right" in sign_in(client, "wrong").content.decode()
    late = sign_in(Client())
    assert late.status_code == 200
    assert "Wait five minutes" in late.content.decode()


def test_codes_are_sent_three_times_a_minute_at_most(bo: User) -> None:
    for _try in range(5):
        Client().post("/en/account/login/code/", {"email": "bo@example.org"})
    assert len(mail.outbox) == 3


def test_reset_is_asked_for_five_times_a_minute_at_most(bo: User) -> None:
    codes = [
        Client().post("/en/account/password/reset/", {"email": "bo@example.org"}).status_code
        for _ in range(7)
    ]
    assert codes == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


def test_a_code_works_once_and_three_wrong_ones_end_it(client: Client, bo: User) -> None:
    client.post("/en/account/login/code/", {"email": "bo@example.org"})
    code = code_of(mail.outbox[0].body)
    assert code not in mail.outbox[0].subject
    for _try in range(3):
        client.post("/en/account/login/code/confirm/", {"code": "nonono"})
    client.post("/en/account/login/code/confirm/", {"code": code})
    assert not signed_in(client)


def test_a_password_is_reset_once_and_signs_out_everywhere(client: Client, bo: User) -> None:
    thief = Client()
    sign_in(thief)
    assert signed_in(thief)
    client.post("/fr/account/password/reset/", {"email": "bo@example.org"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert link
    page = client.get(link[1], follow=True)
    told = {"password1": "quite a new one", "password2": "quite a new one"}
    assert client.post(page.request["PATH_INFO"], told).status_code == 302
    assert not signed_in(thief)
    assert sign_in(Client(), "quite a new one").status_code == 302
    assert "password1" not in Client().get(link[1], follow=True).content.decode()


@pytest.mark.parametrize("password", ["short", "password123", "bo@example.org", "1234567890"])
def test_easy_passwords_are_refused(client: Client, bo: User, password: str) -> None:
    sign_in(client)
    told = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post("/en/account/password/change/", told).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_links_in_mails_begin_with_the_address_of_the_site(
    client: Client, bo: User, estime_toml: Path
) -> None:
    estime_toml.write_text('[site]\naddress = "https://estime.example.org"\n')
    client.post("/fr/account/password/reset/", {"email": "bo@example.org"})
    assert "https://estime.example.org/fr/account/password/reset/key/" in mail.outbox[0].body


def test_a_second_step_is_asked_for_whatever_came_first(bo: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(bo, secret)
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored  # sealed with what no database holds
    browser = Client()
    assert urlsplit(sign_in(browser).headers["Location"]).path == reverse("mfa_authenticate")
    assert not signed_in(browser)
    assert browser.post("/en/account/second/", {"code": "000000"}).status_code == 200
    browser.post("/en/account/second/", {"code": code_for(secret)})
    assert signed_in(browser)
    other = Client()
    other.post("/en/account/login/code/", {"email": "bo@example.org"})
    code = code_of(mail.outbox[-1].body)
    other.post("/en/account/login/code/confirm/", {"code": code})
    assert not signed_in(other)


def test_an_app_is_set_up_with_recovery_codes_that_open_once(
    client: Client, bo: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client)
    there = "/en/account/app/on/"
    assert client.get(there).status_code == 302  # shows who they are first
    client.post("/en/account/reauthenticate/", {"password": PASSWORD, "next": there})
    page = client.get(there).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret
    assert "data:" not in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(there, {"code": code_for(secret[1])})
    codes = client.get("/en/account/recovery/").content.decode()
    found = re.findall(r"<code>(\w+)</code>", codes)
    assert len(found) == 10
    assert found[0] not in client.get("/en/account/recovery/").content.decode()  # shown once
    for expected in (True, False):
        browser = Client()
        sign_in(browser)
        browser.post("/en/account/second/", {"code": found[0]})
        assert signed_in(browser) is expected
    assert {letter.to[0] for letter in mail.outbox} == {"bo@example.org"}  # told of each change


def test_an_address_is_changed_when_the_new_one_is_confirmed(client: Client, bo: User) -> None:
    sign_in(client)
    there = "/en/account/email/"
    told = {"email": "new@example.org", "action_add": ""}
    assert client.post(there, told).status_code == 302
    client.post("/en/account/reauthenticate/", {"password": PASSWORD, "next": there})
    client.post(there, told)
    assert User.objects.get().email == "bo@example.org"
    assert mail.outbox[-1].to == ["new@example.org"]
    client.post("/en/account/confirm-email/", {"code": code_of(mail.outbox[-1].body)})
    assert User.objects.get().email == "new@example.org"


def test_sign_out_is_by_post(client: Client, bo: User) -> None:
    sign_in(client)
    client.get("/en/account/logout/")
    assert signed_in(client)
    assert client.post("/en/account/logout/").headers["Location"] == "/en/account/login/"
    assert not signed_in(client)


def test_signing_out_everywhere_else_keeps_this_one(client: Client, bo: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    assert client.post("/en/me/elsewhere/").status_code == 302
    assert signed_in(client)
    assert not signed_in(other)


def test_me_is_kept_in_the_chosen_language_and_zone(client: Client, bo: User) -> None:
    sign_in(client)
    told = {"name": "Bo B.", "language": "en", "timezone": "Asia/Tokyo"}
    assert client.post("/fr/me/", told).headers["Location"] == "/en/me/"
    kept = User.objects.get()
    assert (kept.name, kept.language, kept.timezone) == ("Bo B.", "en", "Asia/Tokyo")
    assert client.get("/").headers["Location"].startswith("/en/")
    assert client.get("/fr/me/").status_code == 200  # by hand the other language is there as well
    assert client.post("/fr/me/", {**told, "timezone": "Mars/Olympus"}).status_code == 422


def test_nobody_makes_a_login_unless_the_site_is_open(client: Client, estime_toml: Path) -> None:
    told = {"name": "Ève", "email": "eve@example.org", "password1": PASSWORD}
    client.post("/en/account/signup/", told)
    assert not User.objects.exists()
    estime_toml.write_text('[site]\nsign_up = "open"\n')
    assert client.get("/en/account/signup/").status_code == 200
    nameless = client.post("/en/account/signup/", {**told, "name": "\u200b"})
    assert "name that can be read" in nameless.content.decode()
    client.post("/en/account/signup/", {**told, "next": "/en/challenges/7/"})
    made = User.objects.get()
    assert (made.name, made.role, made.language) == ("Ève", "member", "en")
    assert not signed_in(client)  # first the address is confirmed
    elsewhere = Client()
    sign_in(elsewhere, email="eve@example.org")
    assert not signed_in(elsewhere)
    client.post("/en/account/confirm-email/", {"code": "nonono"})
    assert not signed_in(client)
    confirmed = client.post("/en/account/confirm-email/", {"code": code_of(mail.outbox[0].body)})
    assert signed_in(client)
    assert (
        confirmed.headers["Location"] == "/en/challenges/7/"
    )  # where they were going when asked who they are


def test_a_mail_that_cannot_be_sent_is_told(client: Client, bo: User, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post("/en/account/login/code/", {"email": "bo@example.org"})
    assert answer.status_code == 503
    assert "could not be sent" in answer.content.decode()


PAGES = (
    "login/", "login/code/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/",
    "password/reset/key/done/", "inactive/", "confirm-email/", "provider/cancelled/",
    "provider/error/",
)  # fmt: skip
OWN = (
    "email/", "password/change/", "app/on/", "passkeys/", "passkeys/add/", "logout/", "reauthenticate/", "provider/",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_is_ours_in_both_languages(client: Client, bo: User, lang: str) -> None:
    def look(path: str) -> None:
        text = client.get(f"/{lang}/account/{path}", follow=True).content.decode()
        assert f'<html lang="{lang}"' in text, path
        assert '<div class="page-head">' in text, path
        assert "placeholder=" not in text, path
        assert not re.search(r"\sstyle=|\son\w+=|<script>|javascript:", text), path

    for path in PAGES:
        look(path)
    client.force_login(bo)
    client.post(f"/{lang}/account/reauthenticate/", {"password": PASSWORD, "next": f"/{lang}/me/"})
    for path in OWN:
        look(path)


def test_what_is_not_offered_has_no_address() -> None:
    for name in ("account_signup_by_passkey", "mfa_signup_webauthn", "socialaccount_signup", "mfa_trust"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_a_stranger_on_a_public_page_costs_no_session_and_no_query(
    client: Client, told_figures: None
) -> None:
    client.get("/en/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/en/")
    assert answer.status_code == 200
    assert [one["sql"] for one in asked if "session" in one["sql"] or "people_user" in one["sql"]] == []
    assert not answer.cookies


def test_each_is_led_to_what_is_theirs(client: Client, told_figures: None, estime_toml: Path) -> None:
    assert client.get("/en/").status_code == 200
    for role in ("analyst", "lead", "member"):
        client.force_login(people.login_make(f"{role}@example.org", role))
        first = client.get("/en/").headers["Location"]
        assert first.startswith("/en/spaces/" if role == "member" else "/en/")
        assert client.get(first).status_code == 200
    client.logout()
    estime_toml.write_text("")
    assert client.get("/en/").headers["Location"] == "/en/account/login/?next=/en/"
