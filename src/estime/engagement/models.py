"""Figure tables: what a refresh computed, ready to be shown. Pages read these and never the lake.

`Place` is about single people, and only there while `privacy.person_affect` is on. No part that decides anything about
a person may read it, nor what is contested (a test walks imports, tables and foreign keys).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


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


class Place(models.Model):
    """Where one person stands on the engagement map of their channel. Of whom too little is known has no row."""

    account = models.BigIntegerField(primary_key=True)
    scope = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    cell = models.CharField(max_length=20)
    pieces = models.IntegerField()
    weight = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(low__gte=-1, low__lte=F("value"), high__gte=F("value"), high__lte=1),
                name="engagement_place_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"place of account {self.account}"


class Contested(models.Model):
    """Somebody says that a text of theirs was not meant as it was read. It counts as they meant it, or not at all.

    `meant`: -1 against, 0 neither, 1 for the brand; null, leave it out. `withdrawn`: taken back, kept to be counted.
    """

    seq = models.BigIntegerField(primary_key=True)
    account = models.BigIntegerField(db_index=True)
    meant = models.SmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(meant=None) | Q(meant__gte=-1, meant__lte=1), name="engagement_contested_meant"
            )
        ]

    def __str__(self) -> str:
        return f"contested reading of act {self.seq}"


class Objection(models.Model):
    """Somebody objects to their place as a whole. `out`: they are not to be placed at all."""

    account = models.BigIntegerField(primary_key=True)
    out = models.BooleanField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"objection of account {self.account}"


class ValidityReport(models.Model):
    """How far durability can be trusted on one scope, and how many of its people are expected again: aggregates only.

    `drawn`: its charts as SVG, by language and section. `stale`: somebody was erased, compute it again.
    """

    scope = models.CharField(max_length=64, primary_key=True)
    made_at = models.DateTimeField()
    told = models.JSONField()
    drawn = models.JSONField(default=dict)
    stale = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"validity of {self.scope}"
