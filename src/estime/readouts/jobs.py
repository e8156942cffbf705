"""The work that readouts have done in the background."""

from django.utils.translation import ngettext_lazy

from estime.engagement import api as engagement
from estime.engagement.errors import RefreshRunning
from estime.jobs.api import JSON, Later, Progress
from estime.listening import api as listening

STEPS = ("lake", "figures", "done")
SHARE_OF_STEPS = 50
"""Of a hundred: computing the figures; the other half is drawing their charts."""


def refresh_job(data: dict[str, JSON], progress: Progress) -> object:
    """Read new texts, and bring figures and charts up to date with them and the ledger. Returns what came in.

    Doing it twice changes nothing. Another process that refreshes already is as good: then the job looks again when
    that one is done.
    """
    from estime.readouts.actions import publish

    def step(name: str) -> None:
        progress(SHARE_OF_STEPS * STEPS.index(name) // (len(STEPS) - 1), 100)

    listening.listen()
    try:
        done = engagement.refresh(progress=step)
    except RefreshRunning as error:
        raise Later(30) from error
    edition = engagement.edition()
    if edition is not None:
        publish(
            edition,
            told=lambda at, of: progress(SHARE_OF_STEPS + (100 - SHARE_OF_STEPS) * at // max(of, 1), 100),
        )
    return ngettext_lazy("%(count)s new act.", "%(count)s new acts.", "count"), {"count": done.acts}


def validate_job(data: dict[str, JSON], progress: Progress) -> object:
    """Compute the validity report of every scope, draw its charts, and keep both. Doing it twice changes nothing."""
    from estime.readouts.validity_draw import validity_publish

    edition = engagement.edition()
    scopes = [] if edition is None else sorted(edition.as_of)
    try:
        found = engagement.validate(scopes, progress=progress)
    except RefreshRunning as error:
        raise Later(30) from error
    for told in found.values():
        validity_publish(told)
    return (
        ngettext_lazy("%(count)s validity report made.", "%(count)s validity reports made.", "count"),
        {"count": len(found)},
    )
