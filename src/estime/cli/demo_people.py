"""The people of the demo: one of each role, without passwords; the staff link signs in the administrator."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estime.people.models import User

ADMINISTRATOR = "demo@estime.example"
OTHERS = {
    "representative": "Inès",
    "lead": "Malo",
    "moderator": "Nora",
    "analyst": "Théo",
    "member": "Lise",
}
STAFF = {"malo": "lead", "ines": "representative"}
"""Who of them speaks for the invented brand (samples/fiction), by role."""
MEMBER = "anna@estime.example"
"""A member of the invented brand's space: the second link of the demo looks through her eyes."""


def people_ensure() -> "User":
    """Make those that are missing; returns the administrator."""
    from estime.people import api as people

    for role, name in OTHERS.items():
        email = f"{role}@estime.example"
        if people.person_find(email) is None:
            people.login_make(email, role, people.Profile(name=name))
    administrator = people.person_find(ADMINISTRATOR)
    return administrator or people.login_make(ADMINISTRATOR, "administrator", people.Profile(name="Camille"))
