"""A link that signs somebody in once, on this machine: for a demo, and for whoever has lost every other way in."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from estime.kernel.clock import now
from estime.people.errors import StaffLinkOver
from estime.people.models import Deed, StaffLink, User
from estime.people.onetime import digest_of, secret_make
from estime.people.trail import Told, trail_record

VALID: Final = timedelta(minutes=10)


@transaction.atomic
def staff_link_make(user: User) -> str:
    """The secret of a new link; older links of the same person end."""
    secret = secret_make()
    StaffLink.objects.filter(user=user, used=None).delete()
    StaffLink.objects.create(user=user, digest=digest_of(secret), expires=now() + VALID)
    trail_record(Deed.LINK_MADE, None, Told(user))
    return secret


@transaction.atomic
def staff_link_use(secret: str) -> User:
    """Whom the link signs in; it is used up by this. Raises `StaffLinkOver`."""
    digest = digest_of(secret)
    # No join here: PostgreSQL would look at the other table before it waits for the row, and let two through.
    taken = StaffLink.objects.filter(digest=digest, used=None, expires__gt=now()).update(used=now())
    link = StaffLink.objects.select_related("user").get(digest=digest) if taken else None
    if link is None or not link.user.is_active:
        raise StaffLinkOver(
            _("This link is no longer open: it works once, for ten minutes."),
            todo=_("Make a new one: estime staff-link"),
        )
    trail_record(Deed.LINK_USED, link.user, Told(link.user))
    return link.user
