"""A question or contradiction put to the brand in public, which others join (*Interpellation*).

`reached` is set once, when enough people had joined; who leaves later takes nothing from it. Since then an answer by a
named person is owed until `due`. An answer is never taken away; a later one may add to it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.space import Member, Space


class Interpellation(models.Model):
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="interpellations", db_index=False)
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="interpellations", null=True
    )
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="interpellations")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    lang = models.CharField(max_length=12, blank=True)
    threshold = models.IntegerField()
    joined = models.IntegerField(default=0, db_default=0)
    comments = models.IntegerField(default=0, db_default=0)
    at = models.DateTimeField()
    reached = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    """When it was first answered."""
    withdrawn = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False, db_default=False)
    erased = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=200, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(threshold__gt=0), name="cocreation_question_threshold"),
            models.CheckConstraint(condition=~Q(title="") | Q(erased=True), name="cocreation_question_title"),
            models.CheckConstraint(
                condition=Q(reached=None, due=None) | Q(reached__isnull=False, due__isnull=False),
                name="cocreation_question_due",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["space", "-id"], name="cocreation_question_new"),
            models.Index(fields=["space", "-joined", "-id"], name="cocreation_question_joined"),
            models.Index(
                fields=["due", "id"],
                name="cocreation_question_owed",
                condition=Q(reached__isnull=False, answered=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Joining(models.Model):
    """A member asks the same. Whoever opened it is the first."""

    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="joinings", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="joinings")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interpellation", "member"], name="cocreation_joining_once")
        ]

    def __str__(self) -> str:
        return f"joining of question {self.interpellation_id}"


class Answer(models.Model):
    """What a named person of the brand answers. `name`, `role`: as they were called when they answered."""

    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    number = models.IntegerField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interpellation", "number"], name="cocreation_answer_number"),
            models.CheckConstraint(condition=~Q(body="") & ~Q(name=""), name="cocreation_answer_said"),
        ]

    def __str__(self) -> str:
        return f"answer to question {self.interpellation_id}"
