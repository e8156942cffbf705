"""`estime invite` and `estime staff-link`, in this process."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
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
