"""Questions to the brand, as read from the ledger, and what the brand's people did with them. Invariants:

1. No text of a member is kept here: the act's `seq` leads to it, and an erased text is gone from here too.
   Identifiers of a source are keyed numbers (`kernel.ids.lake_key`).
2. What is read from acts can be made again from acts, in whatever order they come; `state` and what comes with it is
   people's doing, and outlives that.
3. `owed` says exactly: it addresses the brand, nobody took it back or answered, and no person has settled it.
4. Every change by a person raises `version` by one and has one `Entry` of that version: two people cannot both
   change the same thing unseen.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from estime.contact.wording import ASKS, DEEDS, REASONS, STATES, WHYS


class Watched(models.Model):
    """A channel on which the brand has accounts, and how far it was read (`ledger.reading`).

    `making`: it is being read from its beginning, and nothing of it is settled before that is done.
    """

    channel = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=64)
    position = models.BigIntegerField(default=0)
    accounts = models.CharField(max_length=64)
    erased = models.BigIntegerField(default=0)
    generation = models.BigIntegerField(default=1)
    making = models.BooleanField(default=True)
    last_act = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Voice(models.Model):
    """A text of the brand: what may be replied to, and what may answer. `loose`: it points at no text."""

    seq = models.BigIntegerField(primary_key=True)
    channel = models.BigIntegerField()
    account = models.BigIntegerField()
    key = models.BigIntegerField()
    source = models.BigIntegerField(null=True)  # only where it is another than `key`
    reply = models.BigIntegerField(null=True)
    thread = models.BigIntegerField()
    loose = models.BooleanField()
    published = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key"], name="contact_voice_key"),
            models.Index(fields=["source"], name="contact_voice_source", condition=Q(source__isnull=False)),
            models.Index(fields=["reply"], name="contact_voice_reply"),
            models.Index(fields=["thread", "published"], name="contact_voice_thread"),
        ]

    def __str__(self) -> str:
        return f"voice {self.seq}"


class Spoken(models.Model):
    """Who spoke when in a room: of the text just before a question it matters whether it is the brand's."""

    seq = models.BigIntegerField(primary_key=True)
    channel = models.BigIntegerField()
    thread = models.BigIntegerField()
    account = models.BigIntegerField()
    ours = models.BooleanField()
    published = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thread", "published"], name="contact_spoken_thread")]

    def __str__(self) -> str:
        return f"spoken {self.seq}"


class Thread(models.Model):
    """The text that opened a thread: the earliest, and of two at one moment that of the smaller key."""

    key = models.BigIntegerField(primary_key=True)
    channel = models.BigIntegerField()
    opened = models.DateTimeField()
    root = models.BigIntegerField()
    brand = models.BooleanField()

    def __str__(self) -> str:
        return f"thread {self.key}"


class Withdrawal(models.Model):
    """Somebody took something back: the key of an act undone or an object deleted."""

    channel = models.BigIntegerField()
    account = models.BigIntegerField()
    key = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "account"], name="contact_withdrawal_once")
        ]

    def __str__(self) -> str:
        return f"withdrawal {self.pk}"


class Question(models.Model):
    """A text that asks something on a watched channel. `why`: by which rule it asks the brand; "": it does not."""

    act = models.BigIntegerField(primary_key=True)
    channel = models.BigIntegerField()
    account = models.BigIntegerField()
    published = models.DateTimeField()
    # as read from the act
    key = models.BigIntegerField()
    source = models.BigIntegerField(null=True)  # only where it is another than `key`
    reply = models.BigIntegerField(null=True)
    thread = models.BigIntegerField()
    asks = models.CharField(max_length=8)
    named = models.BooleanField()
    to_other = models.BooleanField()
    to_all = models.BooleanField()
    heard_from = models.DateTimeField(null=True)
    heard_until = models.DateTimeField(null=True)
    generation = models.BigIntegerField()
    # as settled with the other acts
    stale = models.BooleanField(db_default=True, default=True)
    why = models.CharField(max_length=8, db_default="", blank=True)
    withdrawn = models.BooleanField(db_default=False, default=False)
    answer = models.BigIntegerField(null=True)
    answered = models.DateTimeField(null=True)
    # people's doing
    state = models.CharField(max_length=8, db_default="open", default="open")
    version = models.IntegerField(db_default=0, default=0)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    words = models.TextField(db_default="", default="", blank=True)  # the answer, as it was written here
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, db_default="", blank=True)
    owed = models.BooleanField(db_default=False, default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(asks__in=list(ASKS)), name="contact_question_asks"),
            models.CheckConstraint(condition=Q(why__in=["", *WHYS]), name="contact_question_why"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="contact_question_state"),
            models.CheckConstraint(
                condition=Q(state="waived", reason__in=list(REASONS)) | (~Q(state="waived") & Q(reason="")),
                name="contact_question_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="contact_question_settled",
            ),
            models.CheckConstraint(
                condition=Q(holder=None, handed_by=None) | Q(holder__isnull=False, handed_by__isnull=False),
                name="contact_question_handed",
            ),
            models.CheckConstraint(
                condition=Q(answer=None, answered=None) | Q(answer__isnull=False, answered__isnull=False),
                name="contact_question_answered",
            ),
            models.CheckConstraint(
                condition=Q(owed=True, withdrawn=False, answer=None, state="open") & ~Q(why="")
                | Q(owed=False)
                & (Q(why="") | Q(withdrawn=True) | Q(answer__isnull=False) | ~Q(state="open")),
                name="contact_question_owed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "published", "act"], name="contact_asked_owed", condition=Q(owed=True)
            ),
            models.Index(
                fields=["holder", "published", "act"],
                name="contact_asked_handed",
                condition=Q(owed=True, holder__isnull=False),
            ),
            models.Index(fields=["act"], name="contact_asked_stale", condition=Q(stale=True)),
            models.Index(fields=["account", "published", "act"], name="contact_asked_by"),
            models.Index(fields=["settled_at", "act"], name="contact_asked_said", condition=Q(state="said")),
            models.Index(
                fields=["settled_at", "act"], name="contact_asked_waived", condition=Q(state="waived")
            ),
            models.Index(fields=["key"], name="contact_asked_key"),
            models.Index(fields=["source"], name="contact_asked_source", condition=Q(source__isnull=False)),
            models.Index(fields=["reply"], name="contact_asked_reply", condition=Q(reply__isnull=False)),
            models.Index(fields=["thread", "published"], name="contact_asked_thread"),
        ]

    def __str__(self) -> str:
        return f"question {self.act}"

    @property
    def owes(self) -> bool:
        """What `owed` has to be, from all else that stands in this row."""
        return self.why != "" and not self.withdrawn and self.answer is None and self.state == "open"


class Entry(models.Model):
    """One thing that happened to a question here: who did what, when, in which words. No `by`: Estime saw it."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="entries")
    version = models.IntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    deed = models.CharField(max_length=16)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=16, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "version"], name="contact_entry_version"),
            models.CheckConstraint(condition=Q(deed__in=list(DEEDS)), name="contact_entry_deed"),
            models.CheckConstraint(
                condition=Q(deed="handed", to__isnull=False) | (~Q(deed="handed") & Q(to=None)),
                name="contact_entry_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} of question {self.question_id}"
