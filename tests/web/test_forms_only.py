"""An address that takes a form alone leads on whoever opens it, and changes nothing."""

import pytest
from django.conf import LazySettings
from django.test import Client

from estime.people.models import User
from estime.people.roles import Role
from estime.web.forms_only import page_above


@pytest.mark.usefixtures("db")
def test_whoever_opens_it_is_led_to_the_page_with_the_form(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client.force_login(User.objects.create_user("a@example.org", role=Role.ADMINISTRATOR))
    shown = client.get("/fr/staff/invite/")
    assert shown.status_code == 405
    assert shown["Allow"] == "POST"
    assert 'href="/fr/staff/"' in shown.content.decode()
    assert client.put("/fr/staff/invite/").content == b""


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/en/to-keep/questions/12/answer/", "/en/to-keep/questions/12/"),
        ("/en/tokens/3/revoke/", "/en/tokens/"),
        ("/en/people/find/", "/en/"),
        ("/people/find/", "/"),
    ],
)
def test_the_page_above_is_one_that_exists(path: str, above: str) -> None:
    assert page_above(path) == above
