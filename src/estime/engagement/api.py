"""The door of engagement: what other parts may call. Light to import: no engine is loaded before it is needed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from estime.engagement.errors import RefreshRunning
from estime.engagement.figures import Figure
from estime.engagement.queries import Edition, ScopeInfo, edition, figures, figures_now

if TYPE_CHECKING:
    from estime.engagement.actions.refresh import Progress, Refreshed
    from estime.ledger.api import Erased

__all__ = [
    "Edition",
    "Figure",
    "RefreshRunning",
    "ScopeInfo",
    "edition",
    "erase",
    "figures",
    "figures_now",
    "forget_lake",
    "lake_url",
    "refresh",
    "refresh_due",
]


def refresh(
    *, whole: bool = False, now: datetime | None = None, progress: "Progress | None" = None
) -> "Refreshed":
    """Bring the lake and the figures up to date with the ledger (actions/refresh.py)."""
    from estime.engagement.actions.refresh import refresh as run

    return run(whole=whole, now=now, progress=progress)


def refresh_due() -> bool:
    """Whether a refresh has something to do (actions/check_due.py)."""
    from estime.engagement.actions.check_due import refresh_due as run

    return run()


def erase(channel: str, handle: str) -> "Erased":
    """Erase an account from the ledger, the lake and the figures (actions/erase_person.py)."""
    from estime.engagement.actions.erase_person import erase_person

    return erase_person(channel, handle)


def lake_url() -> str:
    """Where this installation's lake is."""
    return str(settings.ESTIME_LAKE_URL)


def forget_lake() -> None:
    """Have the next refresh make lake and figures anew, because the ledger is another one (a restore)."""
    from estime.engagement.actions.erase_person import forget_lake as run

    run()
