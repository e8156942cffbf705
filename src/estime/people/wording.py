"""What roles are called, what whoever holds one does, and what was done about them."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estime.people.models import Deed, Invitation, StaffEvent, User
from estime.people.models.user import NOWHERE
from estime.people.roles import Role

ROLE_NAMES: Final = {
    Role.MEMBER: _("Member"),
    Role.REPRESENTATIVE: _("Representative"),
    Role.LEAD: _("Community lead"),
    Role.MODERATOR: _("Moderator"),
    Role.ANALYST: _("Analyst"),
    Role.ADMINISTRATOR: _("Administrator"),
}

ROLE_DOES: Final = {
    Role.MEMBER: _("A customer: proposes, discusses, decides and asks in the spaces."),
    Role.REPRESENTATIVE: _("Speaks for the brand: answers questions, looks at channels and people."),
    Role.LEAD: _("Runs the community: answers, imports, looks after jobs, sees every figure."),
    Role.MODERATOR: _("Keeps the peace: looks at acts and people, sees what is owed."),
    Role.ANALYST: _("Works with figures and acts, without seeing who is behind them."),
    Role.ADMINISTRATOR: _("Does all of this, changes settings and lets people in."),
}


def role_name(role: str) -> str:
    return str(ROLE_NAMES[Role(role)])


DEEDS: Final = {
    Deed.INVITED: _("invited %(who)s: %(role)s"),
    Deed.INVITED_AGAIN: _("invited %(who)s again: %(role)s"),
    Deed.INVITATION_REVOKED: _("withdrew the invitation of %(who)s"),
    Deed.JOINED: _("joined: %(role)s"),
    Deed.LOGIN_MADE: _("made a login for %(who)s: %(role)s"),
    Deed.ROLE: _("gave %(who)s another role: %(role)s, before: %(before)s"),
    Deed.CLOSED: _("closed the login of %(who)s"),
    Deed.OPENED: _("opened the login of %(who)s again"),
    Deed.TOKEN_MADE: _("made the access token “%(name)s” of %(who)s: %(scopes)s"),
    Deed.TOKEN_REVOKED: _("revoked the access token “%(name)s” of %(who)s"),
    Deed.LINK_MADE: _("made a staff link for %(who)s"),
    Deed.LINK_USED: _("signed in with a staff link"),
    Deed.PASSWORD_LINK_MADE: _("made a link to choose a new password for %(who)s"),
    Deed.SECOND_STEPS_FORGOTTEN: _("forgot the app, passkeys and recovery codes of %(who)s"),
    Deed.LEFT: _("left for good and had all of theirs erased"),
}


def event_words(event: StaffEvent) -> tuple[str, str]:
    """Who did it, and what they did."""
    by = _called(event.by) if event.by else gettext("A command on the machine")
    told = {
        "who": _called(event.about) or _invited(event.invitation),
        "role": _role(event.data.get("role") or event.data.get("after")),
        "before": _role(event.data.get("before")),
        "name": event.data.get("name", ""),
        "scopes": ", ".join(event.data.get("scopes", ())),
    }
    return by, str(DEEDS[Deed(event.deed)]) % told


def _called(user: User | None) -> str:
    """With the address: anybody may call themselves what somebody else is called."""
    if user is None:
        return ""
    return str(user) if user.erased or str(user) == user.email else f"{user} ({user.email})"


def _invited(invitation: Invitation | None) -> str:
    if invitation is None:
        return ""
    return gettext("Somebody who left") if invitation.email.endswith(NOWHERE) else invitation.email


def _role(told: object) -> str:
    return role_name(str(told)) if told else ""
