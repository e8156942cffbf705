"""Signing in through a real OpenID Connect provider that runs on this machine."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.test import Client

from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.models import Invitation, User
from estime.people.oidc import Provider, provider_checked, provider_settings

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
START = "/en/account/provider/start/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    mock = pytest.importorskip("oidc_provider_mock")
    with mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _configured(settings: LazySettings, provider: str, _home: Path) -> None:
    use(settings, provider)
    make_home()


def use(settings: LazySettings, server: str, role: str = "") -> None:
    told = provider_checked(Provider(server, "Maison Login", "estime", "s3cret", role))
    settings.ESTIME_OIDC, settings.SOCIALACCOUNT_PROVIDERS = told, provider_settings(told)


def known_there(provider: str, sub: str, **claims: Any) -> None:
    assert requests.put(f"{provider}/users/{sub}", json=claims, timeout=10).ok


def through(browser: Client, sub: str, start: str = START, **asked: str) -> Any:
    """What a person does: press the button here, sign in there, come back."""
    page = browser.post(start, asked)
    assert page.status_code == 200
    address = re.search(r'<a class="button primary" href="([^"]+)"', page.content.decode())
    assert address
    there = address[1].replace("&amp;", "&")
    query = parse_qs(urlsplit(there).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/account/oidc/sso/login/callback/"]
    back = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=10).headers["Location"]
    return browser.get(back.removeprefix("http://testserver"))


def signed_in(browser: Client) -> bool:
    return browser.get("/en/me/").status_code == 200


def test_whoever_is_invited_comes_in_with_the_role_they_were_invited_to(
    client: Client, provider: str
) -> None:
    people.invite("claire@example.org", "analyst", None, "x")
    known_there(provider, "claire", email="Claire@example.org", email_verified=True, name="Claire")
    assert through(client, "claire").headers["Location"] == "/en/"
    user = User.objects.get()
    assert (user.email, user.name, user.role, user.has_usable_password()) == (
        "claire@example.org", "Claire", "analyst", False,
    )  # fmt: skip
    assert Invitation.objects.get().accepted_by == user
    assert signed_in(client)
    again = Client()
    through(again, "claire")
    assert signed_in(again)
    assert User.objects.count() == 1


def test_whoever_is_not_invited_stays_outside(client: Client, provider: str) -> None:
    known_there(provider, "eve", email="eve@example.org", email_verified=True)
    answer = through(client, "eve")
    assert answer.headers["Location"] == "/en/account/login/"
    assert "invited" in client.get(answer.headers["Location"]).content.decode()
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nobodys_login(
    client: Client, provider: str, verified: object
) -> None:
    people.login_make("bo@example.org", "administrator")
    people.invite("claire@example.org", "administrator", None, "x")
    for email in ("bo@example.org", "claire@example.org"):
        told = {"email": email} | ({} if verified is None else {"email_verified": verified})
        known_there(provider, f"eve-{verified}", **told)
        through(client, f"eve-{verified}")
        assert not signed_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_login_is_connected_by_an_address_that_both_sides_vouch_for(client: Client, provider: str) -> None:
    bo = people.login_make("bo@example.org", "lead")
    known_there(provider, "bo", email="bo@example.org", email_verified=True)
    through(client, "bo")
    assert signed_in(client)
    assert SocialAccount.objects.get().user == bo
    User.objects.filter(pk=bo.pk).update(email="moved@example.org")
    other = Client()
    through(other, "bo")
    assert signed_in(other)  # the connection is to the provider's subject, not to an address


def test_a_trap_laid_with_somebodys_address_is_not_connected(client: Client, provider: str) -> None:
    """Eve makes a login with Bo's address and her password; Bo must not land in it."""
    trap = User.objects.create_user("bo@example.org", "eves own password")
    EmailAddress.objects.create(user=trap, email="bo@example.org", verified=False, primary=True)
    known_there(provider, "bo2", email="bo@example.org", email_verified=True)
    through(client, "bo2")
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_whoever_was_shut_out_stays_out(client: Client, provider: str) -> None:
    people.login_make("ada@example.org", "administrator")
    people.shut_out(people.login_make("cy@example.org", "lead").pk)
    known_there(provider, "cy", email="cy@example.org", email_verified=True)
    through(client, "cy")
    assert not signed_in(client)


def test_a_role_for_everybody_of_the_provider_if_it_is_configured(
    client: Client, provider: str, settings: LazySettings
) -> None:
    use(settings, provider, "moderator")
    known_there(provider, "dan", email="dan@example.org", email_verified=True)
    through(client, "dan")
    assert User.objects.get().role == "moderator"
    assert signed_in(client)


def test_connecting_from_me_needs_no_equal_address(client: Client, provider: str) -> None:
    bo = people.login_make("bo@example.org", "lead")
    client.force_login(bo)
    known_there(provider, "private", email="else@example.org", email_verified=False)
    answer = through(client, "private", f"{START}?process=connect")
    assert answer.headers["Location"] == "/en/me/"
    assert SocialAccount.objects.get().user == bo


def test_an_answer_that_nobody_asked_for_signs_nobody_in(client: Client) -> None:
    people.login_make("bo@example.org", "lead")
    client.get("/account/oidc/sso/login/callback/?code=x&state=y")
    client.get("/account/oidc/sso/login/callback/?error=access_denied")
    assert not signed_in(client)


def test_without_a_provider_there_is_no_way_through_one(client: Client, settings: LazySettings) -> None:
    settings.ESTIME_OIDC, settings.SOCIALACCOUNT_PROVIDERS = Provider(), {}
    assert client.post(START).status_code == 404
    assert client.get("/account/oidc/sso/login/callback/").status_code == 404
    assert "provider/start" not in client.get("/en/account/login/").content.decode()


def test_the_secret_is_in_no_page_and_no_log(
    client: Client, provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    known_there(provider, "eve3", email="eve@example.org", email_verified=True)
    pages = [client.get("/en/account/login/"), client.post(START), through(client, "eve3")]
    assert not any("s3cret" in page.content.decode() for page in pages)
    assert "s3cret" not in caplog.text


def test_a_provider_that_is_down_is_told(client: Client, settings: LazySettings) -> None:
    use(settings, "http://127.0.0.1:1")
    answer = client.post(START, follow=True)
    assert "provider" in answer.content.decode()
    assert answer.status_code < 500
