"""Who looked at whom: every look at a person is kept, for the person to see."""

from typing import ClassVar

from django.db import models

from estime.kernel.clock import now


class Look(models.Model):
    """One look. `account` is the account's key, no foreign key: it stays true when the account is erased."""

    viewer = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    account = models.BigIntegerField()
    at = models.DateTimeField(default=now)
    where = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="people_look_account")]

    def __str__(self) -> str:
        return f"look {self.pk}"
