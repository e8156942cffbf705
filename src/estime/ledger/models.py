"""The ledger's tables. Invariants, held by the database itself (constraints here, triggers in `guards.py`):

1. One act per (channel, source_id): the same act told twice is one act.
2. An act never changes and never goes. The one exception is erasure, which has one allowed shape.
3. A handle stands in one place, `Account.handle`; acts carry the account's random key.
4. `seq` only grows. On PostgreSQL commits can land out of order, so readers go by transaction, not by `seq`
   (`actions/archive.py`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.ledger.vocabulary import ACTIVITY_TYPES


class Channel(models.Model):
    """A place where acts happen: a forum, a Slack, a page, our own co-creation space."""

    name = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=32, blank=True)
    attribution = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title or self.name


class Account(models.Model):
    """Somebody as one channel knows them. The key is random; the handle stands only here, and goes on erasure."""

    key = models.BigIntegerField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    handle = models.TextField(null=True)
    recorded = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "handle"], name="ledger_account_handle"),
            models.CheckConstraint(condition=Q(key__gt=0), name="ledger_account_key_positive"),
            models.CheckConstraint(condition=~Q(handle=""), name="ledger_account_handle_not_empty"),
        ]

    def __str__(self) -> str:
        return f"account {self.key}"


class Act(models.Model):
    """One thing that one account did at one time on one channel (field meanings: docs/ledger.md)."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    # Not checked row by row: the actor's account is, it belongs to the channel, and guards keep both in place.
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source_id = models.TextField()
    actor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=16)
    object_id = models.TextField(null=True)
    object_type = models.TextField(null=True)
    in_reply_to = models.TextField(null=True)
    context = models.TextField(null=True)
    published = models.DateTimeField()
    recorded = models.DateTimeField()
    content = models.TextField(null=True)
    lang = models.TextField(null=True)
    value = models.FloatField(null=True)
    unit = models.TextField(null=True)
    incentive = models.TextField(null=True)
    on_behalf_of = models.TextField(null=True)
    extra = models.TextField(null=True)  # JSON: fields that the source had and we have no column for

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source_id"], name="ledger_act_source"),
            models.CheckConstraint(condition=Q(type__in=sorted(ACTIVITY_TYPES)), name="ledger_act_type"),
            models.CheckConstraint(condition=~Q(source_id=""), name="ledger_act_source_not_empty"),
        ]
        indexes: ClassVar = [models.Index(fields=["actor", "published"], name="ledger_act_actor")]

    def __str__(self) -> str:
        return f"act {self.seq}"


class Observation(models.Model):
    """A total that a platform tells without saying who (likes of a post, followers of a page)."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    object_id = models.TextField()  # "" is the channel itself
    object_type = models.TextField(null=True)
    metric = models.CharField(max_length=64)
    value = models.FloatField()
    observed = models.DateTimeField()
    published = models.DateTimeField(null=True)
    recorded = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "object_id", "metric", "observed"], name="ledger_observation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.object_id or self.channel_id}"
