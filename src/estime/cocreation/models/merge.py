"""Bringing together: several contributions are shown and counted as one, and can be taken apart again.

1. Nothing moves: supports, comments, versions and authors stay with the contribution they were given to, whose
   `together` points at the head. Counts of a head are counted over its parts, each person once.
2. The merges in force (agreed or decided) are the edges of a forest: whatever went into something is a part in one of
   them at most. `together` is the root of its tree and nothing else, so taking any merge back, in any order, is exact.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.contribution import Contribution
from estime.cocreation.models.space import Member
from estime.cocreation.vocabulary import MERGES


class Merge(models.Model):
    """`head`: what the others go into. `title`, `body`: its words from then on, agreed with the rest.

    `before`: the version of the head that stands again when it is undone (if nobody wrote on it since).
    """

    head = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="merges")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    base = models.IntegerField()
    """The head's version from which the words were made."""
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="proposed", db_default="proposed")
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    settled_reason = models.TextField(blank=True)
    before = models.IntegerField(null=True)
    undone = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    undone_reason = models.TextField(blank=True)
    by_hand = models.BooleanField(default=False, db_default=False)
    """Whether somebody decided on the words after it was undone, where changes met."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MERGES), name="cocreation_merge_state"),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(settled_reason=""), name="cocreation_merge_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled=None) | ~Q(state="proposed") & Q(settled__isnull=False),
                name="cocreation_merge_settled",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone__isnull=False) | ~Q(state="undone") & Q(undone=None),
                name="cocreation_merge_undone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="cocreation_merge_open", condition=Q(state="proposed"))
        ]

    def __str__(self) -> str:
        return f"merge into contribution {self.head_id}"


class MergePart(models.Model):
    """A contribution that goes into the head. `base`: its version from which the words of the whole were made."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="parts", db_index=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")
    base = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "contribution"], name="cocreation_mergepart_once")
        ]

    def __str__(self) -> str:
        return f"part {self.contribution_id} of merge {self.merge_id}"


class Consent(models.Model):
    """What an author of one side says to a proposal: every side needs one author's yes, and nobody's no."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="consents", db_index=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merge", "contribution", "member"], name="cocreation_consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"consent to merge {self.merge_id}"


class Contest(models.Model):
    """What an author says against bringing together; it stands beside it in public, and a lead answers by name."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="contests", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "member"], name="cocreation_contest_once"),
            models.CheckConstraint(
                condition=Q(answered=None, answer="", name="")
                | Q(answered__isnull=False) & ~Q(answer="") & ~Q(name=""),
                name="cocreation_contest_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="cocreation_contest_open", condition=Q(answered=None))
        ]

    def __str__(self) -> str:
        return f"contest of merge {self.merge_id}"
