"""Protects who may do what: every role, every scope, every endpoint, against the one table of roles."""

import json
import re
from collections.abc import Iterator

import pytest
from rest.cocreation.needed import NEEDED as OF_COCREATION
from rest.conftest import ACT, person

from estime.people.models import AccessToken
from estime.people.roles import Role, role_may
from estime.people.tokens import SCOPES, token_find, token_make
from estime.rest.auth import Token
from estime.rest.service import API

NEEDED = {
    ("POST", "/acts"): "acts:write",
    ("GET", "/acts"): "acts:read",
    ("GET", "/acts/{id}"): "acts:read",
    ("POST", "/persons/find"): "persons:read",
    ("GET", "/persons/{account}"): "persons:read",
    ("GET", "/persons/{account}/acts"): "persons:read acts:read",
    ("GET", "/figures"): "figures:read",
    ("GET", "/figures/measures"): "figures:read",
    ("GET", "/readouts"): "readouts:read",
    ("GET", "/readouts/{scope}"): "readouts:read",
    ("GET", "/validity"): "readouts:read",
    ("GET", "/surveys"): "surveys:read",
    ("GET", "/texts"): "listening:read",
    ("GET", "/targets"): "listening:read",
    ("GET", "/searches"): "listening:read",
    ("POST", "/searches"): "listening:write",
    ("GET", "/searches/{number}"): "listening:read",
    ("PUT", "/searches/{number}"): "listening:write",
    ("DELETE", "/searches/{number}"): "listening:write",
    ("GET", "/alerts"): "listening:read",
    ("PUT", "/alerts/seen"): "listening:write",
    ("GET", "/readings"): "figures:read",
    ("POST", "/affect"): "affect:read",
    ("GET", "/topics"): "listening:read",
    ("GET", "/channels"): "",
    ("GET", "/me"): "",
}
PERMISSION = {
    "acts:write": "acts.write",
    "acts:read": "acts.see",
    "persons:read": "persons.see",
    "figures:read": "figures.see",
    "readouts:read": "figures.see",
    "spaces:read": "space.take_part",
    "spaces:write": "space.take_part",
    "votes:cast": "space.take_part",
    "spaces:lead": "space.take_part",
    "spaces:moderate": "moderation.act",
    "surveys:read": "survey.see",
    "listening:read": "listening.see",
    "listening:write": "listening.see",
    "affect:read": "listening.see",
    "me:leave": "me.own",
}


def operations() -> Iterator[tuple[str, str, Token]]:
    for bound in API._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    (auth,) = operation.auth_callbacks
                    yield method, path, auth


def test_every_endpoint_stands_in_this_test():
    told = {}
    for method, path, auth in operations():
        name = re.sub(r"{\w+:act_id}", "{id}", path)
        told[method, re.sub(r"{\w+:", "{", name)] = " ".join(auth.scopes) + "*" * auth.strangers
    assert told == {**NEEDED, **OF_COCREATION}
    assert SCOPES == PERMISSION


@pytest.mark.parametrize("role", list(Role))
def test_cell_by_cell(db, client, role):
    """A token has one scope; its owner has the role now, whatever it was when the token was made."""
    owner = person("administrator", f"{role}@example.org")
    made = {scope: token_make(owner, scope, [scope])[1] for scope in SCOPES}
    owner.role = role
    owner.save()
    wrong = []
    for (method, path), needed in NEEDED.items():
        for scope, secret in made.items():
            address = "/api/v1" + path.replace("{id}", "01a201de-10d0-7027-bf61-d3110a3cf7f0").replace(
                "{account}", "7"
            ).replace("{scope}", "*")
            body = json.dumps([ACT] if path == "/acts" else {"channel": "forum", "handle": "x"})
            told = {"headers": {"authorization": f"Bearer {secret}"}}
            if method == "POST":
                address += "?channel=forum" if path == "/acts" else ""
                answer = client.post(address, body, content_type="application/json", **told)
            else:
                answer = client.generic(method, address.replace("{number}", "7"), **told)
            allowed = scope == needed and role_may(
                role, PERMISSION[needed]
            )  # where two are needed, one is not enough
            if path == "/me":
                allowed = True
            if path == "/channels":
                allowed = role_may(role, "channels.see")
            if (answer.status_code == 403) == allowed or answer.status_code == 401:
                wrong.append((method, path, scope, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_a_persons_acts_need_both_scopes(db, client, role):
    owner = person("administrator", f"{role}@example.org")
    _token, secret = token_make(owner, "both", ["acts:read", "persons:read"])
    owner.role = role
    owner.save()
    answer = client.get("/api/v1/persons/7/acts", headers={"authorization": f"Bearer {secret}"})
    allowed = role_may(role, "acts.see") and role_may(role, "persons.see")
    assert answer.status_code == (404 if allowed else 403)


def test_the_refusal_says_what_is_lacking(asking):
    told = asking("figures:read").get("/acts").json()
    assert "acts:read" in told["detail"]
    assert told["code"] == "not-allowed"


def test_the_scopes_of_a_token_that_stands_are_read_as_they_are(db):
    """A scope that is no more gives nothing, and breaks nothing."""
    _token, secret = token_make(person(), "old", ["acts:read"])
    AccessToken.objects.update(scopes="acts:read acts:gone")
    assert token_find(secret).may("acts:read")
