"""Jobs: work that a page or a schedule asks for and a worker does (docs/jobs.md).

The database holds what may never be otherwise: a job has exactly one of four statuses; it is running if and only if
somebody holds it for a limited time; of the jobs that wait, at most one has a slot of its kind and key; a failed one
names its error. Nothing here is personal data: `data` holds ids and options; `told` and the error hold words.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from estime.kernel.ids import uuid7

STATUSES = ("waiting", "running", "done", "failed")


class Job(models.Model):
    """One piece of work. `key` names what it is about: two that wait with one kind and key would do the same."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    slot = models.CharField(max_length=200, null=True)  # noqa: DJ001  # NULL is free; the key while it keeps others out
    data = models.JSONField()
    by = models.BigIntegerField(null=True)  # whose login asked, if anybody's
    status = models.CharField(max_length=8, default="waiting")
    made = models.DateTimeField()
    due = models.DateTimeField()
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    holder = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)  # the result in words, by language
    error = models.CharField(max_length=60, blank=True)
    message = models.JSONField(default=dict)  # by language
    todo = models.JSONField(default=dict)  # by language
    set_aside = models.BooleanField(default=False)  # failed, and nobody owes it any more

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "slot"], name="jobs_job_one_waiting"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="jobs_job_status"),
            models.CheckConstraint(
                condition=(Q(status="running") & ~Q(holder="") & Q(until__isnull=False))
                | (~Q(status="running") & Q(holder="") & Q(until__isnull=True)),
                name="jobs_job_lease",
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | (Q(status="waiting") & ~Q(key="") & Q(slot=models.F("key"))),
                name="jobs_job_slot",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["done", "failed"]) & Q(finished__isnull=False))
                | (Q(status__in=["waiting", "running"]) & Q(finished__isnull=True)),
                name="jobs_job_finished",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(error=""), name="jobs_job_failed_says_why"
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="jobs_job_attempts"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], condition=Q(status="waiting"), name="jobs_job_queue"),
            models.Index(fields=["until"], condition=Q(status="running"), name="jobs_job_running"),
            models.Index(fields=["finished", "id"], condition=Q(status="failed"), name="jobs_job_failed"),
            models.Index(fields=["kind", "key", "id"], name="jobs_job_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Look(models.Model):
    """When the scheduler last looked whether work of a kind is due: whoever moves it on is the one who acts."""

    kind = models.CharField(max_length=40, primary_key=True)
    looked = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class Tally(models.Model):
    """How many runs of a kind ended how, and how long they took, since the installation was made: for metrics.

    Counted in the transaction that ends the run, so it holds for any number of workers on any number of machines.
    """

    kind = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8)  # done, failed, retried, lost
    runs = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "outcome"], name="jobs_tally_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
