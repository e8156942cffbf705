"""Failed jobs on the desk of everything owed: work that was asked for, and that nobody has settled yet."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from estime.jobs.models import Job
from estime.jobs.wording import in_this_language, kind_in_words
from estime.kernel.debts import ALL, Cursor, Debt, Only


class FailedJobs:
    """Fits `kernel.debts.Debts`. A failed job has no date: it is owed since it failed, and belongs to no channel."""

    kind = "job"
    permission = "jobs.retry"

    def count(self, now: datetime) -> tuple[int, int]:
        """How many failed jobs nobody has settled; none is ever late."""
        return _owed().count(), 0

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """The oldest failures after a cursor. None was handed to anybody, and none is of one channel."""
        if only.channel or only.mine:
            return []
        rows = _owed()
        if after is not None:
            moment, last = after
            rows = rows.filter(
                Q(finished__gt=moment)
                | (Q(finished=moment, pk__gt=UUID(last)) if last else Q(finished=moment))
            )
        return [_debt(job) for job in rows.order_by("finished", "id")[:limit]]


def _owed() -> QuerySet[Job]:
    return Job.objects.filter(status="failed", set_aside=False)


def _debt(job: Job) -> Debt:
    title = _("A job failed: %(kind)s") % {"kind": kind_in_words(job.kind)}
    detail = " ".join(filter(None, (in_this_language(job.message), in_this_language(job.todo))))
    return Debt("job", str(job.pk), job.finished or job.made, title, detail)


failed_debts = FailedJobs()
