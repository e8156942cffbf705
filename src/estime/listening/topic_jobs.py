"""The work of finding topics that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.jobs.api import JSON, Progress
from estime.listening.actions.find_topics import topics_find, topics_find_one
from estime.listening.actions.topics_due import Scope


def topics_job(data: dict[str, JSON], progress: Progress) -> object:
    """Find the topics that pages show, or those that somebody chose. Doing it twice changes nothing."""
    channel, days = data.get("channel"), data.get("days")
    if isinstance(channel, int) and isinstance(days, int):
        count = topics_find_one(Scope(channel, days))
    else:
        count = topics_find(progress=progress)
    return ngettext_lazy("Topics of %(count)s place found.", "Topics of %(count)s places found.", "count"), {
        "count": count
    }
