"""Figure tables: what a refresh computed, ready to be shown. Pages read these and never the lake."""

from typing import ClassVar

from django.db import models


class Edition(models.Model):
    """One refresh. The newest edition is the one that stands; `batch` says how far into the lake it read."""

    made_at = models.DateTimeField()
    batch = models.BigIntegerField()
    observations = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # of everything besides the acts that the figures depend on
    scopes = models.JSONField()
    stale = models.BooleanField(default=False)  # something was erased: compute everything again

    def __str__(self) -> str:
        return f"edition {self.pk}"


class StoredFigure(models.Model):
    """A `Figure` (see figures.py) as it stands now."""

    measure = models.CharField(max_length=40)
    scope = models.CharField(max_length=64)
    period = models.DateField(null=True)
    label = models.TextField(blank=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.FloatField(null=True)
    d = models.FloatField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["scope", "measure", "period"], name="engagement_figure_place")
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.scope}"


class Lease(models.Model):
    """Who does a piece of work that only one process at a time may do, and until when it is theirs."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PersonDigest(models.Model):
    """What one person of very many acts did, in short (`actions/digest_persons.py`). The key is the account's."""

    account = models.BigIntegerField(primary_key=True)
    told = models.JSONField()

    def __str__(self) -> str:
        return f"digest of account {self.account}"
