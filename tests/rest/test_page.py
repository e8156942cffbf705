"""Protects the page of access tokens: a secret is shown once, and nobody sees or revokes what is not theirs."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from rest.conftest import person

from estime.people.models import AccessToken, User
from estime.people.tokens import token_find, token_make

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"est_[0-9A-Za-z]{38}")
WISH = {"name": "shop", "scopes": ["acts:write", "acts:read"], "channel": "", "days": "90", "once": "x1"}


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_a_secret_is_shown_once_and_stands_in_no_address():
    client = signed_in(person("lead"))
    made = client.post("/en/tokens/", WISH)
    assert (made.status_code, made["Location"]) == (302, "/en/tokens/")
    stored = str([session.get_decoded() for session in Session.objects.all()])
    page = client.get("/en/tokens/")
    (secret,) = SECRET.findall(page.content.decode())
    assert secret not in stored
    assert "no-store" in page["Cache-Control"]
    found = token_find(secret)
    assert found is not None
    assert found.scopes == {"acts:write", "acts:read"}
    assert not SECRET.search(client.get("/en/tokens/").content.decode())


def test_the_same_form_twice_makes_one_token():
    client = signed_in(person("lead"))
    client.post("/en/tokens/", WISH)
    client.post("/en/tokens/", WISH)
    assert AccessToken.objects.count() == 1
    client.post("/en/tokens/", {**WISH, "once": "x2"})
    assert AccessToken.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "x" * 101}, {"scopes": []}, {"new_channel": "a b"}, {"scopes": ["acts:all"]}],
)
def test_what_is_wrong_is_said_beside_what_was_written(change):
    answer = signed_in(person("lead")).post("/fr/tokens/", {**WISH, **change})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode() or 'class="notice error"' in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_nobody_is_offered_more_than_they_may():
    page = signed_in(person("analyst")).get("/en/tokens/").content.decode()
    assert 'value="figures:read"' in page
    assert 'value="acts:write"' not in page
    answer = signed_in(person("analyst")).post("/en/tokens/", WISH)
    assert answer.status_code == 422
    assert not AccessToken.objects.exists()


def test_one_sees_and_revokes_ones_own_and_administrators_all():
    hers, _ = token_make(person("lead"), "hers", ["acts:write"])
    his, _ = token_make(person("analyst"), "his", ["acts:read"])
    lead = signed_in(person("lead"))
    page = lead.get("/en/tokens/").content.decode()
    assert "hers" in page
    assert "his</th>" not in page
    assert "his<p" not in page
    assert lead.post(f"/en/tokens/{his.pk}/revoke/").status_code == 404
    assert lead.get(f"/en/tokens/{hers.pk}/revoke/").status_code == 405
    his.refresh_from_db()
    assert his.revoked is None
    root = signed_in(person())
    assert "his" in root.get("/en/tokens/").content.decode()
    for _ in range(2):
        assert root.post(f"/en/tokens/{his.pk}/revoke/").status_code == 302
    his.refresh_from_db()
    assert his.revoked is not None


@pytest.mark.parametrize("role", ["member", "representative", "moderator"])
def test_everybody_makes_tokens_for_what_they_may_themselves(role):
    """A member’s take part in their name, and are neither offered acts nor told which channels there are."""
    client = signed_in(person(role))
    page = client.get("/en/tokens/").content.decode()
    assert 'value="spaces:write"' in page
    assert 'value="acts:write"' not in page
    assert ('value="spaces:moderate"' in page) == (role == "moderator")
    assert ('name="channel"' in page) == (role != "member")
    assert client.post("/en/tokens/", WISH).status_code == 422
    wish = {**WISH, "scopes": ["spaces:read", "votes:cast"], "once": "x2"}
    assert client.post("/en/tokens/", wish).status_code == 302
    secret = SECRET.search(client.get("/en/tokens/").content.decode())
    assert secret is not None
    bearer = token_find(secret.group())
    assert bearer is not None
    assert bearer.may("votes:cast")
    assert not bearer.may("spaces:write")
    assert Client().get("/en/tokens/").status_code == 302


def test_a_channel_that_is_not_there_yet_may_be_named():
    signed_in(person("lead")).post("/en/tokens/", {**WISH, "new_channel": "shop"})
    assert AccessToken.objects.get().channel == "shop"


def test_error_codes_are_explained_where_problems_point():
    page = Client().get("/en/errors/").content.decode()
    for code in ("token-unknown", "too-many-requests", "went-wrong", "act-differs"):
        assert f'id="{code}"' in page
    for mark in ("](", "../"):
        assert mark not in page, "links between pages of the documentation lead nowhere here"
    assert Client().get("/errors", follow=True).status_code == 200
