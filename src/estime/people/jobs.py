"""The work of people that is done in the background."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from estime.jobs.api import JSON, Progress
from estime.kernel.clock import now
from estime.people.actions.tidy import tidy

REST = timedelta(days=1)


def tidy_due() -> bool:
    """Whether a session ended more than a day ago: what else is over goes with it."""
    return Session.objects.filter(expire_date__lt=now() - REST).exists()


def tidy_job(data: dict[str, JSON], progress: Progress) -> object:
    """Forget what is over. Doing it twice changes nothing."""
    tidy()
    return _("Sessions and links that were over are gone")
