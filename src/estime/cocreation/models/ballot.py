"""Votes. Held by the database (`guards.py`):

1. Rules (method, parameters, ties, threshold, who may vote, whether it is secret) never change once the challenge is
   open; the closing only moves later, and not after it came.
2. Options do not change once a vote has begun, except that a pairwise or opinion vote may gain some.
3. One person one vote: one `Voter` and one `Link` per poll and member. A ballot changes only until the closing.
4. Which ballot is whose stands in `Link` alone, and goes after the objection period; then ballots are written anew in a
   random order, so that nothing in the database tells. A ballot has a random id and no time.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.contribution import Contribution
from estime.cocreation.models.space import Member
from estime.cocreation.vocabulary import ELIGIBLE, METHODS, TIES


class Poll(models.Model):
    """One vote of a challenge. `closes` is when it will close, `closed` that it did; `sealed`: no link is left."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="polls")
    title = models.CharField(max_length=200)
    method = models.CharField(max_length=8)
    parameters = models.JSONField(default=dict)
    """What the method needs: {"most": 3} options on a ballot, {"top": 5} of a score, {"budget": "10000"} and so on."""
    ties = models.CharField(max_length=6, default="shared")
    seed = models.BigIntegerField()
    """Of what is drawn (ties) and resampled (how fragile the result is); known from the opening on."""
    threshold = models.IntegerField(default=0)
    """Fewer voters than this, and the vote decides nothing."""
    who = models.CharField(max_length=12, default="members")
    binding = models.BooleanField(default=True)
    secret = models.BooleanField(default=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    locked = models.DateTimeField(null=True)
    """When its rules were locked: as the challenge opened."""
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    counted = models.DateTimeField(null=True)
    objections_until = models.DateTimeField(null=True)
    sealing = models.BooleanField(default=False, db_default=False)
    sealed = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 over the ballots, sorted, as they were at the closing."""
    channel = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200, null=True)  # noqa: DJ001  null: made here

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source"], name="cocreation_poll_source"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="cocreation_poll_method"),
            models.CheckConstraint(condition=Q(ties__in=TIES), name="cocreation_poll_ties"),
            models.CheckConstraint(condition=Q(who__in=ELIGIBLE), name="cocreation_poll_who"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="cocreation_poll_order"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="cocreation_poll_threshold"),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(opened__isnull=False), name="cocreation_poll_closed"
            ),
            models.CheckConstraint(
                condition=Q(counted=None, sealed=None, sealing=False) | Q(closed__isnull=False),
                name="cocreation_poll_after",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["closes", "id"], name="cocreation_poll_closing", condition=Q(closed=None)),
            models.Index(
                fields=["objections_until", "id"],
                name="cocreation_poll_sealing",
                condition=Q(sealed=None, closed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Option(models.Model):
    """Something that can be chosen; a statement, in a vote on opinions."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="options", db_index=False)
    number = models.IntegerField()
    title = models.CharField(max_length=1000)
    own = models.CharField(max_length=64, blank=True, db_default="")
    """Of words that were written for this vote: SHA-256 of them without capitals, accents and more than one space."""
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="options", null=True
    )
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    hidden = models.BooleanField(default=False, db_default=False)
    """Left out of what is asked from now on (a statement of hate); its ballots stay."""
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "number"], name="cocreation_option_number"),
            models.UniqueConstraint(fields=["poll", "contribution"], name="cocreation_option_once"),
            models.UniqueConstraint(
                fields=["poll", "own"], name="cocreation_option_own", condition=~Q(own="")
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gt=0), name="cocreation_option_cost"),
        ]

    def __str__(self) -> str:
        return self.title


class Ballot(models.Model):
    """What somebody chose. The id is random and the key of the table, so that rows lie in no telling order.

    `content`: JSON, by method: `[numbers of options]` (approval, budget), `{"number": points}` (score),
    `[[numbers], [numbers]]` best first (ranked), `[[left, right, which]]` (pairwise: -1 left, 1 right, 0 cannot say),
    `{"number": 1 | 0 | -1}` (groups: agree, pass, disagree).
    """

    id = models.BigAutoField(primary_key=True)  # always given; on SQLite rows lie in its order
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="ballots")
    content = models.TextField()

    def __str__(self) -> str:
        return "a ballot"


class Voter(models.Model):
    """A member voted in a poll: said for ever. `last`: when they cast or changed it, until the links go."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voters", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="voted")
    last = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "member"], name="cocreation_voter_once")
        ]

    def __str__(self) -> str:
        return f"voter of poll {self.poll_id}"


class Link(models.Model):
    """Which ballot is whose: so that it can be changed until the closing, and objected to after."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    ballot = models.BigIntegerField(unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "member"], name="cocreation_link_once")
        ]

    def __str__(self) -> str:
        return f"link of poll {self.poll_id}"


class Objection(models.Model):
    """What somebody says against how a vote went, while that can be looked into; answered by a named person."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="objections")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "member"], name="cocreation_objection_once"),
            models.CheckConstraint(
                condition=Q(answered=None) | ~Q(answer="") & ~Q(name=""), name="cocreation_objection_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"objection to poll {self.poll_id}"


class Result(models.Model):
    """What a vote gave, as it was counted. A poll that stays open (opinions, pairs) has newer ones over time."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="results", db_index=False)
    number = models.IntegerField()
    ballots = models.IntegerField()
    final = models.BooleanField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "number"], name="cocreation_result_number")
        ]

    def __str__(self) -> str:
        return f"result of poll {self.poll_id}"
