"""A link that signs somebody in once, on the machine itself: printed by a command, never sent, never logged."""

from django.db import models

from estime.kernel.clock import now


class StaffLink(models.Model):
    """Only the secret's SHA-256 is kept."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"staff link {self.pk}"
