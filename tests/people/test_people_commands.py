"""`estime invite` and `estime staff-link`, in this process."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from typer.testing import CliRunner

from estime.cli.demo_people import ADMINISTRATOR, people_ensure
from estime.cli.main import app
from estime.people import api as people
from estime.people.models import User

pytestmark = pytest.mark.usefixtures("installed")


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def test_an_invitation_is_a_link_that_opens() -> None:
    told = json.loads(run("invite", "bo@example.org", "--role", "analyst", "--lang", "fr", "--json"))
    assert told["sent"] is False
    assert not mail.outbox
    path = urlsplit(told["link"]).path
    assert path.startswith("/fr/join/")
    assert "bo@example.org" in Client().get(path, follow=True).content.decode()


def test_a_staff_link_signs_in_who_was_named() -> None:
    people.login_make("bo@example.org", "lead")
    link = urlsplit(run("staff-link", "BO@example.org", "--port", "8123"))
    assert (link.netloc, link.path, link.query) == ("127.0.0.1:8123", "/staff-link/", "")
    browser = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8123")
    assert browser.post("/en/staff-link/", {"secret": link.fragment}).headers["Location"] == "/en/"
    assert "bo@example.org" in browser.get("/en/me/").content.decode()


def test_nobody_named() -> None:
    assert type(CliRunner().invoke(app, ["staff-link"]).exception).__name__ == "WhoIsMeant"
    people.login_make("a@example.org", "administrator")
    assert run("staff-link").startswith("http://127.0.0.1:8000/staff-link/#")
    people.login_make("b@example.org", "administrator")
    assert type(CliRunner().invoke(app, ["staff-link"]).exception).__name__ == "WhoIsMeant"
    assert (
        type(CliRunner().invoke(app, ["staff-link", "nobody@example.org"]).exception).__name__
        == "UnknownPerson"
    )


def test_in_production_a_password_link_to_the_public_address(installed: Path) -> None:
    user = people.login_make("bo@example.org", "lead")
    (installed / "estime.toml").write_text(
        '[site]\nmode = "production"\naddress = "https://estime.example.org"\n'
    )
    refused = CliRunner().invoke(app, ["staff-link", "bo@example.org"]).exception
    assert type(refused).__name__ == "StaffLinkLocal"
    link = run("staff-link", "bo@example.org", "--password")
    assert link.startswith("https://estime.example.org/en/account/password/reset/key/")
    browser = Client()
    page = browser.get(urlsplit(link).path, follow=True)
    told = {"password1": "quite a new one", "password2": "quite a new one"}
    assert browser.post(page.request["PATH_INFO"], told).status_code == 302
    assert User.objects.get(pk=user.pk).check_password("quite a new one")
    again = Client().get(urlsplit(link).path, follow=True).content.decode()
    assert "password1" not in again


def test_the_demo_has_one_of_each_role_and_is_made_once() -> None:
    assert people_ensure() == people_ensure()
    everybody = User.objects.all()
    assert sorted(user.role for user in everybody) == sorted(people.Role)
    assert not any(user.has_usable_password() for user in everybody)
    assert people.person_find(ADMINISTRATOR).role == "administrator"


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_a_staff_link_that_forgets_second_steps(installed: Path) -> None:
    """The phone is gone: the app, passkeys and codes of whoever is named go, and nobody else's."""
    bo, cy = (people.login_make(f"{name}@example.org", "lead") for name in ("bo", "cy"))
    for user in (bo, cy):
        TOTP.activate(user, generate_totp_secret())
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
        RecoveryCodes.activate(user)
    run("staff-link", "bo@example.org")
    assert people.ways_in(bo).app  # not without being told to
    done = CliRunner().invoke(app, ["staff-link", "bo@example.org", "--forget-second-steps"])
    assert done.exit_code == 0
    assert "forgotten" in done.stderr
    assert people.ways_in(bo) == people.WaysIn(False, 0, False, 0, False)
    assert people.ways_in(cy) == people.WaysIn(False, 1, True, 10, False)
    secret = urlsplit(done.stdout.strip()).fragment
    browser = Client(SERVER_NAME="127.0.0.1")
    assert browser.post("/en/staff-link/", {"secret": secret}).headers["Location"] == "/en/"
    assert [event.deed for event in people.trail(50)].count("second-steps-forgotten") == 1


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_forgetting_second_steps_with_a_password_link_opens_by_password_alone(installed: Path) -> None:
    bo = people.login_make("bo@example.org", "lead")
    TOTP.activate(bo, generate_totp_secret())
    link = run("staff-link", "bo@example.org", "--password", "--forget-second-steps")
    browser = Client()
    page = browser.get(urlsplit(link).path, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": "quite a new one", "password2": "quite a new one"})
    answer = Client().post("/en/account/login/", {"login": "bo@example.org", "password": "quite a new one"})
    assert answer.headers["Location"] == "/en/"


@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
def test_of_somebody_unknown_nothing_is_forgotten(installed: Path) -> None:
    bo = people.login_make("bo@example.org", "lead")
    TOTP.activate(bo, generate_totp_secret())
    people.shut_out(people.login_make("cy@example.org", "lead").pk)
    for email in ("nobody@example.org", "cy@example.org"):
        done = CliRunner().invoke(app, ["staff-link", email, "--forget-second-steps"])
        assert type(done.exception).__name__ == "UnknownPerson"
    assert people.ways_in(bo).app
