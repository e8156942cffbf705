"""Reads of imports: their history, the last of each channel, those of which something waits."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from estime.channels.models import Import, Upload
from estime.kernel import clock

DEAD = timedelta(days=1)
"""After how long an import that never told its end is taken for one that was killed."""
Cursor = tuple[datetime, UUID]


def import_find(import_id: UUID) -> Import | None:
    """An import, or None."""
    return Import.objects.select_related("by", "closed_by").filter(pk=import_id).first()


def imports(channel: str, before: Cursor | None, limit: int) -> list[Import]:
    """The imports into a channel, newest first, after a cursor."""
    rows = Import.objects.filter(channel=channel).select_related("by")
    if before is not None:
        started, last = before
        rows = rows.filter(Q(started__lt=started) | Q(started=started, pk__lt=last))
    return list(rows.order_by("-started", "-id")[:limit])


def imports_total(channel: str) -> dict[str, int]:
    """What came of all imports into a channel together: how many there were, rows new, known, erased, refused."""
    names = ("new", "known", "erased", "rejected")
    found = Import.objects.filter(channel=channel).aggregate(
        imports=Count("pk"), **{f"all_{name}": Sum(name) for name in names}
    )
    return {"imports": found["imports"], **{name: found[f"all_{name}"] or 0 for name in names}}


def imports_last() -> dict[str, Import]:
    """The last import into each channel."""
    numbered = Import.objects.annotate(
        place=Window(RowNumber(), partition_by=F("channel"), order_by=[F("started").desc(), F("id").desc()])
    )
    return {record.channel: record for record in numbered.filter(place=1)}


def rejects_waiting() -> dict[str, int]:
    """How many refused rows wait, of each channel that has any."""
    rows = _unclosed().filter(rejected__gt=F("settled")).values("channel")
    return {
        row["channel"]: row["waiting"] for row in rows.annotate(waiting=Sum(F("rejected") - F("settled")))
    }


def import_waiting(record: Import) -> int:
    """How many refused rows of an import wait."""
    return 0 if record.closed else record.rejected - record.settled


def imports_open(now: datetime | None = None) -> QuerySet[Import]:
    """Imports of which something is to be done: rows to be mended, or one that stopped and was not completed.

    One that stopped within a job is the job's to tell.
    """
    moment = now or clock.now()
    waiting = Q(rejected__gt=F("settled"))
    stopped = Q(stopped=True) & (Q(job=None) | Q(status=Import.Status.PARTIAL))
    killed = Q(status=Import.Status.RUNNING, job=None, started__lt=moment - DEAD)
    return _unclosed().filter(waiting | stopped | killed)


def _unclosed() -> QuerySet[Import]:
    return Import.objects.filter(closed=None)


def import_of_job(job: UUID) -> UUID | None:
    """The import that a job made or mended, if it came so far."""
    made = Import.objects.filter(job=job).order_by("-started").values_list("pk", flat=True).first()
    if made is not None:
        return made
    upload = Upload.objects.filter(job=job).values_list("imported", "mends").first()
    return None if upload is None else upload[0] or upload[1]
