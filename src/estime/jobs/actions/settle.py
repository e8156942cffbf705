"""What people do about failed jobs: run them again, or set them aside."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from estime.jobs.actions.finish import take_slot
from estime.jobs.errors import JobNotFailed, UnknownJob
from estime.jobs.models import Job
from estime.jobs.moments import moment
from estime.jobs.wording import in_words


def retry(id: UUID) -> None:
    """Run a failed job again, as if for the first time. Raises `UnknownJob`, `JobNotFailed`."""
    with transaction.atomic():
        job = _failed(id)
        job.status, job.due, job.finished = "waiting", moment(), None
        job.error, job.message, job.todo = "", {}, {}
        job.attempts, job.set_aside = 0, False
        job.save()
        take_slot(job)


def set_aside(id: UUID) -> None:
    """Leave a failed job as it is: it is kept, and nobody owes it any more. Raises `UnknownJob`, `JobNotFailed`."""
    with transaction.atomic():
        job = _failed(id)
        job.set_aside = True
        job.save(update_fields=["set_aside"])


def _failed(id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(pk=id).first()
    if job is None:
        raise UnknownJob(
            in_words(_("There is no such job, or not any more.")),
            todo=in_words(_("Look at the list of jobs.")),
        )
    if job.status != "failed":
        raise JobNotFailed(
            in_words(_("This job has not failed.")),
            todo=in_words(_("There is nothing to do: see how it stands now.")),
        )
    return job
