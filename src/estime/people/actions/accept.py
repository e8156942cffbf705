"""Accept an invitation: once, however often the button is pressed. A failed acceptance leaves it open."""

from django.db import transaction
from django.utils.translation import gettext as _

from estime.kernel.clock import now
from estime.people.actions.make_login import Profile, login_make
from estime.people.errors import AlreadyHere, InvitationOver
from estime.people.models import Deed, Invitation, User
from estime.people.roles import Role
from estime.people.trail import Told, trail_record


def invitation_find(digest: str) -> Invitation:
    """The open invitation that a link belongs to, by the digest of its secret. Raises `InvitationOver`."""
    return _open(digest=digest)


def invitation_of(email: str) -> Invitation | None:
    """The open invitation of an address, for whoever proves the address in another way."""
    try:
        return _open(email=email.strip().lower())
    except InvitationOver:
        return None


def _open(**which: str) -> Invitation:
    found = Invitation.objects.filter(accepted=None, revoked=None, expires__gt=now(), **which).first()
    if found is None:
        raise InvitationOver(
            _("This invitation is no longer open: it was used, withdrawn, or is more than a week old."),
            todo=_("Ask whoever invited you to invite you again."),
        )
    return found


@transaction.atomic
def invitation_accept(invitation: Invitation, profile: Profile) -> User:
    """Make the login that was invited. Raises `InvitationOver`, or `AlreadyHere` if the address has a login."""
    _take(invitation)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AlreadyHere(
            _("Somebody signs in with this address already."),
            todo=_("Sign in, then open the invitation again."),
        )
    user = login_make(invitation.email, invitation.role, profile, invitation)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    return user


@transaction.atomic
def invitation_accept_as(invitation: Invitation, user: User) -> None:
    """A member who is signed in takes the role they were invited to. Raises `InvitationOver`."""
    if user.email.lower() != invitation.email.lower() or user.role != Role.MEMBER or not user.is_active:
        raise AlreadyHere(
            _("This invitation is for another login."), todo=_("Sign out, then open the invitation again.")
        )
    _take(invitation)
    User.objects.filter(pk=user.pk).update(role=invitation.role)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    user.role = invitation.role
    trail_record(Deed.JOINED, user, Told(user, invitation), role=invitation.role)


def _take(invitation: Invitation) -> None:
    """One statement decides who is first: both databases let one of two through."""
    same = Invitation.objects.filter(
        pk=invitation.pk, digest=invitation.digest, accepted=None, revoked=None, expires__gt=now()
    )
    if not same.update(accepted=now()):
        raise InvitationOver(
            _("This invitation was used just now, or withdrawn."),
            todo=_("If it was you, sign in. Otherwise ask whoever invited you to invite you again."),
        )
