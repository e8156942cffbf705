"""What keeps abuse small: how much an account may do, what was said again and again, hints for moderators.

Nothing here is an input to contact, eligibility, price or what is shown: a hint is for a human to look at.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.space import Member, Space
from estime.cocreation.vocabulary import HINTS


class Allowance(models.Model):
    """Until when the allowance of an account, or of an address, is used up (`limits.py`). A row that is over is swept.

    `key`: the kind, and the member's number or a keyed hash of the address: none stands here. `until`: µs of 1970.
    """

    key = models.CharField(max_length=80, primary_key=True)
    until = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="cocreation_allowance_until")]

    def __str__(self) -> str:
        return self.key


class Echo(models.Model):
    """By what a text that was written lately is found again: numbers made from its words, swept after a day.

    `what`: the thing, as the ledger calls it. Texts that are nearly the same have a `band` in common (`repetition.py`).
    """

    band = models.BigIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["band", "at"], name="cocreation_echo_band"),
            models.Index(fields=["at"], name="cocreation_echo_at"),
        ]

    def __str__(self) -> str:
        return f"echo of {self.what}"


class Hint(models.Model):
    """Something that a moderator may want to look at. `data`: numbers and ids, no words. Nothing acts on it.

    `sign`: what it is about, hashed: the same thing is hinted at once.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    sign = models.CharField(max_length=64, unique=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=HINTS), name="cocreation_hint_kind")
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="cocreation_hint_open", condition=Q(seen=None))]

    def __str__(self) -> str:
        return f"hint {self.pk}"
