"""What was done to who may do what: a row for each, which nobody changes or takes away (people/guards.py)."""

from enum import StrEnum

from django.db import models

from estime.kernel.clock import now


class Deed(StrEnum):
    """What happened. A name stays what it is for good: rows that hold it cannot be changed."""

    INVITED = "invited"
    INVITED_AGAIN = "invited-again"
    INVITATION_REVOKED = "invitation-revoked"
    JOINED = "joined"
    LOGIN_MADE = "login-made"
    ROLE = "role"
    CLOSED = "closed"
    OPENED = "opened"
    TOKEN_MADE = "token-made"  # noqa: S105  no secret, as below
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    LINK_MADE = "link-made"
    LINK_USED = "link-used"
    PASSWORD_LINK_MADE = "password-link-made"  # noqa: S105
    SECOND_STEPS_FORGOTTEN = "second-steps-forgotten"
    LEFT = "left"


class StaffEvent(models.Model):
    """One event. `by` is null where a command on the machine did it; `about`: whose login or token it is about.

    People are named by their login, addresses by their invitation: neither stands here, so what a login is called
    can change though its events cannot, and be erased. `data`: roles, the number and name of a token; never a secret.
    The one thing that can be taken out of an event is the name of a token: somebody erased thought it up.
    """

    at = models.DateTimeField(default=now)
    deed = models.CharField(max_length=32)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    about = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    invitation = models.ForeignKey("people.Invitation", on_delete=models.PROTECT, related_name="+", null=True)
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.deed} at {self.at}"
