"""The work of engagement that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.engagement.actions.digest_persons import digest_persons
from estime.engagement.errors import RefreshRunning
from estime.jobs.api import JSON, Later, Progress


def persons_job(data: dict[str, JSON], progress: Progress) -> object:
    """Keep in short what people of very many acts did. Doing it twice changes nothing."""
    try:
        people = digest_persons()
    except RefreshRunning as error:
        raise Later(30) from error
    return ngettext_lazy("%(count)s person counted.", "%(count)s people counted.", "count"), {"count": people}
