"""The door of engagement: what other parts may call. Light to import: no engine is loaded before it is needed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from estime.engagement.actions.contest import (
    place_contest,
    place_contest_withdraw,
    reading_contest,
    reading_contest_withdraw,
)
from estime.engagement.actions.keep_places import places_forget
from estime.engagement.errors import ContestRefused, ReadingNotFound
from estime.engagement.families import LIKES, PASSIVE
from estime.engagement.figures import Figure
from estime.engagement.person import PersonMeasures, digests_of, person_measures
from estime.engagement.place import (
    Contest,
    PersonPlace,
    Weighing,
    contest_of,
    contests_counted,
    objection_of,
    person_place,
    person_texts,
    place_data,
    places_on,
    weightiest,
)
from estime.engagement.queries import (
    Edition,
    ScopeInfo,
    edition,
    edition_id,
    figures,
    figures_now,
    measure_counts,
)
from estime.engagement.validity import validity_due, validity_of, validity_store

if TYPE_CHECKING:
    from estime.engagement.actions.refresh import Progress, Refreshed
    from estime.ledger.api import Erased
    from estime.people.api import User

__all__ = [
    "LIKES",
    "PASSIVE",
    "Contest",
    "ContestRefused",
    "Edition",
    "Figure",
    "PersonMeasures",
    "PersonPlace",
    "ReadingNotFound",
    "ScopeInfo",
    "Weighing",
    "contest_of",
    "contests_counted",
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
    "objection_of",
    "person_measures",
    "person_place",
    "person_texts",
    "place_contest",
    "place_contest_withdraw",
    "place_data",
    "places_forget",
    "places_on",
    "reading_contest",
    "reading_contest_withdraw",
    "refresh",
    "refresh_due",
    "scope_describe",
    "validate",
    "validity_due",
    "validity_of",
    "validity_store",
    "weightiest",
]


def refresh(
    *, whole: bool = False, now: datetime | None = None, progress: "Progress | None" = None
) -> "Refreshed":
    """Bring the lake and the figures up to date with the ledger (actions/refresh.py)."""
    from estime.engagement.actions.refresh import refresh as run

    return run(whole=whole, now=now, progress=progress)


def validate(
    scopes: Sequence[str], *, progress: "Callable[[int, int], None] | None" = None
) -> dict[str, dict[str, Any]]:
    """How far durability can be trusted, by scope (actions/validate.py). Takes minutes where there is much."""
    from estime.engagement.actions.validate import validate as run

    return run(scopes, progress=progress)


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
