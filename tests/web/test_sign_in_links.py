"""Links that open once: the staff link of this machine, and invitations."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

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


@pytest.fixture
def bo() -> User:
    return people.login_make("bo@example.org", "lead", people.Profile("Bo", "fr", "", PASSWORD))


def signed_in(browser: Client) -> bool:
    return browser.get("/en/me/").status_code == 200


STAFF_LINK = "/en/staff-link/"


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"SERVER_NAME": "testserver"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_FORWARDED_HOST": "127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_a_staff_link_is_for_this_machine_alone(
    bo: User, asked: dict[str, str], settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    secret = people.staff_link_make(bo)
    here = {"SERVER_NAME": "127.0.0.1", **asked}
    answer = Client().post(STAFF_LINK, {"secret": secret}, **here)  # type: ignore[arg-type]
    assert answer.status_code in (403, 404)
    browser = Client(SERVER_NAME="localhost")
    assert (
        browser.post(STAFF_LINK, {"secret": f"http://127.0.0.1:8000/staff-link/#{secret}"}).status_code == 302
    )
    assert signed_in(browser)


def test_a_staff_link_is_no_part_of_an_address_and_no_second_use_opens(
    bo: User, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    secret = people.staff_link_make(bo)
    browser = Client(SERVER_NAME="localhost")
    assert browser.get(STAFF_LINK).headers["Cache-Control"].endswith("private")
    browser.post(STAFF_LINK, {"secret": secret})
    assert signed_in(browser)
    again = Client(SERVER_NAME="localhost").post(STAFF_LINK, {"secret": secret})
    assert again.status_code == 410
    assert secret not in again.content.decode()
    assert secret not in caplog.text


def test_after_a_staff_link_a_new_password_needs_no_old_one(bo: User, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    browser = Client(SERVER_NAME="localhost")
    browser.post(STAFF_LINK, {"secret": people.staff_link_make(bo)})
    told = {"password1": "quite a new one", "password2": "quite a new one"}
    assert browser.post("/en/account/password/change/", told).headers["Location"] == "/en/me/"
    assert User.objects.get().check_password("quite a new one")


def test_an_invitation_leaves_the_address_bar_and_makes_a_login(client: Client) -> None:
    made = people.invite("bo@example.org", "analyst", None, "x")
    first = client.get(f"/fr/join/{made.secret}/")
    assert first.headers["Location"] == "/fr/join/"
    assert "bo@example.org" in client.get("/fr/join/").content.decode()
    assert client.post("/fr/join/", {"name": "Bo", "password": "short"}).status_code == 200
    assert client.post("/fr/join/", {"name": "Bo", "password": ""}).headers["Location"] == "/fr/"
    user = User.objects.get()
    assert (user.role, user.language, user.has_usable_password()) == ("analyst", "fr", False)
    assert signed_in(client)
    assert Client().get(f"/fr/join/{made.secret}/", follow=True).status_code == 410
    assert Client().get("/en/join/nothing/", follow=True).status_code == 410


def test_joining_goes_on_to_a_passkey_without_asking_again(client: Client) -> None:
    made = people.invite("bo@example.org", "analyst", None, "x")
    client.get(f"/en/join/{made.secret}/")
    going = client.post("/en/join/", {"name": "Bo", "password": PASSWORD, "next": "passkey"})
    assert going.headers["Location"] == "/en/account/passkeys/add/"
    assert client.get(going.headers["Location"]).status_code == 200
