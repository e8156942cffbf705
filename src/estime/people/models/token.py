"""An access token of the REST API: somebody's, with fewer permissions than they have, for as long as it is needed."""

from django.db import models

from estime.kernel.clock import now


class AccessToken(models.Model):
    """Only the secret's SHA-256 is kept; `start` are its first characters, to tell tokens apart by eye.

    A token may do what both its scopes and its owner's role allow (`estime.people.tokens`). `channel`: the only
    channel that it may write to or read, or "" for all.
    """

    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.TextField()
    channel = models.CharField(max_length=64, blank=True)
    made = models.DateTimeField(default=now)
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"
