"""The door of the part: logins, roles, invitations."""

from estime.people.actions.accept import (
    invitation_accept,
    invitation_accept_as,
    invitation_find,
    invitation_of,
)
from estime.people.actions.change_role import let_in, role_change, shut_out
from estime.people.actions.invite import Invited, invitation_revoke, invitation_secret, invite
from estime.people.actions.leave import leave
from estime.people.actions.make_login import Profile, login_make
from estime.people.actions.sessions import sign_out_everywhere
from estime.people.actions.staff_link import staff_link_make, staff_link_use
from estime.people.actions.tidy import tidy
from estime.people.browsers import browser_name
from estime.people.entrance import (
    WaysIn,
    administrators_without_second_step,
    enter,
    password_path,
    second_step_missing,
    second_steps_forget,
    sessions_of,
    sign_out_elsewhere,
    ways_in,
)
from estime.people.errors import (
    AlreadyHere,
    BadAddress,
    InvitationOver,
    LastAdministrator,
    StaffLinkOver,
    UnknownPerson,
    UnknownRole,
)
from estime.people.guards import guards_missing
from estime.people.jobs import leave_due, leave_job, tidy_due, tidy_job
from estime.people.links import invitation_link, public, staff_link
from estime.people.looks import Seen, look_record, looks_of, looks_record
from estime.people.mail import mail_send, mail_set_up, mail_written
from estime.people.models import Invitation, StaffEvent, User
from estime.people.names import name_clean
from estime.people.oidc import PROVIDER
from estime.people.onetime import digest_of
from estime.people.own_code import (
    again_url,
    own_code_send,
    own_code_sent,
    own_code_take,
    shown_lately,
    shows_by_code,
)
from estime.people.queries import administrators, invitations_open, only_administrator, person_find, staff
from estime.people.roles import Role
from estime.people.trail import trail
from estime.people.wording import ROLE_DOES, ROLE_NAMES, event_words, role_name

__all__ = [
    "PROVIDER",
    "ROLE_DOES",
    "ROLE_NAMES",
    "AlreadyHere",
    "BadAddress",
    "Invitation",
    "InvitationOver",
    "Invited",
    "LastAdministrator",
    "Profile",
    "Role",
    "Seen",
    "StaffEvent",
    "StaffLinkOver",
    "UnknownPerson",
    "UnknownRole",
    "User",
    "WaysIn",
    "administrators",
    "administrators_without_second_step",
    "again_url",
    "browser_name",
    "digest_of",
    "enter",
    "event_words",
    "guards_missing",
    "invitation_accept",
    "invitation_accept_as",
    "invitation_find",
    "invitation_link",
    "invitation_of",
    "invitation_revoke",
    "invitation_secret",
    "invitations_open",
    "invite",
    "leave",
    "leave_due",
    "leave_job",
    "let_in",
    "login_make",
    "look_record",
    "looks_of",
    "looks_record",
    "mail_send",
    "mail_set_up",
    "mail_written",
    "name_clean",
    "only_administrator",
    "own_code_send",
    "own_code_sent",
    "own_code_take",
    "password_path",
    "person_find",
    "public",
    "role_change",
    "role_name",
    "second_step_missing",
    "second_steps_forget",
    "sessions_of",
    "shown_lately",
    "shows_by_code",
    "shut_out",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "staff",
    "staff_link",
    "staff_link_make",
    "staff_link_use",
    "tidy",
    "tidy_due",
    "tidy_job",
    "trail",
    "ways_in",
]
