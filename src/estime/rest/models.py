"""What requests with an `Idempotency-Key` made: the same request, sent again within a day, makes nothing twice."""

from typing import ClassVar

from django.db import models


class Made(models.Model):
    """One such request. Nothing of what was said is kept: key and request are keyed hashes, `number` names what was
    made. It is empty only within the transaction that makes it."""

    owner = models.BigIntegerField()
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    number = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="rest_made_once")]

    def __str__(self) -> str:
        return f"request {self.pk}"
