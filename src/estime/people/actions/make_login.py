"""Make a login whose e-mail address somebody vouches for: an administrator, or the provider that signs them in."""

from typing import Final, NamedTuple

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from estime.people.errors import BadAddress
from estime.people.models import Deed, Invitation, User
from estime.people.names import name_clean
from estime.people.trail import Told, trail_record


class Profile(NamedTuple):
    """What somebody tells of themselves when they join. No password: they sign in by code, passkey or provider."""

    name: str = ""
    language: str = ""
    timezone: str = ""
    password: str | None = None


NOTHING_TOLD: Final = Profile()


def email_clean(email: str) -> str:
    """The address as it is stored: one spelling, whatever its case. Raises `BadAddress`."""
    told = email.strip().lower()
    try:
        validate_email(told)
    except ValidationError as error:
        raise BadAddress(
            _("This is no e-mail address."), todo=_("Write it like name@example.org.")
        ) from error
    return told


@transaction.atomic
def login_make(
    email: str, role: str, profile: Profile = NOTHING_TOLD, invitation: Invitation | None = None
) -> User:
    """A login that can be used at once, with a verified address. An `IntegrityError` if the address has one."""
    address = email_clean(email)
    user = User.objects.create_user(
        address,
        profile.password,
        role=role,
        name=name_clean(profile.name),
        language=profile.language,
        timezone=profile.timezone,
    )
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    if invitation is None:
        trail_record(Deed.LOGIN_MADE, None, Told(user), role=role)
    else:
        trail_record(Deed.JOINED, user, Told(user, invitation), role=role)
    return user
