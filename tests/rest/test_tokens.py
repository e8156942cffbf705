"""Protects tokens: a secret is told once and kept nowhere, and what a token may do is true at this moment."""

from datetime import timedelta

import pytest
from django.db import connection
from rest.conftest import person

from estime.kernel.clock import now
from estime.people.models import AccessToken
from estime.people.tokens import (
    MOST_PER_OWNER,
    SCOPES,
    TokenRefused,
    token_find,
    token_make,
    token_revoke,
    well_formed,
)

pytestmark = pytest.mark.django_db


def test_the_secret_is_kept_nowhere():
    token, secret = token_make(person(), "shop", ["acts:write"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_accesstoken")
        told = str(cursor.fetchall())
    assert secret not in told
    assert secret[8:] not in told
    assert token.start == secret[:8]


def test_a_secret_is_known_by_its_form():
    _token, secret = token_make(person(), "shop", ["acts:write"])
    assert well_formed(secret)
    assert secret.startswith("est_")
    assert len(secret) == 42
    for at in (4, 20, 35, 41):
        other = "b" if secret[at] == "a" else "a"
        assert not well_formed(secret[:at] + other + secret[at + 1 :])
    assert not well_formed("")
    assert not well_formed(secret + "\n")


def test_it_is_found_until_it_is_revoked():
    token, secret = token_make(person(), "shop", ["acts:write"], channel="shop")
    found = token_find(secret)
    assert found is not None
    assert (found.token, found.channel, found.may("acts:write"), found.may("acts:read")) == (
        token.pk, "shop", True, False,
    )  # fmt: skip
    assert token_revoke(token)
    assert token_find(secret) is None
    assert not token_revoke(token)


def test_it_expires():
    token, secret = token_make(person(), "shop", ["acts:write"], expires=now() + timedelta(days=1))
    assert token_find(secret) is not None
    AccessToken.objects.filter(pk=token.pk).update(expires=now() - timedelta(seconds=1))
    assert token_find(secret) is None


def test_a_change_of_role_takes_effect_at_once():
    owner = person("lead")
    _token, secret = token_make(owner, "shop", ["acts:write", "persons:read"])
    assert token_find(secret).may("acts:write")
    owner.role = "moderator"
    owner.save()
    assert not token_find(secret).may("acts:write")
    assert token_find(secret).may("persons:read")
    owner.is_active = False
    owner.save()
    assert token_find(secret) is None


def test_use_is_noted_once_a_minute():
    token, secret = token_make(person(), "shop", ["acts:write"])
    token_find(secret)
    token.refresh_from_db()
    first = token.last_used
    assert first is not None
    token_find(secret)
    token.refresh_from_db()
    assert token.last_used == first
    AccessToken.objects.update(last_used=first - timedelta(minutes=2))
    token_find(secret)
    token.refresh_from_db()
    assert token.last_used >= first


@pytest.mark.parametrize(
    ("role", "wish"),
    [
        ("moderator", {"scopes": ["acts:write"]}),
        ("member", {}),
        ("member", {"scopes": ["spaces:moderate"]}),
        ("analyst", {"scopes": ["acts:write"]}),
        ("lead", {"scopes": ["acts:everything"]}),
        ("lead", {"scopes": []}),
        ("lead", {"name": "  "}),
        ("lead", {"name": "x" * 101}),
        ("lead", {"channel": "a/b"}),
        ("lead", {"channel": "forum\n"}),
        ("lead", {"expires": now() - timedelta(days=1)}),
    ],
)
def test_what_cannot_be_made_is_refused(role, wish):
    told = {"name": "shop", "scopes": ["figures:read"], **wish}
    with pytest.raises(TokenRefused) as refused:
        token_make(person(role), told.pop("name"), told.pop("scopes"), **told)
    assert refused.value.todo
    assert not AccessToken.objects.exists()


def test_nobody_has_endless_tokens():
    for _ in range(MOST_PER_OWNER):
        token, _secret = token_make(person(), "shop", SCOPES)
    with pytest.raises(TokenRefused):
        token_make(person(), "shop", SCOPES)
    token_revoke(token)
    token_make(person(), "shop", SCOPES)
