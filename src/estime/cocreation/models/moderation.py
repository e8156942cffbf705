"""Reports, what was hidden and why, appeals. A hiding is never silent: it has a reason, a name, and is counted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.contribution import Contribution, Picture
from estime.cocreation.models.discussion import Comment
from estime.cocreation.models.interpellation import Interpellation
from estime.cocreation.models.space import Member, Space
from estime.cocreation.vocabulary import DEEDS, HIDING_REASONS, REPORT_REASONS

TARGETS = ("contribution", "comment", "interpellation", "challenge", "picture")


def _exactly_one() -> Q:
    whole = Q()
    for name in TARGETS:
        whole |= Q(**{f"{other}__isnull": other != name for other in TARGETS})
    return whole


class Report(models.Model):
    """A member thinks that something should not stand here. `settled`: a moderator looked at it."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+", null=True)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+", null=True)
    interpellation = models.ForeignKey(Interpellation, on_delete=models.PROTECT, related_name="+", null=True)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="+", null=True)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    kept = models.BooleanField(null=True)
    """Whether what was reported stays."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_exactly_one(), name="cocreation_report_one"),
            models.CheckConstraint(condition=Q(reason__in=REPORT_REASONS), name="cocreation_report_reason"),
            *(
                models.UniqueConstraint(fields=["member", name], name=f"cocreation_report_{name}")
                for name in TARGETS
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="cocreation_report_open", condition=Q(settled=None))
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Hiding(models.Model):
    """Something was hidden, by a named person, for a reason that is told. `criticism`: it spoke against the brand."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="hidings", null=True
    )
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="hidings", null=True)
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="hidings", null=True
    )
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="hidings", null=True)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="hidings", null=True)
    reason = models.CharField(max_length=12)
    words = models.TextField()
    criticism = models.BooleanField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField()
    lifted = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_exactly_one(), name="cocreation_hiding_one"),
            models.CheckConstraint(condition=Q(reason__in=HIDING_REASONS), name="cocreation_hiding_reason"),
            models.CheckConstraint(condition=~Q(words="") & ~Q(name=""), name="cocreation_hiding_said"),
            *(
                models.UniqueConstraint(
                    fields=[name], name=f"cocreation_hiding_{name}", condition=Q(lifted=None)
                )
                for name in TARGETS
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["space", "-id"], name="cocreation_hiding_space")]

    def __str__(self) -> str:
        return f"hiding {self.pk}"


class Appeal(models.Model):
    """Whoever wrote it asks to look again; somebody else than who hid it answers."""

    hiding = models.OneToOneField(Hiding, on_delete=models.PROTECT, related_name="appeal")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled=None, granted=None)
                | Q(settled__isnull=False, granted__isnull=False) & ~Q(answer=""),
                name="cocreation_appeal_settled",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="cocreation_appeal_open", condition=Q(settled=None))
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class Moderated(models.Model):
    """One deed of a moderator: append only, the audit log. What it was about is named by what it hangs on."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=14)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+", null=True)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, related_name="+", null=True)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="+", null=True)
    hint = models.ForeignKey("cocreation.Hint", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=DEEDS), name="cocreation_moderated_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
