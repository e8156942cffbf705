"""Who answers, promises and tells for the brand: a named human, never “the team”."""

from django.utils.translation import gettext as _

from estime.cocreation.checks import check_may
from estime.cocreation.errors import NotAllowed, WordsMissing
from estime.cocreation.guards import NOBODY
from estime.cocreation.models import Member
from estime.kernel.configuration import configuration
from estime.people.api import name_clean


def check_speaks(by: Member, permission: str = "decision.write") -> str:
    """The name under which this person speaks for the brand.

    Raises `NotAllowed` without the permission, `WordsMissing` for a login that says no name: an e-mail address is none.
    """
    check_may(by, permission)
    name = name_clean(by.user.name if by.user else "") or by.name
    if not name:
        raise WordsMissing(
            _("An answer stands under a name, and yours is not known here yet."),
            todo=_("Write your name on your page (Me), then send this again."),
            field="name",
        )
    return name[:150]


def check_member(by: Member) -> None:
    """Raises `NotAllowed` for the brand's people: they are who is asked."""
    check_may(by, "space.take_part")
    if by.user is not None and by.user.is_staff:
        raise NotAllowed(
            _("Questions to the brand are members’ to ask and to join."),
            todo=_("Answer it instead, in your name."),
        )


def voice() -> str:
    """On whose behalf the brand's people speak, as the ledger notes it."""
    return configuration().brand.name.strip()[:200] or "brand"


__all__ = ["NOBODY", "check_member", "check_speaks", "voice"]
