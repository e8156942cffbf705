"""The work of asking that is done in the background."""

from django.utils.translation import ngettext_lazy

from estime.jobs.api import JSON, Progress
from estime.listening.actions.ask import ask


def ask_job(data: dict[str, JSON], progress: Progress) -> object:
    """Find whom to ask, and count quarters that are over; returns how many. Doing it twice changes nothing."""
    done = ask(progress=progress)
    return ngettext_lazy("%(count)s person to be asked.", "%(count)s people to be asked.", "count"), {
        "count": done.asked
    }
