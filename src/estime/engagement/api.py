"""The door of engagement: what other parts may call. Light to import: no engine is loaded before it is needed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from estime.engagement.errors import RefreshRunning
from estime.engagement.families import LIKES, PASSIVE
from estime.engagement.figures import Figure
from estime.engagement.person import PersonMeasures, digests_of, person_measures
from estime.engagement.queries import (
    Edition,
    ScopeInfo,
    edition,
    edition_id,
    figures,
    figures_now,
    measure_counts,
)

if TYPE_CHECKING:
    from estime.engagement.actions.refresh import Progress, Refreshed
    from estime.ledger.api import Erased
    from estime.people.api import User

__all__ = [
    "LIKES",
    "PASSIVE",
    "Edition",
    "Figure",
    "PersonMeasures",
    "RefreshRunning",
    "ScopeInfo",
    "digest_persons",
    "digests_due",
    "digests_of",
    "edition",
    "edition_id",
    "erase",
    "erase_login",
    "figures",
    "figures_now",
    "forget_lake",
    "lake_url",
    "measure_counts",
    "person_measures",
    "refresh",
    "refresh_due",
    "scope_describe",
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


def scope_describe(name: str, title: str, attribution: str) -> None:
    """Have pages call a channel so at once: an edition keeps what channels were called when it was made."""
    from estime.engagement.actions.describe_scope import describe_scope

    describe_scope(name, title, attribution)


def erase(channel: str, handle: str) -> "Erased":
    """Erase an account from the ledger, the lake and the figures (actions/erase_person.py)."""
    from estime.engagement.actions.erase_person import erase_person

    return erase_person(channel, handle)


def erase_login(user: "User") -> None:
    """Erase what somebody with this login did here (actions/erase_person.py)."""
    from estime.engagement.actions.erase_person import erase_login as run

    run(user)


def digest_persons() -> int:
    """Keep in short what people of very many acts did (actions/digest_persons.py)."""
    from estime.engagement.actions.digest_persons import digest_persons as run

    return run()


def digests_due() -> bool:
    """Whether the digests of people of very many acts are older than the figures."""
    from estime.engagement.person import digests_due as run

    return run()


def lake_url() -> str:
    """Where this installation's lake is."""
    return str(settings.ESTIME_LAKE_URL)


def forget_lake() -> None:
    """Have the next refresh make lake and figures anew, because the ledger is another one (a restore)."""
    from estime.engagement.actions.erase_person import forget_lake as run

    run()
