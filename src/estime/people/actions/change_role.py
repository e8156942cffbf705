"""Give somebody another role, shut somebody out, let them in again.

There is an administrator at all times, however many of them are demoted at the same moment: whoever takes one away
holds the rows of all of them first. Whoever may no longer invite anybody leaves no open invitation behind: they know
its link, and could come in again by it.
"""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from estime.kernel.clock import now
from estime.people.actions.sessions import sessions_end
from estime.people.errors import LastAdministrator, UnknownPerson, UnknownRole
from estime.people.models import AccessToken, Deed, Invitation, StaffEvent, StaffLink, User
from estime.people.roles import Role, role_may
from estime.people.trail import Told, trail_record


@transaction.atomic
def role_change(pk: int, role: str, by: User | None = None) -> User:
    """Give a role; it counts from the next request on. Raises `LastAdministrator`, `UnknownPerson`, `UnknownRole`."""
    if role not in set(Role):
        raise UnknownRole(_("There is no such role."), todo=_("Choose one of the list."))
    user = login_held(pk, stays=role == Role.ADMINISTRATOR)
    before, user.role = user.role, role
    if before == role:
        return user
    user.save(update_fields=["role"])
    trail_record(Deed.ROLE, by, Told(user), before=before, after=role)
    if not role_may(role, "staff.manage"):
        invitations_take_back(user, by)
    return user


@transaction.atomic
def shut_out(pk: int, by: User | None = None) -> User:
    """End somebody's sessions, tokens and links at once, and let none of them begin again."""
    user = login_held(pk, stays=False)
    was_active, user.is_active = user.is_active, False
    user.session_stamp = get_random_string(32)
    user.save(update_fields=["is_active", "session_stamp"])
    tokens = AccessToken.objects.filter(owner=user, revoked=None).update(revoked=now())
    StaffLink.objects.filter(user=user, used=None).delete()
    sessions_end(user)
    if was_active:
        trail_record(Deed.CLOSED, by, Told(user), tokens=tokens)
        for path in settings.ESTIME_LOGIN_CLOSED:  # robust: whatever comes of it, nobody stays in
            transaction.on_commit(partial(import_string(path), user), robust=True)
    invitations_take_back(user, by)
    return user


@transaction.atomic
def let_in(pk: int, by: User | None = None) -> User:
    """Somebody who was shut out may sign in again; sessions and tokens of before stay dead."""
    user = login_held(pk, stays=True)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        trail_record(Deed.OPENED, by, Told(user))
    return user


def invitations_take_back(user: User, by: User | None) -> None:
    """Those that this person made and nobody has used yet."""
    for invitation in Invitation.objects.filter(invited_by=user, accepted=None, revoked=None):
        if Invitation.objects.filter(pk=invitation.pk, accepted=None, revoked=None).update(revoked=now()):
            trail_record(Deed.INVITATION_REVOKED, by, Told(invitation=invitation), role=invitation.role)


def login_held(pk: int, *, stays: bool) -> User:
    """The login, with every administrator's row held if it may be that one of them goes.

    Raises `LastAdministrator`; `UnknownPerson`, also of whoever has left.
    """
    held = User.objects.select_for_update().filter(is_active=True, role=Role.ADMINISTRATOR).order_by("pk")
    administrators = [] if stays else list(held.values_list("pk", flat=True))
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None or has_left(user):
        raise UnknownPerson(_("There is no such person any more."), todo=_("Load the list of people again."))
    if administrators == [pk]:
        raise LastAdministrator(
            _("This is the only administrator: without one nobody could let people in or change settings."),
            todo=_("Make somebody else administrator first."),
        )
    return user


def has_left(user: User) -> bool:
    """Whether this person has left for good: their login is never opened again, erased already or not."""
    return not user.is_active and StaffEvent.objects.filter(about=user, deed=Deed.LEFT).exists()
