"""Protects who may do what of co-creation: every endpoint as every role, with the right scope and with others; and what
is told to whoever may not see something."""

from typing import Any

import pytest
from cocreation.places import person
from cocreation.writing import given, said
from django.test import Client
from rest.cocreation.conftest import EVERYTHING, Program
from rest.cocreation.needed import NEEDED

from estime.cocreation import api
from estime.cocreation.api import Challenge, Contribution, Interpellation, Space
from estime.people.roles import Role, role_may
from estime.people.tokens import SCOPES, token_make

KEY = "0190f3c4-0000-7000-8000-00000000000f"


def address(path: str) -> str:
    for name in ("number", "entry", "version", "option", "objection"):
        path = path.replace(f"{{{name}}}", "987654")
    return path.replace("{slug}", "nowhere").replace("{key}", KEY)


def asked(client: Client, method: str, path: str) -> int:
    """The status: a body that says nothing where one may come."""
    body = {} if method == "GET" else {"data": {}, "content_type": "application/json"}
    return int(getattr(client, method.lower())(f"/api/v1{address(path)}", **body).status_code)


@pytest.mark.parametrize("role", [*Role, "stranger"])
def test_cell_by_cell(db, folder, role):
    """With its one scope a token comes as far as its owner's role; 404, 422 and 200 all mean that it came in."""
    (folder / "estime.toml").write_text("[rest]\nstrangers_per_minute = 0\nreads_per_minute = 0\n")
    clients = {scope: Client() for scope in EVERYTHING}
    if role != "stranger":
        user = person("Alex Moreau", "administrator").user
        for scope in EVERYTHING:
            _token, secret = token_make(user, scope, [scope])
            clients[scope] = Client(headers={"authorization": f"Bearer {secret}"})
        user.role = role
        user.save()
    wrong = []
    for (method, path), needed in NEEDED.items():
        scope = needed.rstrip("*")
        allowed = needed.endswith("*") if role == "stranger" else role_may(role, SCOPES[scope])
        status = asked(clients[scope], method, path)
        refused = 401 if role == "stranger" else 403
        if (status == refused) == allowed or status in (405, 500):
            wrong.append((method, path, status))
    assert not wrong


def test_another_scope_opens_nothing(db, folder):
    (folder / "estime.toml").write_text("[rest]\nreads_per_minute = 0\n")
    user = person("Alex Moreau", "administrator").user
    wrong = []
    for scope in EVERYTHING:
        _token, secret = token_make(user, scope, [other for other in SCOPES if other != scope])
        client = Client(headers={"authorization": f"Bearer {secret}"})
        for (method, path), needed in NEEDED.items():
            if needed.rstrip("*") == scope and asked(client, method, path) != 403:
                wrong.append((method, path))
    assert not wrong


DEEDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "space.manage": ("post", "/spaces", {"title": "Another", "public": False}),
    "challenge.lead": ("post", "/challenges/{challenge}/polls", {"title": "x", "binding": False}),
    "decision.write": (
        "post",
        "/contributions/{one}/decisions",
        {"outcome": "not_taken", "reason": "It costs too much to make.", "lives_on": "The thought."},
    ),
    "decision.override": (
        "put",
        "/challenges/{challenge}/override",
        {"title": "x", "reason": "y", "instead": "z"},
    ),
}


@pytest.mark.parametrize("permission", DEEDS)
@pytest.mark.parametrize("role", Role)
def test_what_the_role_does_not_include_is_not_done(place, program, role, permission):
    """A scope is no permission: what the pages refuse to a role, its tokens are refused."""
    here = place()
    one = given(here, here.anna)
    method, path, told = DEEDS[permission]
    by = program(person("Alex Moreau", role))
    answer = by.send(method, path.format(challenge=here.challenge.pk, one=one.pk), told)
    assert (answer.status_code == 403) == (not role_may(role, permission)), answer.content


def test_a_token_for_another_channel_takes_no_part(place, program):
    here = place()
    answer = program(here.anna, channel="forum").get("/spaces")
    assert (answer.status_code, answer.json()["code"]) == (403, "channel-not-allowed")
    assert program(here.anna, channel="estime").get("/spaces").status_code == 200


def readable(here: Any, one: Contribution, comment: int, asked: Interpellation) -> list[str]:
    """An address of each kind of thing that stands in a space."""
    slug, challenge = here.space.slug, here.challenge.pk
    return [
        *(f"/spaces/{slug}{end}" for end in ("", "/challenges", "/contributions", "/questions", "/events")),
        *(f"/spaces/{slug}{end}" for end in ("/power", "/considered", "/newcomers")),
        *(f"/challenges/{challenge}{end}" for end in ("", "/contributions", "/comments", "/polls", "/deals")),
        *(f"/challenges/{challenge}{end}" for end in ("/backstage", "/decisions", "/outcomes", "/events")),
        *(
            f"/contributions/{one.pk}{end}"
            for end in ("", "/comments", "/versions", "/versions/1", "/answers")
        ),
        *(f"/questions/{asked.pk}{end}" for end in ("", "/comments")),
        f"/comments/{comment}",
    ]


def test_a_closed_space_is_not_there_for_strangers(place, program):
    """Neither its things nor whether they exist: 404, as for what is not there. Members read all of it."""
    here = place(public=False)
    one = given(here, here.anna)
    comment = said(here, here.ben, one).pk
    asked = api.question_ask(here.anna, here.space, api.QuestionWords("Why glue?"), when=here.at)
    stranger, member = program(None), program(here.dani)
    for path in readable(here, one, comment, asked):
        assert stranger.get(path).status_code == 404, path
        assert member.get(path).status_code == 200, path
    assert stranger.get("/spaces").json()["spaces"] == []
    Space.objects.update(public=True)
    for path in readable(here, one, comment, asked):
        assert stranger.get(path).status_code == 200, path


def test_a_draft_is_its_leads_alone(place, program):
    here = place(opened=False)
    for reader in (program(None), program(here.anna), program(here.remi)):
        for end in ("", "/contributions", "/comments", "/polls", "/deals", "/backstage", "/check"):
            assert reader.get(f"/challenges/{here.challenge.pk}{end}").status_code in (401, 404), end
    assert program(here.lea).get(f"/challenges/{here.challenge.pk}").status_code == 200
    own = program(here.anna).post(f"/spaces/{here.space.slug}/challenges", {"title": "Mine"}).json()["id"]
    assert Challenge.objects.get(pk=own).by_brand is False
    assert program(here.anna).get(f"/challenges/{own}").status_code == 200
    assert program(here.ben).get(f"/challenges/{own}").status_code == 404
    assert program(here.lea).put(f"/challenges/{own}", {"title": "Theirs"}).status_code == 404


def test_somebody_elses_draft_is_not_there(place, program):
    here = place()
    anna, ben = program(here.anna), program(here.ben)
    words = {"challenge": here.challenge.pk, "title": "Secret plan"}
    assert anna.put(f"/drafts/{KEY}", words).status_code == 200
    for answer in (
        ben.get(f"/drafts/{KEY}"),
        ben.put(f"/drafts/{KEY}", words),
        ben.post(f"/drafts/{KEY}/publish", {"deal": 1}),
    ):
        assert answer.status_code == 404
        assert b"Secret plan" not in answer.content
    assert ben.delete(f"/drafts/{KEY}").status_code == 200
    assert anna.get(f"/drafts/{KEY}").json()["title"] == "Secret plan", "thrown away by nobody else"
    assert ben.get("/drafts").json()["drafts"] == []


def test_hidden_words_are_told_to_nobody_but_their_authors(place, program):
    here = place()
    one = given(here, here.anna, "Unspeakable", "Unspeakable words.")
    comment = said(here, here.ben, one, "Unspeakable answer.")
    built = given(here, here.ben, "Built", "On it.", built_on=one)
    Contribution.objects.filter(pk=one.pk).update(hidden=True)
    comment.hidden = True
    comment.save()
    paths = [
        f"/contributions/{one.pk}",
        f"/contributions/{one.pk}/comments",
        f"/contributions/{built.pk}",
        f"/challenges/{here.challenge.pk}/contributions?words=unspeakable",
        f"/challenges/{here.challenge.pk}/events",
        f"/comments/{comment.pk}",
    ]
    for reader in (program(None), program(here.chloe), program(here.remi)):
        told = b"".join(reader.get(path).content for path in paths)
        assert b"nspeakable" not in told
        assert reader.get(f"/contributions/{one.pk}/versions/1").status_code == 404
    assert program(here.anna).get(paths[0]).json()["body"] == "Unspeakable words."


def test_no_address_of_anybody_is_told(place):
    """People are told by name: an e-mail address stands in no answer."""
    here = place()
    one = given(here, here.anna)
    comment = said(here, here.ben, one, "@Anna Weber, good.").pk
    reader = Program(here.alix)
    paths = [
        f"/contributions/{one.pk}",
        f"/contributions/{one.pk}/comments",
        f"/comments/{comment}",
        "/me/contributions",
    ]
    told = b"".join(reader.get(path).content for path in paths)
    assert b"Anna Weber" in told
    assert b"@example.org" not in told
