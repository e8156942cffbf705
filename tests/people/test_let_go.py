"""There is an administrator at all times; whoever is shut out is out at once."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from people.together import together

from estime.kernel.clock import now
from estime.people import api as people
from estime.people.models import AccessToken, StaffLink, User

pytestmark = pytest.mark.usefixtures("installed")


def administrators(count: int) -> list[User]:
    return [people.login_make(f"a{number}@example.org", "administrator") for number in range(count)]


@pytest.mark.parametrize("act", [lambda pk: people.role_change(pk, "lead"), people.shut_out])
def test_the_only_administrator_stays(act) -> None:
    (only,) = administrators(1)
    with pytest.raises(people.LastAdministrator):
        act(only.pk)
    assert list(people.administrators()) == [only]


def test_of_administrators_who_go_at_the_same_moment_one_stays() -> None:
    for _round in range(5):
        User.objects.update(role="member")
        them = [people.login_make(f"r{_round}n{n}@example.org", "administrator") for n in range(3)]
        calls = [lambda pk=one.pk: people.role_change(pk, "lead") for one in them[:2]]
        results = together(*calls, lambda pk=them[2].pk: people.shut_out(pk))
        assert people.administrators().count() == 1
        refused = [one for one in results if isinstance(one, Exception)]
        assert [type(one) for one in refused] == [people.LastAdministrator], results


def test_one_who_was_shut_out_does_not_count() -> None:
    one, two = administrators(2)
    people.shut_out(two.pk)
    with pytest.raises(people.LastAdministrator):
        people.shut_out(one.pk)


def test_sessions_tokens_and_links_end_at_once_and_stay_dead() -> None:
    administrators(1)
    user = people.login_make("bo@example.org", "lead", people.Profile(password="a long enough one"))
    browser = Client()
    told = {"login": "bo@example.org", "password": "a long enough one"}
    assert browser.post("/en/account/login/", told).status_code == 302
    assert browser.get("/en/me/").status_code == 200
    token = AccessToken.objects.create(owner=user, name="x", start="x", digest="x", scopes="")
    people.staff_link_make(user)
    people.shut_out(user.pk)
    assert browser.get("/en/me/").status_code == 302
    assert AccessToken.objects.get(pk=token.pk).revoked is not None
    assert not StaffLink.objects.exists()
    people.let_in(user.pk)
    assert browser.get("/en/me/").status_code == 302
    assert Client().post("/en/account/login/", told).headers["Location"] == "/en/"


def test_a_copied_session_does_not_outlive_signing_out_everywhere() -> None:
    """What counts is the stamp in the login's row, not whether the session's own row was found and deleted."""
    user = people.login_make("bo@example.org", "lead")
    browser = Client()
    browser.force_login(user)  # leaves no row among the sessions that are listed
    assert browser.get("/en/me/").status_code == 200
    people.sign_out_everywhere(user)
    assert browser.get("/en/me/").status_code == 302


def test_a_staff_link_signs_in_once_however_many_try() -> None:
    user = people.login_make("bo@example.org", "lead")
    secret = people.staff_link_make(user)
    assert secret not in repr(list(StaffLink.objects.values()))
    results = together(*[lambda: people.staff_link_use(secret)] * 4)
    assert [one for one in results if isinstance(one, User)] == [user]
    assert sum(isinstance(one, people.StaffLinkOver) for one in results) == 3


def test_a_staff_link_ends_after_ten_minutes_and_with_the_next_one() -> None:
    user = people.login_make("bo@example.org", "lead")
    old, new = people.staff_link_make(user), people.staff_link_make(user)
    with pytest.raises(people.StaffLinkOver):
        people.staff_link_use(old)
    assert StaffLink.objects.get().expires <= now() + timedelta(minutes=10)
    StaffLink.objects.update(expires=now())
    with pytest.raises(people.StaffLinkOver):
        people.staff_link_use(new)


def test_nobody_there() -> None:
    with pytest.raises(people.UnknownPerson):
        people.role_change(4711, "lead")
    with pytest.raises(people.UnknownRole):
        people.role_change(people.login_make("bo@example.org", "lead").pk, "king")


def test_a_session_that_ended_days_ago_makes_the_job_due_and_the_job_forgets_it() -> None:
    Session.objects.create(session_key="over", session_data="", expire_date=now() - timedelta(days=2))
    assert people.tidy_due()
    assert people.tidy_job({}, lambda done, total: None)
    assert not people.tidy_due()


def test_what_is_over_is_forgotten_and_nothing_else() -> None:
    user = people.login_make("bo@example.org", "lead", people.Profile(password="a long enough one"))
    browser, ended = Client(), Client()
    for each in (browser, ended):
        each.post("/en/account/login/", {"login": "bo@example.org", "password": "a long enough one"})
    people.staff_link_make(user)
    Session.objects.filter(session_key=ended.session.session_key).update(
        expire_date=now() - timedelta(days=1)
    )
    cache.set("old", 1, timeout=-10)
    cache.set("new", 1, timeout=100)
    people.tidy()
    assert Session.objects.count() == UserSession.objects.count() == StaffLink.objects.count() == 1
    assert browser.get("/en/me/").status_code == 200
    StaffLink.objects.update(expires=now() - timedelta(days=2))
    people.tidy()
    assert not StaffLink.objects.exists()
    assert cache.get("new") == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM estime_cache WHERE expires < %s", [str(now())[:19]])
        assert cursor.fetchone() == (0,)


def test_a_link_for_a_new_password_ends_with_the_sessions() -> None:
    """Sent before somebody was shut out, it opens nothing when they are let in again, within its hour or not."""
    administrators(1)
    bo = people.login_make("bo@example.org", "lead")
    endings = (
        lambda: (people.shut_out(bo.pk), people.let_in(bo.pk)),
        lambda: people.sign_out_everywhere(User.objects.get(pk=bo.pk)),
    )
    for ending in endings:
        bo.refresh_from_db()
        path = people.password_path(bo)
        assert "password1" in Client().get(path, follow=True).content.decode()
        ending()
        assert "password1" not in Client().get(path, follow=True).content.decode()
