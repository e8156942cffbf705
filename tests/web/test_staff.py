"""The page Team: inviting, roles, shutting out, as an administrator does it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.models import Invitation, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings, _home: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_home()


@pytest.fixture
def ada(client: Client) -> User:
    user = people.login_make("ada@example.org", "administrator", people.Profile("Ada"))
    client.force_login(user)
    return user


def invite(client: Client, **told: str) -> Any:
    return client.post("/en/staff/invite/", {"email": "bo@example.org", "role": "lead", "once": "1", **told})


def shown(client: Client) -> str:
    return client.get("/en/staff/").content.decode()


def link_in(text: str) -> str | None:
    found = re.search(r"http://testserver(/en/join/\w+/)", text)
    return found[1] if found else None


def test_an_invitation_goes_by_mail_and_is_shown_once(client: Client, ada: User) -> None:
    assert invite(client).headers["Location"] == "/en/staff/"
    page = shown(client)
    link = link_in(page)
    assert link
    assert link_in(mail.outbox[0].body) == link
    assert "Community lead" in mail.outbox[0].body
    assert link_in(shown(client)) is None
    assert Client().get(link, follow=True).status_code == 200


def test_the_form_sent_twice_is_one_invitation_one_mail_one_link(client: Client, ada: User) -> None:
    links = []
    for _twice in range(2):
        invite(client)
        links.append(link_in(shown(client)))
    assert links[0] == links[1]
    assert Invitation.objects.count() == len(mail.outbox) == 1


def test_a_new_link_and_taking_it_back(client: Client, ada: User) -> None:
    invite(client)
    old = link_in(shown(client))
    place = f"/en/staff/invitations/{Invitation.objects.get().pk}/"
    client.post(place, {"do": "renew", "once": "2"})
    new = link_in(shown(client))
    assert old
    assert new
    assert (Client().get(old, follow=True).status_code, Client().get(new, follow=True).status_code) == (
        410,
        200,
    )
    client.post(place, {"do": "revoke"})
    assert Client().get(new, follow=True).status_code == 410
    assert "over already" in client.post(place, {"do": "revoke"}, follow=True).content.decode()


def test_what_cannot_be_is_said_beside_the_field(client: Client, ada: User) -> None:
    for told, words in (
        ({"email": "ada@example.org"}, "one of your people already"),
        ({"email": "no address"}, "no e-mail address"),
    ):
        answer = invite(client, **told)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert invite(client, role="member").status_code == 422
    assert not Invitation.objects.exists()


def test_without_a_mail_server_the_link_is_handed_over(
    client: Client, ada: User, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invite(client)
    page = shown(client)
    assert "could not be sent" in page
    assert link_in(page)


def test_roles_and_shutting_out(client: Client, ada: User) -> None:
    bo = people.login_make("bo@example.org", "lead", people.Profile("Bo"))
    place = f"/en/staff/{bo.pk}/"
    client.post(place, {"do": "role", "role": "analyst"})
    assert User.objects.get(pk=bo.pk).role == "analyst"
    client.post(place, {"do": "out"})
    assert not User.objects.get(pk=bo.pk).is_active
    assert "Open it again" in shown(client)
    client.post(place, {"do": "in"})
    assert User.objects.get(pk=bo.pk).is_active
    for told in ({"do": "role", "role": "king"}, {"do": "nonsense"}, {}):
        client.post(place, told)
    assert User.objects.get(pk=bo.pk).role == "analyst"
    assert client.post("/en/staff/4711/", {"do": "out"}, follow=True).status_code == 200


def test_the_last_administrator_is_told_why_not(client: Client, ada: User) -> None:
    answer = client.post(f"/en/staff/{ada.pk}/", {"do": "role", "role": "lead"}, follow=True)
    assert "only administrator" in answer.content.decode()
    assert User.objects.get(pk=ada.pk).role == "administrator"


def test_what_somebody_is_called_is_text(client: Client, ada: User) -> None:
    people.login_make("eve@example.org", "lead", people.Profile("<script>alert(1)</script>"))
    assert "<script>alert" not in shown(client)


def test_the_list_costs_no_query_for_each_person(
    client: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        people.login_make(f"p{number}@example.org", "lead")
        people.invite(f"i{number}@example.org", "lead", ada, "x")
    with django_assert_max_num_queries(8):
        shown(client)
