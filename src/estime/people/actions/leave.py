"""Somebody leaves for good, by themselves: their login is closed at once, and a job erases all that is theirs.

What says that they left is one event of the trail, written with the closing. Whatever falls in between, the schedule
finds logins that left and are not erased, and the job does it (again): each step may be done twice.

The row of a login stays, as a number: events that nobody may change name it. All that is somebody's goes from it.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from estime.jobs.api import enqueue
from estime.kernel.clock import now
from estime.people.actions.change_role import invitations_take_back, login_held
from estime.people.actions.sessions import sessions_end
from estime.people.errors import UnknownPerson
from estime.people.models import AccessToken, Deed, Invitation, StaffEvent, StaffLink, User
from estime.people.models.user import NOWHERE
from estime.people.roles import Role
from estime.people.trail import Told, trail_record


@transaction.atomic
def leave(pk: int) -> None:
    """Close somebody's login for good, and have all that is theirs erased. Twice is once.

    Raises `LastAdministrator`. Whoever asks has shown who they are.
    """
    try:
        user = login_held(pk, stays=False)
    except UnknownPerson:
        return  # the same form once more: it is done, or being done
    if not user.is_active:  # shut out between asking and this
        raise UnknownPerson(_("This login is closed."), todo=_("Ask the brand to erase your account."))
    user.is_active, user.session_stamp = False, get_random_string(32)
    user.save(update_fields=["is_active", "session_stamp"])
    trail_record(Deed.LEFT, user, Told(user))
    _ways_in_end(user)
    invitations_take_back(user, user)
    enqueue("leave", {}, key="leave")


def leaving() -> QuerySet[User]:
    """Who has left and is not erased yet, the first first."""
    left = StaffEvent.objects.filter(deed=Deed.LEFT).values("about")
    return User.objects.filter(is_active=False, pk__in=left).exclude(email__endswith=NOWHERE).order_by("pk")


@transaction.atomic
def login_erase(user: User) -> None:
    """Take everything from a login that is somebody's; a number is left. Doing it twice changes nothing."""
    _ways_in_end(user)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    EmailAddress.objects.filter(user=user).delete()
    _invitations_blank(user, addresses)
    for event in StaffEvent.objects.filter(about=user, data__has_key="name"):
        StaffEvent.objects.filter(pk=event.pk).update(data={**event.data, "name": ""})
    user.groups.clear()
    user.user_permissions.clear()
    User.objects.filter(pk=user.pk).update(
        email=f"{user.pk}{NOWHERE}",
        name="",
        language="",
        timezone="",
        password=make_password(None),
        role=Role.MEMBER,
        is_active=False,
        is_superuser=False,
        last_login=None,
    )


def _ways_in_end(user: User) -> None:
    sessions_end(user)
    AccessToken.objects.filter(owner=user).delete()
    StaffLink.objects.filter(user=user).delete()
    Authenticator.objects.filter(user_id=user.pk).delete()
    SocialAccount.objects.filter(user_id=user.pk).delete()


def _invitations_blank(user: User, addresses: set[str]) -> None:
    """Those that were sent to them: the address goes, and none of them opens anything any more."""
    to_them = Q(accepted_by=user)
    for address in addresses:
        to_them |= Q(email__iexact=address)
    invitations = Invitation.objects.filter(to_them)
    invitations.filter(accepted=None, revoked=None).update(revoked=now())
    invitations.update(email=Concat(Value("invitation-"), Cast("pk", CharField()), Value(NOWHERE)))
