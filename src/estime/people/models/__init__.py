"""The tables of the part, one file each."""

from estime.people.models.invitation import Invitation
from estime.people.models.look import Look
from estime.people.models.settings_change import SettingsChange
from estime.people.models.staff_event import Deed, StaffEvent
from estime.people.models.staff_link import StaffLink
from estime.people.models.token import AccessToken
from estime.people.models.user import User, UserManager

__all__ = [
    "AccessToken",
    "Deed",
    "Invitation",
    "Look",
    "SettingsChange",
    "StaffEvent",
    "StaffLink",
    "User",
    "UserManager",
]
