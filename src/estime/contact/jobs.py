"""The work of contact that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.contact.actions.watch import watch
from estime.jobs.api import JSON, Progress


def watch_job(data: dict[str, JSON], progress: Progress) -> object:
    """Look for questions in what came in; returns how many texts were read. Doing it twice changes nothing."""
    looked = watch(progress=progress)
    return ngettext_lazy("%(count)s text read.", "%(count)s texts read.", "count"), {"count": looked.read}
