"""How long an answer takes says as little about who has a login as its words do (tests/web/test_sign_in.py)."""

from pathlib import Path
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from estime.kernel.home import make_home
from estime.people import api as people

pytestmark = pytest.mark.django_db
WHO = ("with@example.org", "without@example.org", "closed@example.org", "nobody@example.org")


@pytest.fixture(autouse=True)
def _everybody(_home: Path) -> None:
    cache.clear()
    make_home()
    people.login_make(WHO[0], "administrator", people.Profile(password="a long enough one"))
    people.login_make(WHO[1], "lead")
    closed = people.login_make(WHO[2], "lead", people.Profile(password="a long enough one"))
    people.shut_out(closed.pk)


def test_a_wrong_password_is_hashed_once_whoever_is_named() -> None:
    """Hashing is what takes time: three tenths of a second, against hundredths for all else."""
    counted = {}
    for email in WHO:
        with patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as hashed:
            answer = Client().post("/en/account/login/", {"login": email, "password": "a wrong password"})
        assert answer.status_code == 200
        counted[email] = hashed.call_count
    assert set(counted.values()) == {1}, counted


@pytest.mark.parametrize("path", ["/en/account/login/code/", "/en/account/password/reset/"])
def test_a_mail_goes_out_whoever_is_named(path: str) -> None:
    """Handing it over is what takes time here; whoever has no login, or a closed one, is told so."""
    for number, email in enumerate(WHO, 1):
        assert Client().post(path, {"email": email}).status_code == 302
        assert len(mail.outbox) == number, email
        assert mail.outbox[-1].to == [email]
