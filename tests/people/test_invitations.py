"""Invitations: one open for each address, used once, nothing in the database that opens anything."""

from datetime import timedelta

import pytest
from django.db import connection
from people.together import together

from estime.kernel.clock import now
from estime.people import api as people
from estime.people.models import Invitation, User

pytestmark = pytest.mark.usefixtures("installed")
ME = people.Profile("Bo", "fr", "", "a long enough one")


def invited(email: str = "Bo@Example.org", once: str = "form-1") -> people.Invited:
    return people.invite(email, "lead", None, once)


def found(made: people.Invited) -> Invitation:
    return people.invitation_find(people.digest_of(made.secret))


def test_the_database_holds_nothing_that_opens() -> None:
    made = invited()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_invitation")
        rows = repr(cursor.fetchall())
    assert made.secret not in rows
    assert people.digest_of(made.secret) in rows


def test_one_of_two_parallel_acceptances_counts() -> None:
    invitation = found(invited())
    results = together(*[lambda: people.invitation_accept(invitation, ME)] * 4)
    assert [type(one).__name__ for one in results if not isinstance(one, User)] == ["InvitationOver"] * 3
    user = User.objects.get(email="bo@example.org")
    assert (user.role, user.name, user.language, user.is_active) == ("lead", "Bo", "fr", True)
    assert user.emailaddress_set.get().verified
    assert Invitation.objects.get().accepted_by == user


def test_a_failed_acceptance_leaves_it_open() -> None:
    made = invited()
    people.login_make("bo@example.org", "member")
    with pytest.raises(people.AlreadyHere):
        people.invitation_accept(found(made), ME)
    assert found(made).accepted is None


def test_the_same_form_sent_twice_at_once_is_one_invitation_with_one_link() -> None:
    one, two = together(invited, invited)
    assert one.secret == two.secret
    assert sorted([one.fresh, two.fresh]) == [False, True]
    assert Invitation.objects.count() == 1


def test_two_forms_for_one_address_at_once_leave_one_open_link() -> None:
    made = together(lambda: invited(once="a"), lambda: invited(once="b"), lambda: invited(once="c"))
    assert Invitation.objects.filter(accepted=None, revoked=None).count() == 1
    opens = [one for one in made if Invitation.objects.filter(digest=people.digest_of(one.secret)).exists()]
    assert len(opens) == 1


def test_a_new_link_ends_the_old_one() -> None:
    old, new = invited(once="1"), invited(once="2")
    assert old.invitation.pk == new.invitation.pk
    assert found(new).pk == new.invitation.pk
    with pytest.raises(people.InvitationOver):
        found(old)


def test_a_link_seen_before_it_was_renewed_cannot_be_used_after() -> None:
    seen = found(invited(once="1"))
    invited(once="2")
    with pytest.raises(people.InvitationOver):
        people.invitation_accept(seen, ME)
    assert not User.objects.filter(email="bo@example.org").exists()


def test_over_after_a_week_and_when_taken_back() -> None:
    made = invited()
    Invitation.objects.update(expires=now() - timedelta(seconds=1))
    with pytest.raises(people.InvitationOver):
        found(made)
    again = invited(once="2")
    assert found(again).expires > now() + timedelta(days=6, hours=23)
    assert people.invitation_revoke(again.invitation.pk)
    assert not people.invitation_revoke(again.invitation.pk)
    with pytest.raises(people.InvitationOver):
        found(again)


def test_whoever_is_here_is_not_invited_but_a_member_may_rise() -> None:
    people.login_make("ada@example.org", "analyst")
    for email in ("ada@example.org", "ADA@example.ORG"):
        with pytest.raises(people.AlreadyHere):
            invited(email)
    member = people.login_make("bo@example.org", "member")
    made = invited()
    stranger = people.login_make("eve@example.org", "member")
    with pytest.raises(people.AlreadyHere):
        people.invitation_accept_as(found(made), stranger)
    people.invitation_accept_as(found(made), member)
    assert User.objects.get(pk=member.pk).role == "lead"
    assert User.objects.get(pk=stranger.pk).role == "member"


def test_a_customer_is_invited_and_takes_no_role_from_anybody() -> None:
    made = people.invite("bo@example.org", "member", None, "x")
    assert people.invitation_accept(made.invitation, ME).role == "member"
    with pytest.raises(people.AlreadyHere):
        people.invite("bo@example.org", "member", None, "y")
    people.invite("cy@example.org", "lead", None, "z")
    with pytest.raises(people.AlreadyHere):
        people.invite("cy@example.org", "member", None, "z")
    assert people.invitation_of("cy@example.org").role == "lead"  # type: ignore[union-attr]


def test_what_is_no_role_of_the_team_and_no_address_is_refused() -> None:
    for role in ("king", ""):
        with pytest.raises(people.UnknownRole):
            people.invite("bo@example.org", role, None, "x")
    for email in ("", "bo", "bo@", "bo@example.org\nBcc: eve@example.org"):
        with pytest.raises(people.BadAddress):
            people.invite(email, "lead", None, "x")
    assert not Invitation.objects.exists()
