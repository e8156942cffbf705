"""Jobs are no archive: what has ended well, or was set aside, is let go after a month."""

from datetime import timedelta

from django.db.models import Q

from estime.jobs.models import Job
from estime.jobs.moments import moment

KEPT = timedelta(days=30)
AT_ONCE = 1000


def sweep() -> int:
    """Delete jobs that ended more than a month ago, a thousand at a time; a failed one stays until it is settled."""
    over = Q(status="done") | Q(status="failed", set_aside=True)
    old = Job.objects.filter(over, finished__lt=moment() - KEPT).values_list("pk", flat=True)
    deleted = 0
    while some := list(old[:AT_ONCE]):
        deleted += Job.objects.filter(pk__in=some).delete()[0]
    return deleted
