"""What can go wrong when somebody is let in, given a role or let go. Told in the language of whoever asked."""

from estime.kernel.errors import EstimeError


class BadAddress(EstimeError):
    """What was given is no e-mail address."""

    code = "bad-address"


class UnknownPerson(EstimeError):
    """Nobody signs in with this e-mail address, or there is no such login any more."""

    code = "unknown-person"


class UnknownRole(EstimeError):
    """The role is none that somebody can be invited to."""

    code = "unknown-role"


class AlreadyHere(EstimeError):
    """Whoever is to be invited is one of the brand's people already."""

    code = "already-here"


class LastAdministrator(EstimeError):
    """Without this person nobody could let people in or change settings."""

    code = "last-administrator"


class InvitationOver(EstimeError):
    """The invitation was used, taken back or has expired; or the link is not whole."""

    code = "invitation-over"


class StaffLinkOver(EstimeError):
    """The staff link was used or has expired; or it is not whole."""

    code = "staff-link-over"
