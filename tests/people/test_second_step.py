"""Where administrators must use a second step, whoever has none sets one up first, and nobody is locked out."""

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from estime.cli.checkup_work import _second_steps
from estime.kernel.configuration import configuration
from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.models import SettingsChange, User
from estime.people.tokens import token_make

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"
ON = "[site]\nadministrators_second_step = true\n"
SETUP = "/en/me/second-step/"


@pytest.fixture
def toml(_home: Path) -> Path:
    cache.clear()
    path = make_home() / "estime.toml"
    path.write_text(ON)
    return path


@pytest.fixture
def ada(toml: Path) -> User:
    return people.login_make("ada@example.org", "administrator", people.Profile("Ada", password=PASSWORD))


def sign_in(browser: Client, email: str = "ada@example.org") -> Any:
    return browser.post("/en/account/login/", {"login": email, "password": PASSWORD})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_an_administrator_without_one_is_led_to_set_it_up_whatever_they_ask_for(
    client: Client, ada: User
) -> None:
    assert sign_in(client).status_code == 302
    for path in (
        "/en/",
        "/en/to-keep/",
        "/en/staff/",
        "/fr/settings/",
        "/en/me/",
        "/en/tokens/",
        "/en/definitions/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location", "")[3:]) == (302, SETUP[3:]), path
    for path in ("/en/staff/invite/", "/en/tokens/", "/en/me/", "/en/account/password/set/"):
        told = {"email": "eve@example.org", "role": "administrator", "name": "x", "scopes": "acts:read"}
        assert client.post(path, told).headers.get("Location") == SETUP, path
    assert not people.invitations_open().exists()
    assert "second step" in client.get(SETUP).content.decode()


def test_with_an_app_set_up_everything_opens_and_the_next_sign_in_asks_for_it(
    client: Client, ada: User
) -> None:
    sign_in(client)
    answer = client.post("/en/account/reauthenticate/?next=/en/account/app/on/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/en/account/app/on/"
    page = client.get("/en/account/app/on/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    answer = client.post("/en/account/app/on/", {"code": code_of(secret)})
    assert answer.status_code == 302
    assert client.get("/en/account/recovery/").status_code == 200
    assert client.get("/en/staff/").status_code == 200
    assert client.get(SETUP).status_code == 302
    other = Client()
    assert "/account/second/" in sign_in(other).headers["Location"]
    assert other.get("/en/staff/").status_code == 302


def test_a_passkey_counts_and_recovery_codes_alone_do_not(client: Client, ada: User) -> None:
    sign_in(client)
    Authenticator.objects.create(user=ada, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert client.get("/en/staff/").headers.get("Location") == SETUP
    Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={})
    assert client.get("/en/staff/").status_code == 200


def test_signing_out_and_other_roles_are_free(client: Client, ada: User) -> None:
    sign_in(client)
    assert client.post("/en/account/logout/").headers["Location"] == "/en/account/login/"
    people.login_make("bo@example.org", "lead", people.Profile(password=PASSWORD))
    sign_in(client, "bo@example.org")
    assert client.get("/en/me/").status_code == 200
    people.role_change(people.person_find("bo@example.org").pk, "administrator")
    assert client.get("/en/me/").headers.get("Location") == SETUP


def test_a_staff_link_and_an_invitation_lead_there_too(ada: User) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.post("/en/staff-link/", {"secret": people.staff_link_make(ada)})
    assert browser.get("/en/staff/").headers.get("Location") == SETUP
    made = people.invite("cy@example.org", "administrator", ada, "1")
    joining = Client()
    joining.get(f"/en/join/{made.secret}/")
    joining.post("/en/join/", {"name": "Cy", "password": ""})
    assert joining.get("/en/staff/").headers.get("Location") == SETUP


def test_a_program_with_a_token_goes_on(client: Client, ada: User) -> None:
    secret = token_make(ada, "shop", ["figures:read"])[1]
    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def test_off_by_default_and_switched_on_by_an_administrator(client: Client, ada: User, toml: Path) -> None:
    toml.write_text("")
    bo = people.login_make("bo@example.org", "lead", people.Profile(password=PASSWORD))
    assert configuration().site.administrators_second_step is False
    sign_in(client)
    page = client.get("/en/settings/sign-in/").content.decode()
    assert "Without a second step so far: Ada" in page
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert version
    lead = Client()
    lead.force_login(bo)
    assert "Ada" not in lead.get("/en/settings/sign-in/").content.decode()
    told = {"administrators_second_step": "on", "version": version[1]}
    assert lead.post("/en/settings/sign-in/", told).status_code == 403
    assert client.post("/en/settings/sign-in/", told).status_code == 302
    assert configuration().site.administrators_second_step is True
    change = SettingsChange.objects.get()
    assert (change.key, change.after, change.by) == ("site.administrators_second_step", True, ada)
    assert client.get("/en/settings/sign-in/").headers.get("Location") == SETUP


def test_where_it_is_off_nobody_is_asked_for_it(client: Client, ada: User, toml: Path) -> None:
    toml.write_text("")
    sign_in(client)
    assert client.get("/en/staff/").status_code == 200


def test_the_doctor_recommends_it_in_production(ada: User, toml: Path) -> None:
    toml.write_text('[site]\nmode = "production"\n')
    found = _second_steps()
    assert found.ok
    assert "second step" in found.todo
    toml.write_text(ON.replace("]\n", ']\nmode = "production"\n'))
    assert "1 administrators have none" in _second_steps().told
    TOTP.activate(ada, generate_totp_secret())
    assert _second_steps().todo == ""
