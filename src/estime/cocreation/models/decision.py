"""What became of what people gave: decisions, what is promised, what was made, and whether it took them into account.

Decisions, promises and outcomes are added, never changed: a newer one says more, the older ones stay to be read.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.contribution import Contribution, Picture, Version
from estime.cocreation.models.discussion import Comment
from estime.cocreation.models.interpellation import Interpellation
from estime.cocreation.models.space import Member
from estime.cocreation.vocabulary import CONSIDERED, OUTCOMES

SAID = Q(said_yes__gt=0) | Q(said_part__gt=0) | Q(said_no__gt=0)
"""Decisions of which somebody said whether they take into account what was said."""


class Decision(models.Model):
    """The brand's answer to a contribution, by a named person: why, and what of it lives on.

    `source`: an answer that was given on another site, by nobody of ours, and brought here with a challenge. `name` is
    then the site; it may say no reason, nothing of what lives on, and no day on which it is looked at again.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    number = models.IntegerField()
    outcome = models.CharField(max_length=9)
    reason = models.TextField()
    lives_on = models.TextField()
    again = models.DateField(null=True)
    into = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+", null=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField()
    source = models.CharField(max_length=200, null=True)  # noqa: DJ001  null: it was given here
    # How many of those asked answered what; who is kept in `Considered`.
    said_yes = models.IntegerField(default=0, db_default=0)
    said_part = models.IntegerField(default=0, db_default=0)
    said_no = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "number"], name="cocreation_decision_number"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="cocreation_decision_outcome"),
            models.CheckConstraint(
                condition=~Q(name="") & (Q(source__isnull=False) | ~Q(reason="") & ~Q(lives_on="")),
                name="cocreation_decision_said",
            ),
            models.CheckConstraint(
                condition=Q(outcome="later", again__isnull=False)
                | Q(outcome="later", source__isnull=False)
                | ~Q(outcome="later") & Q(again=None),
                name="cocreation_decision_again",
            ),
            models.CheckConstraint(
                condition=Q(outcome="together", into__isnull=False) | ~Q(outcome="together") & Q(into=None),
                name="cocreation_decision_into",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["again", "id"], name="cocreation_decision_later", condition=Q(outcome="later")
            ),
            models.Index(fields=["contribution"], name="cocreation_decision_asked", condition=SAID),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: contribution {self.contribution_id}"


class Considered(models.Model):
    """*Does it take what I said into account?* asked of the authors after a decision or an answer."""

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="considered", null=True, db_index=False
    )
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="considered", null=True, db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=4)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "member"], name="cocreation_considered_once"),
            models.UniqueConstraint(fields=["interpellation", "member"], name="cocreation_considered_asked"),
            models.CheckConstraint(condition=Q(says__in=CONSIDERED), name="cocreation_considered_says"),
            models.CheckConstraint(
                condition=Q(decision=None, interpellation__isnull=False)
                | Q(decision__isnull=False, interpellation=None),
                name="cocreation_considered_one",
            ),
        ]

    def __str__(self) -> str:
        return self.says


class Pledge(models.Model):
    """A promise: what, by whom, by when. `kept` after `due` is late, and stays so. `waived`: taken back, with a reason.

    `replaces`: the promise that this one takes the place of, which stays to be read with its date.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="pledges", null=True
    )
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="pledges", null=True)
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="pledges", null=True
    )
    what = models.TextField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    due = models.DateTimeField()
    at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    kept = models.DateTimeField(null=True)
    kept_words = models.TextField(blank=True)
    kept_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    waived = models.DateTimeField(null=True)
    waived_reason = models.TextField(blank=True)
    waived_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, challenge=None, interpellation=None)
                | Q(contribution=None, challenge__isnull=False, interpellation=None)
                | Q(contribution=None, challenge=None, interpellation__isnull=False),
                name="cocreation_pledge_one",
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(name=""), name="cocreation_pledge_said"),
            models.CheckConstraint(
                condition=Q(waived=None, waived_reason="")
                | Q(waived__isnull=False, kept=None) & ~Q(waived_reason=""),
                name="cocreation_pledge_waived",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due", "id"], name="cocreation_pledge_due", condition=Q(kept=None, waived=None)
            )
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"


class Outcome(models.Model):
    """What was made, in the end."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="outcomes")
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    made = models.DateField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField()
    pictures = models.ManyToManyField(Picture, related_name="+")
    options = models.ManyToManyField("cocreation.Option", related_name="outcomes")
    """What members voted for and nobody wrote as a contribution: named by the lead. The others are `sources`."""
    source = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.title


class OutcomeSource(models.Model):
    """Something that an outcome came from, and how (W3C PROV: derived from). Credit will flow along these."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="sources", db_index=False)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="outcomes", null=True
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", null=True)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+", null=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "contribution"], name="cocreation_outcomesource_once"),
            models.UniqueConstraint(fields=["outcome", "comment"], name="cocreation_outcomesource_said"),
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, comment=None)
                | Q(contribution=None, comment__isnull=False),
                name="cocreation_outcomesource_one",
            ),
        ]

    def __str__(self) -> str:
        return f"source of outcome {self.outcome_id}"
