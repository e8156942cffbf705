"""What people say to each other under a contribution, a challenge or a question to the brand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.contribution import Contribution
from estime.cocreation.models.interpellation import Interpellation
from estime.cocreation.models.space import Member
from estime.cocreation.vocabulary import EDITS, INTENTS

EXACTLY_ONE = (
    Q(contribution__isnull=False, challenge=None, interpellation=None)
    | Q(contribution=None, challenge__isnull=False, interpellation=None)
    | Q(contribution=None, challenge=None, interpellation__isnull=False)
)


class Comment(models.Model):
    """A message. `root`: the one its thread began with (null for that one itself); `parent`: what it answers.

    `replies`: how many the thread of a root has. `quoted`: what it quotes, besides answering.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    interpellation = models.ForeignKey(
        Interpellation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    quoted = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="comments", db_index=False)
    for_brand = models.BooleanField(default=False, db_default=False)
    intent = models.CharField(max_length=12, blank=True, default="", db_default="")
    body = models.TextField(blank=True)
    lang = models.CharField(max_length=12, blank=True)
    replies = models.IntegerField(default=0, db_default=0)
    at = models.DateTimeField()
    edited = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False, db_default=False)
    erased = models.BooleanField(default=False, db_default=False)
    channel = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source"], name="cocreation_comment_source"),
            models.CheckConstraint(condition=EXACTLY_ONE, name="cocreation_comment_one_place"),
            models.CheckConstraint(condition=Q(intent__in=INTENTS), name="cocreation_comment_intent"),
            models.CheckConstraint(
                condition=Q(root=None, parent=None) | Q(root__isnull=False, parent__isnull=False),
                name="cocreation_comment_thread",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["contribution", "-id"],
                name="cocreation_talk_contribution",
                condition=Q(contribution__isnull=False, root=None),
            ),
            models.Index(
                fields=["challenge", "-id"],
                name="cocreation_talk_challenge",
                condition=Q(challenge__isnull=False, root=None),
            ),
            models.Index(
                fields=["interpellation", "-id"],
                name="cocreation_talk_question",
                condition=Q(interpellation__isnull=False, root=None),
            ),
            models.Index(
                fields=["root", "id"], name="cocreation_talk_thread", condition=Q(root__isnull=False)
            ),
            models.Index(fields=["by", "-id"], name="cocreation_talk_by"),
            # Who talks where: whom to tell, and what somebody gave.
            *(
                models.Index(
                    fields=[place, "by"],
                    name=f"cocreation_talker_{place[:12]}",
                    condition=Q(**{f"{place}__isnull": False}),
                )
                for place in ("contribution", "challenge", "interpellation")
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Wording(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="wordings")
    body = models.TextField(blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"earlier wording of comment {self.comment_id}"


class Edit(models.Model):
    """The concrete change that an improvement offers: the words as they would be, made from version `base`."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="edit")
    base = models.IntegerField()
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=8, default="offered", db_default="offered")
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(blank=True)
    version = models.IntegerField(null=True)
    """The version that it became part of."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=EDITS), name="cocreation_edit_state"),
            models.CheckConstraint(
                condition=Q(state="offered", settled=None, version=None)
                | Q(state="adopted", settled__isnull=False, version__isnull=False)
                | Q(state="declined", settled__isnull=False, version=None),
                name="cocreation_edit_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"edit of comment {self.comment_id}"
