"""What roles are called, and what whoever holds one does."""

from typing import Final

from django.utils.translation import gettext_lazy as _

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
    Role.MEMBER: _("A customer: sees what is open to everybody."),
    Role.REPRESENTATIVE: _("Speaks for the brand: answers questions, looks at channels and people."),
    Role.LEAD: _("Runs the community: answers, imports, looks after jobs, sees every figure."),
    Role.MODERATOR: _("Keeps the peace: looks at acts and people, sees what is owed."),
    Role.ANALYST: _("Works with figures and acts, without seeing who is behind them."),
    Role.ADMINISTRATOR: _("Does all of this, changes settings and lets people in."),
}


def role_name(role: str) -> str:
    return str(ROLE_NAMES[Role(role)])
