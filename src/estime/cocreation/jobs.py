"""The work of co-creation that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.cocreation.actions.digests import digests_run
from estime.jobs.api import JSON, Progress


def digests_job(data: dict[str, JSON], progress: Progress) -> object:
    """Tell members what changed for them, whoever is due; returns how many. Doing it twice tells nobody twice."""
    told = digests_run(progress=progress)
    return ngettext_lazy("%(count)s digest delivered.", "%(count)s digests delivered.", "count"), {
        "count": told.delivered
    }
