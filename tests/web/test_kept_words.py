"""Who is signed out while they write gets their words back, and comes back to the page of the form."""

from pathlib import Path

import pytest
from django.test import Client

from estime.kernel.home import make_home
from estime.people import api as people

pytestmark = pytest.mark.django_db

THERE = "/en/ideas/8/comments/"
FORM = {"referer": "http://testserver/en/ideas/8/?after=3"}
TOLD = {"body": "I tried it <b>twice</b>.", "password": "a secret of mine", "once": "0f9e", "email": "a b@c"}


@pytest.fixture(autouse=True)
def _home_made(_home: Path) -> None:
    make_home()


def test_words_come_back_and_secrets_do_not() -> None:
    answer = Client().post(THERE, TOLD, headers=FORM)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "I tried it &lt;b&gt;twice&lt;/b&gt;." in page
    for secret in ("a secret of mine", "0f9e", "a b@c"):
        assert secret not in page
    assert "/en/account/login/?next=%2Fen%2Fideas%2F8%2F%3Fafter%3D3" in page


@pytest.mark.parametrize(
    "referer", ["https://evil.example/en/ideas/8/", "http://testserver//evil.example/", "javascript:x", ""]
)
def test_nobody_is_led_elsewhere(referer: str) -> None:
    page = Client().post(THERE, TOLD, headers={"referer": referer}).content.decode()
    assert "evil" not in page
    assert "login/?next=%2F" in page


def test_a_form_without_words_asks_to_sign_in_and_returns_to_its_page() -> None:
    answer = Client().post("/en/ideas/8/support/", {"do": "give"}, headers=FORM)
    assert answer.headers["Location"] == "/en/account/login/?next=/en/ideas/8/%3Fafter%3D3"


def test_a_script_is_told_why() -> None:
    answer = Client().post(
        "/en/drafts/018f0000-0000-7000-8000-000000000000/",
        TOLD,
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 403
    assert answer.json()["signed_out"]


def test_a_form_of_an_earlier_signing_in_shows_the_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.login_make("ann@example.org", "member"))
    answer = client.post(THERE, TOLD, headers=FORM)
    assert answer.status_code == 403
    assert "I tried it" in answer.content.decode()
    assert "a secret of mine" not in answer.content.decode()


def test_what_is_large_is_not_read() -> None:
    answer = Client().post(THERE, {"body": "many words " * 120_000}, headers=FORM)
    assert answer.status_code == 302
