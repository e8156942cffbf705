"""An invitation to join the brand's people: by e-mail address, for one role, once."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from estime.kernel.clock import now
from estime.people.roles import Role


class Invitation(models.Model):
    """The link's secret is not kept, only its SHA-256: whoever reads the database cannot use it."""

    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    made = models.DateTimeField(default=now)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted=None, revoked=None),
                name="people_invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
