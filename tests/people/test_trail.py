"""Who changed who may do what: every deed leaves one event, and no program changes or removes one."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from people.together import together

from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.people.guards import guard_names, guards_install, guards_missing
from estime.people.models import Deed, StaffEvent, User
from estime.people.tokens import token_make, token_revoke

pytestmark = pytest.mark.usefixtures("installed")


def told() -> list[tuple[str, str, str]]:
    """The events, oldest first: what, by whom, about whom."""
    return [
        (event.deed, event.by.email if event.by else "", event.about.email if event.about else "")
        for event in reversed(people.trail(50))
    ]


@pytest.fixture
def ada() -> User:
    user = people.login_make("ada@example.org", "administrator", people.Profile("Ada"))
    people.trail(1)
    return user


def test_every_deed_leaves_one_event(ada: User) -> None:
    made = people.invite("bo@example.org", "lead", ada, "1")
    people.invite("bo@example.org", "lead", ada, "1")  # the same form once more
    people.invite("bo@example.org", "analyst", ada, "2")
    other = people.invite("cy@example.org", "lead", ada, "3")
    people.invitation_revoke(other.invitation.pk, ada)
    people.invitation_revoke(other.invitation.pk, ada)
    bo = people.invitation_accept(people.invitation_of("bo@example.org"), people.Profile("Bo"))
    for _twice in range(2):
        people.role_change(bo.pk, "administrator", ada)
        people.shut_out(bo.pk, ada)
        people.let_in(bo.pk, ada)
        people.role_change(bo.pk, "lead", ada)
    bo.refresh_from_db()
    token, _secret = token_make(bo, "shop", ["acts:write"], by=bo)
    token_revoke(token, ada)
    token_revoke(token, ada)
    people.staff_link_use(people.staff_link_make(bo))
    people.password_path(bo)
    assert made.invitation.pk != other.invitation.pk
    a, b = "ada@example.org", "bo@example.org"
    rounds = [("role", a, b), ("closed", a, b), ("opened", a, b), ("role", a, b)] * 2
    assert told() == [
        ("login-made", "", a),
        ("invited", a, ""),
        ("invited-again", a, ""),
        ("invited", a, ""),
        ("invitation-revoked", a, ""),
        ("joined", b, b),
        *rounds,
        ("token-made", b, b),
        ("token-revoked", a, b),
        ("link-made", "", b),
        ("link-used", b, b),
        ("password-link-made", "", b),
    ]
    role = StaffEvent.objects.filter(deed=Deed.ROLE).order_by("pk")[0]
    assert role.data == {"before": "analyst", "after": "administrator"}


def test_a_deed_that_failed_leaves_none(ada: User) -> None:
    before = told()
    for wrong in (
        lambda: people.shut_out(ada.pk, ada),
        lambda: people.role_change(ada.pk, "lead", ada),
        lambda: people.invite("ada@example.org", "lead", ada, "1"),
        lambda: people.staff_link_use("no such link"),
    ):
        with pytest.raises(EstimeError):
            wrong()
    assert told() == before


def test_two_who_do_the_same_at_once_leave_one_event(ada: User) -> None:
    made = people.invite("bo@example.org", "lead", ada, "1").invitation
    together(*[lambda: people.invitation_revoke(made.pk, ada)] * 3)
    assert [deed for deed, _by, _about in told()].count("invitation-revoked") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_staffevent SET by_id = NULL",
        "DELETE FROM people_staffevent",
        "TRUNCATE people_staffevent",
        "INSERT OR REPLACE INTO people_staffevent (id, at, deed, data) VALUES (1, '2024-01-01', 'role', '{}')",
    ],
)
def test_the_database_refuses_to_change_one(ada: User, statement: str) -> None:
    before, number = told(), StaffEvent.objects.get().pk
    if connection.vendor == "postgresql":
        statement = statement.replace("OR REPLACE ", "").replace(
            "'{}')", "'{}') ON CONFLICT (id) DO UPDATE SET deed = 'x'"
        )
    else:
        statement = statement.replace("TRUNCATE", "DELETE FROM")  # what truncates there
    with (
        pytest.raises(DatabaseError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.replace("(1, ", f"({number}, "))
    assert told() == before


def test_a_guard_that_is_missing_is_named_and_put_back() -> None:
    assert guards_missing() == set()
    name = "people_staffevent_no_update"
    assert name in guard_names(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER {name}" + (" ON people_staffevent" if connection.vendor == "postgresql" else "")
        )
    assert guards_missing() == {name}
    guards_install()
    assert guards_missing() == set()


def test_administrators_read_it_on_the_page_team(ada: User) -> None:
    bo = people.login_make("bo@example.org", "lead", people.Profile("<b>Bo</b>"))
    browser = Client()
    browser.force_login(ada)
    browser.post(f"/en/staff/{bo.pk}/", {"do": "role", "role": "analyst"})
    browser.post("/en/staff/invite/", {"email": "cy@example.org", "role": "lead", "once": "1"})
    browser.post(
        "/en/tokens/", {"name": "shop", "scopes": ["acts:read"], "days": "30", "once": "1", "channel": ""}
    )
    for path in ("/en/staff/", "/en/staff/trail/"):
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(path).content.decode()))
        assert (
            "gave &lt;b&gt;Bo&lt;/b&gt; (bo@example.org) another role: Analyst, before: Community lead"
            in page
        )
        assert "Ada (ada@example.org) invited cy@example.org: Community lead" in page
        assert "made the access token “shop” of Ada (ada@example.org): acts:read" in page
    other = Client()
    other.force_login(bo)
    assert other.get("/en/staff/trail/").status_code == 403


def test_the_whole_of_it_page_by_page(ada: User) -> None:
    bo = people.login_make("bo@example.org", "member")
    for number in range(60):
        people.role_change(bo.pk, ("lead", "analyst")[number % 2])
    browser = Client()
    browser.force_login(ada)
    first = browser.get("/en/staff/trail/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = browser.get(older[1]).content.decode()
    assert first.count("<li><time") + second.count("<li><time") == 62
    assert browser.get("/en/staff/trail/?before=nonsense").status_code == 200


def test_no_event_holds_a_secret(ada: User) -> None:
    _token, secret = token_make(ada, "shop", ["acts:write"], by=ada)
    link = people.staff_link_make(ada)
    invited = people.invite("bo@example.org", "lead", ada, "1").secret
    path = people.password_path(ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_staffevent")
        rows = repr(cursor.fetchall())
    for kept in (secret, link, invited, path.rsplit("-", 1)[-1].strip("/"), "bo@example.org"):
        assert kept not in rows


def test_who_is_gone_leaves_no_open_invitation_behind(ada: User) -> None:
    """They know its link, and could come in again by it."""
    people.login_make("eve@example.org", "administrator")
    eve = people.person_find("eve@example.org")
    for number, leave in enumerate(
        (lambda: people.shut_out(eve.pk, ada), lambda: people.role_change(eve.pk, "lead", ada))
    ):
        people.let_in(eve.pk, ada)
        made = people.invite(f"accomplice{number}@example.org", "administrator", eve, "1")
        mine = people.invite(f"friend{number}@example.org", "lead", ada, "1")
        leave()
        with pytest.raises(people.InvitationOver):
            people.invitation_find(people.digest_of(made.secret))
        assert people.invitation_find(people.digest_of(mine.secret))
