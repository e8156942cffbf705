"""What is shown when there is nothing yet, and when something is wrong."""

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client, RequestFactory
from readouts import told
from web.stored import store

from estime.people.models import User
from estime.people.roles import Role
from estime.web import errors
from estime.web.views import overview


def signed_in(client: Client, role: Role) -> Client:
    client.force_login(User.objects.create_user(f"{role}@example.org", role=role))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "said", "not_said"),
    [
        (Role.LEAD, "Bring a file", "sign in to bring in"),
        (Role.ADMINISTRATOR, "estime import", "sign in to bring in"),
        (Role.ANALYST, "A community lead or an administrator can bring in the first file.", "estime import"),
        (Role.MEMBER, "Come back soon", "estime import"),
    ],
)
def test_an_empty_installation_tells_each_what_they_can_do(
    client: Client, role: Role, said: str, not_said: str
) -> None:
    page = signed_in(client, role).get("/en/overview/").content.decode()
    assert said in page
    assert not_said not in page


@pytest.mark.django_db
def test_a_stranger_is_shown_where_to_sign_in(client: Client) -> None:
    page = client.get("/en/overview/").content.decode()
    assert "sign in to bring in the first file" in page
    assert 'class="button primary" href="/en/account/login/' in page


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_of_a_failure_needs_neither_database_nor_session(
    client: Client, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """No `db` fixture: whatever asked the database would fail this test."""

    def broken(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(overview.api, "edition", broken)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "some-session"
    response = client.get(f"/{lang}/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "estime doctor" in page
    assert "gone" not in page
    assert f'lang="{lang}"' in page


def test_even_without_its_template_a_failure_is_told_in_both_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr(errors, "render_to_string", broken)
    page = errors.went_wrong(RequestFactory().get("/")).content.decode()
    assert "Something went wrong on our side." in page
    assert "de notre côté" in page


@pytest.mark.django_db
def test_a_bad_request_is_a_page_of_ours(client: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    response = errors.bad_request(RequestFactory().get("/en/"), Exception("x"))
    assert response.status_code == 400
    assert "We did not understand this request." in response.content.decode()


@pytest.mark.django_db
def test_the_brands_name_stands_first_and_a_new_one_is_shown_at_once(client: Client) -> None:
    from estime.kernel.home import home

    store((told.scope(), told.community()), draw=False)
    assert '<a class="brand" href="/en/">Estime</a>' in client.get("/en/").content.decode()
    (home() / "estime.toml").write_text(
        '[privacy]\npublic_overview = true\n[brand]\nname = "Le Coq & Fils"\n'
    )
    assert (
        '<a class="brand" href="/en/">Le Coq &amp; Fils<small>Estime</small></a>'
        in client.get("/en/").content.decode()
    )


@pytest.mark.django_db
def test_figures_open_their_acts_for_whoever_may_see_acts(client: Client) -> None:
    store((told.scope(), told.community()))
    public = client.get("/en/c/club/").content.decode()
    assert "/acts/?" not in public
    assert 'href="#active-share"' in public
    page = signed_in(client, Role.ANALYST).get("/en/c/club/").content.decode()
    week = "channel=club&amp;since=2026-03-05T18%3A00%3A00.000001&amp;until=2026-03-12T18%3A00%3A00.000001&amp;active=1"
    assert f'href="/en/acts/?{week}&amp;brand=0"' in page
    assert f'href="/en/acts/?{week}&amp;without_likes=1&amp;brand=0"' in page
    assert (
        'href="/en/acts/?channel=club&amp;since=2026-03-02&amp;until=2026-03-08&amp;active=1&amp;brand=0"'
        in page
    )
