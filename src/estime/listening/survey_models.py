"""What people answer when they are asked how they are treated. Invariants, held by the database where it can:

1. One open asking per person, one asking per person and act.
2. Nobody is shown two askings within 90 days (`survey_guards.py`).
3. An answer is a number from 1 to 5; a question that was left out has no row.
4. All of it is a person's own: it can be changed and taken back, and goes with the person (`actions/survey_forget.py`).
5. What staff see was counted once, when its quarter was over, and does not change afterwards (`SurveyTold`): no two
   figures differ by one person.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from estime.listening.followed import FollowedLedger
from estime.listening.survey_words import OCCASIONS, QUESTIONS, REASONS

_OPEN = Q(answered=None, dismissed=None, lapsed=None)


class FollowedToAsk(FollowedLedger):
    """How far the ledger was read for occasions to ask. One row at most; whoever makes askings holds it.

    It belongs to one server, as `Followed` does, and is in no backup: reading all again asks nobody twice.
    """

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="listening_toask_is_one")]

    def __str__(self) -> str:
        return f"occasions up to {self.xid}/{self.seq}"


class AskNever(models.Model):
    """A login that said *never ask me*."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"never ask {self.user_id}"


class Asked(models.Model):
    """The five questions, once, for one account. `act`: the decision, answer or outcome that it hangs on.

    It is open until it is answered, put aside (`dismissed`) or over (`lapsed`). `answered` is when it was first
    answered, which says the quarter it counts in; `changed` when that was last changed. `sent`: told by mail or
    otherwise (ports.py). `place`: where its words stand among those that staff read; null: they do not.
    """

    account = models.BigIntegerField()
    occasion = models.CharField(max_length=8)
    act = models.BigIntegerField()
    space = models.BigIntegerField()
    due = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    shown = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    changed = models.DateTimeField(null=True)
    dismissed = models.DateTimeField(null=True)
    lapsed = models.DateTimeField(null=True)
    words = models.TextField(blank=True, default="", db_default="")
    place = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "act"], name="listening_asked_once"),
            models.UniqueConstraint(fields=["account"], condition=_OPEN, name="listening_asked_one_open"),
            models.CheckConstraint(condition=Q(occasion__in=OCCASIONS), name="listening_asked_occasion"),
            models.CheckConstraint(
                condition=Q(answered=None, changed=None, words="")
                | Q(answered__isnull=False, changed__isnull=False, dismissed=None),
                name="listening_asked_answered",
            ),
            models.CheckConstraint(condition=Q(place=None) | ~Q(words=""), name="listening_asked_place"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "shown"], name="listening_asked_shown"),
            models.Index(fields=["due"], name="listening_asked_open", condition=_OPEN),
            models.Index(
                fields=["answered"], name="listening_asked_when", condition=Q(answered__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"asking {self.pk}"


class SurveyAnswer(models.Model):
    """What somebody answered to one of the five questions."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="answers", db_index=False)
    question = models.SmallIntegerField()
    value = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "question"], name="listening_answer_once"),
            models.CheckConstraint(condition=Q(question__in=QUESTIONS), name="listening_answer_question"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="listening_answer_value"),
        ]

    def __str__(self) -> str:
        return f"question {self.question}: {self.value}"


class SurveyReason(models.Model):
    """A reason why somebody is here, as they ticked it."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="reasons", db_index=False)
    reason = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "reason"], name="listening_reason_once"),
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="listening_reason_known"),
        ]

    def __str__(self) -> str:
        return self.reason


class SurveyTold(models.Model):
    """What staff see of one quarter, counted when it was over; `space` 0 is all of them together.

    `people` is 0 where they were fewer than may be told, and `figures` then says nothing of them.
    """

    quarter = models.DateField()
    space = models.BigIntegerField(default=0)
    people = models.IntegerField()
    figures = models.JSONField(default=dict)
    made = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quarter", "space"], name="listening_told_once"),
            models.CheckConstraint(condition=Q(people=0) | Q(people__gte=10), name="listening_told_ten"),
        ]

    def __str__(self) -> str:
        return f"answers of {self.quarter}"
