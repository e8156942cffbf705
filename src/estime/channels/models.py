"""One row per import: what came from where, and what became of it. No path of anybody's machine is kept."""

from uuid import UUID

from django.db import models

from estime.kernel.ids import uuid7


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

    def __str__(self) -> str:
        return f"{self.file_name} into {self.channel}: {self.status}"
