"""One person's figures for their page: behaviour with what each kind of act adds, and how present they are.

People of a few hundred acts are read from the ledger when somebody looks; for the few with more, a job keeps what
the lake tells of them (`actions/digest_persons.py`). Either way as of the moment that their channel is told as of.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from estime.engagement.measures.person import Part, Told, behaviour_of, behaviour_parts, presence_of, told_of
from estime.engagement.models import PersonDigest
from estime.engagement.queries import edition
from estime.engagement.settings import Settings
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

READ = 300
"""Acts of one person that are read when their page is asked for."""

NOBODY = 0
"""The digest that says for which edition the others were made."""


class PersonMeasures(NamedTuple):
    """`known` is False when the figures of somebody with very many acts are still to be computed. Without any active
    act `presence` is empty and `first` and `last` are None. `window`, `silence`, `half_life` in days."""

    as_of: datetime
    known: bool
    behaviour: float = 0.0
    parts: tuple[Part, ...] = ()
    presence: str = ""
    first: datetime | None = None
    last: datetime | None = None
    window: int = 28
    silence: int = 90
    half_life: float = 28.0


def settings_now() -> Settings:
    """The parameters of the measures, as they are set."""
    measures = configuration().measures
    settings = Settings(half_life=measures.half_life_days)
    return settings if measures.weights is None else replace(settings, weights=measures.weights)


def person_measures(account: int, channel: str) -> PersonMeasures:
    """One person's behaviour and presence on their channel."""
    settings = settings_now()
    standing = edition()
    as_of = standing.as_of.get(channel) if standing is not None else None
    as_of = as_of or clock.now()
    acts = ledger.account_moments(account, READ)
    found = PersonMeasures(
        as_of, True, window=settings.window, silence=settings.silence, half_life=settings.half_life
    )
    if acts is None:
        return _digested(found, account, settings)
    told = told_of(
        acts,
        int(as_of.timestamp()),
        half_life=settings.half_life,
        window=settings.window,
        silence=settings.silence,
    )
    return found if told is None else _measured(found, told, settings)


def digests_due() -> bool:
    """Whether a newer edition stands than the one that the digests were made for."""
    standing = edition()
    if standing is None:
        return False
    return digests_of() != standing.id


def digests_of() -> int | None:
    """The edition that the digests were made for; None before the first."""
    made = PersonDigest.objects.filter(pk=NOBODY).values_list("told", flat=True).first()
    return None if made is None else int(made["edition"])


def _measured(found: PersonMeasures, told: Told, settings: Settings) -> PersonMeasures:
    parts = behaviour_parts(told.kinds, settings.weights, settings.other_weight)
    presence = presence_of(
        told, int(found.as_of.timestamp()), window=settings.window, silence=settings.silence
    )
    first, last = (datetime.fromtimestamp(at, UTC) for at in (told.first, told.last))
    return found._replace(
        behaviour=behaviour_of(parts), parts=tuple(parts), presence=presence, first=first, last=last
    )


def _digested(found: PersonMeasures, account: int, settings: Settings) -> PersonMeasures:
    kept = PersonDigest.objects.filter(pk=account).values_list("told", flat=True).first()
    if kept is None or kept["half_life"] != settings.half_life:
        return found._replace(known=False)
    found = found._replace(as_of=datetime.fromtimestamp(kept["as_of"], UTC))
    return _measured(found, told_from(kept), settings)


def told_from(kept: Mapping[str, object]) -> Told:
    """A digest as it is kept."""
    kinds = kept["kinds"]
    if not isinstance(kinds, dict):
        raise TypeError("a digest without kinds")
    return Told(
        {kind: (int(acts), float(decayed)) for kind, (acts, decayed) in sorted(kinds.items())},
        int(str(kept["first"])),
        int(str(kept["last"])),
        bool(kept["before"]),
    )
