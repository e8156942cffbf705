"""The work of listening that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.jobs.api import JSON, Progress
from estime.listening.actions.listen import listen


def listen_job(data: dict[str, JSON], progress: Progress) -> object:
    """Read the texts that came in; returns how many were read. Doing it twice changes nothing."""
    heard = listen(progress=progress)
    count = heard.read + heard.again
    return ngettext_lazy("%(count)s text read.", "%(count)s texts read.", "count"), {"count": count}
