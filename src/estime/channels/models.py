"""One row per import: what came from where, and what became of it; refused rows that were settled; uploads.

No path of anybody's machine is kept.
"""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from estime.kernel.clock import now
from estime.kernel.ids import uuid7

SENT = ("segment",)
"""Formats of messages that come one by one."""


def _new_id() -> UUID:
    return uuid7()


class Import(models.Model):
    """One file or folder that was imported, wholly or in part."""

    class Status(models.TextChoices):
        """How far it came. Partial: rows were refused, or the source was cut; the rest is in."""

        RUNNING = "running"
        DONE = "done"
        PARTIAL = "partial"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=_new_id, editable=False)
    channel = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    format = models.CharField(max_length=32)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    message = models.TextField(blank=True)
    rejects_file = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    job = models.UUIDField(null=True)
    options = models.JSONField(default=dict)  # what was said about the source, its columns
    types = models.JSONField(default=dict)  # how many drafts of each kind came
    codes = models.JSONField(default=dict)  # of refused rows: code to [how many, place of the first]
    rejects_digest = models.CharField(max_length=64, blank=True)
    settled = models.BigIntegerField(default=0)  # refused rows of which nothing more is to be done
    stopped = models.BooleanField(default=False)  # it failed or was cut, and nothing completed it since
    closed = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "-started", "-id"], name="channels_import_history"),
            models.Index(
                fields=["started"],
                name="channels_import_open",
                condition=Q(closed=None) & (Q(stopped=True) | Q(rejected__gt=0)),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(settled__lte=F("rejected")), name="channels_import_settled")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} into {self.channel}: {self.status}"

    @property
    def sent(self) -> bool:
        """Whether these are the refused messages of what sends by itself (`sent.py`): no file was imported."""
        return self.format in SENT


class SettledReject(models.Model):
    """A refused row of which nothing more is to be done: it is in, left out for a reason, or erased."""

    class How(models.TextChoices):
        """What became of it."""

        MENDED = "mended"
        LEFT = "left"
        ERASED = "erased"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.BigIntegerField()  # the byte at which its line begins in the rejects file
    code = models.CharField(max_length=64)
    how = models.CharField(max_length=8, choices=How.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["imported", "place"], name="channels_settled_once")
        ]
        indexes: ClassVar = [models.Index(fields=["imported", "code"], name="channels_settled_code")]

    def __str__(self) -> str:
        return f"row at {self.place}: {self.how}"


class Upload(models.Model):
    """A file that somebody brought through the page. It waits to be confirmed, as long as settings say."""

    class State(models.TextChoices):
        """Waiting for a word of whoever brought it, on its way in, in, or let go."""

        WAITING = "waiting"
        ASKED = "asked"
        DONE = "done"
        GONE = "gone"

    id = models.UUIDField(primary_key=True, default=_new_id, editable=False)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    file_name = models.CharField(max_length=255)
    kept_as = models.CharField(max_length=64)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    preview = models.JSONField(null=True)  # holds rows of the file: goes with it
    preview_job = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    job = models.UUIDField(null=True)
    imported = models.ForeignKey(Import, on_delete=models.SET_NULL, related_name="+", null=True)
    mends = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="channels_upload_state")]

    def __str__(self) -> str:
        return f"{self.size} bytes, {self.state}"
