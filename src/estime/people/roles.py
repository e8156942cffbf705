"""Who may do what: one table, read by pages, REST and commands alike, and printed in docs/roles.md.

A role is what a person does for the brand. Whoever is inactive or not signed in may do nothing of this.
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody does here. A member is a customer; all others are the brand's people."""

    MEMBER = "member"
    REPRESENTATIVE = "representative"
    LEAD = "lead"
    MODERATOR = "moderator"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


TABLE: Final = """
                    member  representative  lead  moderator  analyst  administrator
figures.see           -           x           x       x         x           x
desk.see              -           x           x       x         -           x
question.answer       -           x           x       -         -           x
question.hand_over    -           x           x       x         -           x
channels.see          -           x           x       x         x           x
channels.import       -           -           x       -         -           x
acts.see              -           x           x       x         x           x
acts.write            -           -           x       -         -           x
persons.see           -           x           x       x         -           x
looks.see             -           -           x       x         -           x
settings.see          -           -           x       -         x           x
settings.change       -           -           -       -         -           x
jobs.see              -           -           x       -         x           x
jobs.retry            -           -           x       -         -           x
tokens.own            x           x           x       x         x           x
staff.manage          -           -           -       -         -           x
member.invite         -           -           x       x         -           x
me.own                x           x           x       x         x           x
style.see             -           x           x       x         x           x
space.take_part       x           x           x       x         x           x
space.manage          -           -           x       -         -           x
challenge.open_own    x           -           -       -         -           -
challenge.lead        -           -           x       -         -           x
decision.write        -           x           x       -         -           x
decision.override     -           -           -       -         -           x
moderation.act        -           -           x       x         -           x
survey.answer         x           -           -       -         -           -
survey.see            -           x           x       x         x           x
listening.see         -           x           x       x         x           x
"""
"""Read as it stands: one row a permission, one column a role, x where it is given.

persons.see: handles, texts beside a name, a person's page (each look is logged). Without it acts show the account's
number only: an analyst works on what people do, not on who they are.
"""


def _read(table: str) -> dict[str, frozenset[Role]]:
    head, *lines = [line.split() for line in table.strip().splitlines()]
    roles = [Role(name) for name in head]
    return {
        name: frozenset(role for role, mark in zip(roles, marks, strict=True) if mark == "x")
        for name, *marks in lines
    }


PERMISSIONS: Final = _read(TABLE)


def role_may(role: str, permission: str) -> bool:
    """Whether a role has a permission. Raises `KeyError` for a permission that the table does not name."""
    return role in PERMISSIONS[permission]
