"""What happened, as people are told of it: one `Event` per business act, and who is told.

`Event` is append only. Feeds, the history of a contribution and *My contributions* read it by place; `Notice` says
which of them concern a member, and whether their digest told it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.contribution import Contribution
from estime.cocreation.models.discussion import Comment
from estime.cocreation.models.interpellation import Interpellation
from estime.cocreation.models.space import Member, Space


class Event(models.Model):
    """`kind`: a word of `news.py`, which says how it reads and whom it concerns. `data`: numbers and ids, no texts."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["space", "-id"], name="cocreation_event_space"),
            models.Index(
                fields=["challenge", "-id"],
                name="cocreation_event_challenge",
                condition=Q(challenge__isnull=False),
            ),
            models.Index(
                fields=["contribution", "-id"],
                name="cocreation_event_contribution",
                condition=Q(contribution__isnull=False),
            ),
            models.Index(
                fields=["interpellation", "-id"],
                name="cocreation_event_question",
                condition=Q(interpellation__isnull=False),
            ),
            models.Index(fields=["by", "-id"], name="cocreation_event_by", condition=Q(by__isnull=False)),
            models.Index(  # a handful among all that happened in a challenge, asked for by each page of its votes
                fields=["challenge"], name="cocreation_event_options", condition=Q(kind="option_hidden")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Follow(models.Model):
    """A member wants to know what happens here; being an author or a supporter needs no following."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="follows")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="followed", null=True)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="followed", null=True
    )
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="followed", null=True
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "challenge"], name="cocreation_follow_challenge"),
            models.UniqueConstraint(fields=["member", "contribution"], name="cocreation_follow_contribution"),
            models.UniqueConstraint(fields=["member", "interpellation"], name="cocreation_follow_question"),
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, challenge=None, interpellation=None)
                | Q(contribution=None, challenge__isnull=False, interpellation=None)
                | Q(contribution=None, challenge=None, interpellation__isnull=False),
                name="cocreation_follow_one",
            ),
        ]

    def __str__(self) -> str:
        return f"follow {self.pk}"


class Notice(models.Model):
    """An event concerns a member. `digest`: the one that told them; null: not told yet."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notices", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    digest = models.ForeignKey(
        "cocreation.Digest", on_delete=models.PROTECT, related_name="notices", null=True
    )
    planned = models.BooleanField(default=False, db_default=False)
    """Whether its member's `digest_due` was looked at since (actions/digests.py)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "event"], name="cocreation_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="cocreation_notice_fresh", condition=Q(planned=False)),
            models.Index(fields=["member", "event"], name="cocreation_notice_open", condition=Q(digest=None)),
        ]

    def __str__(self) -> str:
        return f"notice of event {self.event_id}"


class Digest(models.Model):
    """One digest of one member. `delivered`: handed to whoever delivers (ports.py); null: not yet."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="digests")
    made = models.DateTimeField()
    delivered = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0, db_default=0)
    claimed = models.DateTimeField(null=True)
    """Until when somebody is delivering it; if they fell, it is anybody's again from then on."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="cocreation_digest_waiting", condition=Q(delivered=None))
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"
