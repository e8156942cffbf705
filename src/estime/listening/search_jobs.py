"""What follows readings in the background: sums of brand and products, alerts of saved searches, their mails."""

from django.utils.translation import ngettext_lazy

from estime.jobs.api import JSON, Progress
from estime.listening.actions.alert_mail import alerts_mail
from estime.listening.actions.alerts import alerts_look


def searches_job(data: dict[str, JSON], progress: Progress) -> object:
    """Look for what saved searches are to tell, and mail it. Doing it twice tells nobody twice."""
    count = alerts_look()
    alerts_mail()
    return ngettext_lazy("%(count)s alert.", "%(count)s alerts.", "count"), {"count": count}


def targets_job(data: dict[str, JSON], progress: Progress) -> object:
    """Count texts about the brand, its products and others anew. Doing it twice changes nothing."""
    from estime.listening.actions.targets_tell import targets_tell  # Arrow, for this job alone

    count = targets_tell()
    return ngettext_lazy("%(count)s text counted.", "%(count)s texts counted.", "count"), {"count": count}
