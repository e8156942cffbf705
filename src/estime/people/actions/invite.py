"""Invite somebody to a role, invite again, take an invitation back.

An address has one open invitation at most (the database holds it). Inviting again makes a new link and ends the old
one. The same form sent twice is one invitation with one link.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.kernel.clock import now
from estime.people.actions.make_login import email_clean
from estime.people.errors import AlreadyHere, UnknownRole
from estime.people.models import Deed, Invitation, User
from estime.people.onetime import digest_of, secret_of
from estime.people.roles import Role
from estime.people.trail import Told, trail_record

VALID: Final = timedelta(days=7)


class Invited(NamedTuple):
    """An invitation with the secret of its link. `fresh`: no such form was handled before, so mail may be sent."""

    invitation: Invitation
    secret: str
    fresh: bool


def invite(email: str, role: str, by: User | None, once: str) -> Invited:
    """Make an invitation, or renew the open one of this address. `once` names the form that asked for it."""
    address, wanted = email_clean(email), _role(role)
    secret = invitation_secret(address, wanted, once)
    try:
        return _invite(address, wanted, by, secret)
    except IntegrityError:  # somebody else invited the same address between our look and our write
        return _invite(address, wanted, by, secret)


def invitation_secret(address: str, role: str, once: str) -> str:
    """The secret of the invitation that a form made; no other form makes the same."""
    return secret_of("invitation", address, role, once)


@transaction.atomic
def _invite(address: str, role: Role, by: User | None, secret: str) -> Invited:
    check_not_here(address, role)
    digest = digest_of(secret)
    told = {"role": role, "digest": digest, "invited_by": by, "made": now(), "expires": now() + VALID}
    pending = (
        Invitation.objects.select_for_update().filter(email=address, accepted=None, revoked=None).first()
    )
    known = Invitation.objects.filter(digest=digest).first()  # after whoever held the row has let go of it
    if known is not None:
        return Invited(known, secret, False)
    if pending is not None and role == Role.MEMBER != pending.role:
        raise AlreadyHere(  # whoever may invite members only would else take a role away from somebody
            _("This address is invited to your team already."),
            todo=_("They take part from the day they accept."),
        )
    if pending is None:
        made = Invitation.objects.create(email=address, **told)
        trail_record(Deed.INVITED, by, Told(invitation=made), role=role)
        return Invited(made, secret, True)
    for name, value in told.items():
        setattr(pending, name, value)
    pending.save()
    trail_record(Deed.INVITED_AGAIN, by, Told(invitation=pending), role=role)
    return Invited(pending, secret, True)


def check_not_here(address: str, role: Role) -> None:
    """Raises `AlreadyHere` unless the address has no login yet, or a member's who is invited to do more."""
    user = User.objects.filter(email__iexact=address).first()
    if user is None or (user.is_active and user.role == Role.MEMBER != role):
        return
    if user.is_active and role == Role.MEMBER:
        raise AlreadyHere(
            _("Somebody with this address has a login already."), todo=_("They can sign in and take part.")
        )
    todo = (
        _("Change their role in the list of people.")
        if user.is_active
        else _("Their login is closed: open it again in the list of people.")
    )
    raise AlreadyHere(_("Somebody with this address is one of your people already."), todo=todo)


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as none:
        raise UnknownRole(
            _("There is no such role to invite to."),
            todo=_("Choose one of: %(roles)s.") % {"roles": ", ".join(one.value for one in Role)},
        ) from none


@transaction.atomic
def invitation_revoke(pk: int, by: User | None = None) -> bool:
    """Take an open invitation back: its link ends at once. False if it was over already."""
    opened = Invitation.objects.filter(pk=pk, accepted=None, revoked=None)
    if not opened.update(revoked=now()):
        return False
    found = Invitation.objects.get(pk=pk)
    trail_record(Deed.INVITATION_REVOKED, by, Told(invitation=found), role=found.role)
    return True
