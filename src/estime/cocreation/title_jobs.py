"""The index of titles, put in order once a day: what transactions leave behind so that none waits for another."""

from django.utils.translation import gettext_lazy as _

from estime.cocreation.similar.settle import titles_settle
from estime.jobs.api import JSON, Progress


def titles_job(data: dict[str, JSON], progress: Progress) -> object:
    """Count the words of titles anew, and forget those that no title holds. Doing it twice changes nothing."""
    titles_settle()
    return _("The index of titles is in order.")
