"""The page on which customers are invited: several at once, led to the space they are wanted in."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from estime.cocreation import api as cocreation
from estime.kernel import clock
from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.models import Invitation, User

pytestmark = pytest.mark.django_db
THERE = "/en/members/invite/"


@pytest.fixture
def lead(client: Client, settings: LazySettings, _home: Path) -> User:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_home()
    user = people.login_make("lea@example.org", "lead", people.Profile("Léa"))
    client.force_login(user)
    return user


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/en/join/[^\s\"<]+)", text.replace("&amp;", "&"))


def test_several_are_invited_once_and_led_to_the_space(client: Client, lead: User) -> None:
    cocreation.Space.objects.create(slug="bottle", title="Bottle", threshold=25, created=clock.now())
    told = {"addresses": "Ann@example.org, ben@example.org\n\nann@example.org", "once": "1"}
    for _twice in range(2):  # a form sent twice is one invitation and one mail each
        answer: Any = client.post(f"{THERE}?space=bottle", told)
        assert answer.headers["Location"] == f"{THERE}?space=bottle"
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"], ["ben@example.org"]]
    assert {one.role for one in Invitation.objects.all()} == {"member"}
    page = client.get(f"{THERE}?space=bottle").content.decode()
    (mailed,) = links(mail.outbox[0].body)
    assert mailed in links(page)
    assert links(client.get(THERE).content.decode()) == []  # shown once
    ann = Client()
    ann.get(mailed)
    joined = ann.post("/en/join/", {"name": "Ann", "password": ""})
    assert joined.headers["Location"] == "/en/spaces/bottle/"
    assert User.objects.get(email="ann@example.org").role == "member"


def test_a_link_leads_nowhere_else(client: Client, lead: User) -> None:
    client.post(THERE, {"addresses": "ann@example.org", "once": "1"})
    (mailed,) = links(mail.outbox[0].body)
    for number, evil in enumerate(("https://evil.example/", "//evil.example/", "javascript:alert(1)")):
        ann = Client()
        ann.get(f"{mailed}?next={evil}")
        if number == 2:
            assert "evil" not in ann.post("/en/join/", {"name": "Ann"}).headers["Location"]
        assert "evil" not in str(dict(ann.session))


def test_what_is_no_address_or_too_many_is_told_and_nobody_invited(client: Client, lead: User) -> None:
    for told, said in (
        ("ann@example.org\nnobody", "This is no e-mail address: nobody"),
        ("\n".join(f"m{n}@example.org" for n in range(51)), "At most 50 at a time."),
        (" \n , ", "at least one"),
    ):
        answer = client.post(THERE, {"addresses": told, "once": "1"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Invitation.objects.exists()


def test_whoever_is_here_is_told_and_the_others_are_invited(client: Client, lead: User) -> None:
    people.login_make("ann@example.org", "member")
    people.invite("cy@example.org", "moderator", None, "x")
    told = {"addresses": "ann@example.org\ncy@example.org\nben@example.org", "once": "1"}
    page = client.post(THERE, told, follow=True).content.decode()
    assert "has a login already" in page
    assert "invited to your team already" in page
    assert [letter.to for letter in mail.outbox] == [["ben@example.org"]]
    assert people.invitation_of("cy@example.org").role == "moderator"  # type: ignore[union-attr]


def test_an_invitation_to_the_team_is_not_theirs_to_take_back(client: Client, lead: User) -> None:
    team = people.invite("cy@example.org", "moderator", None, "x").invitation
    mine = people.invite("ann@example.org", "member", lead, "x").invitation
    for one in (team, mine):
        client.post(f"/en/members/invite/{one.pk}/revoke/")
    assert people.invitation_of("cy@example.org") is not None
    assert people.invitation_of("ann@example.org") is None


def test_a_new_name_is_the_name_on_every_page(client: Client, lead: User) -> None:
    member = cocreation.member_of(lead)
    client.post("/en/me/", {"name": "Léa Martin", "language": "", "timezone": ""})
    member.refresh_from_db()
    assert member.name == "Léa Martin"
