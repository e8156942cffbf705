"""The calendar of a challenge as of a moment: which phase it is in, what came before, what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.errors import NotNow
from estime.cocreation.models import Challenge, Extension, Phase
from estime.cocreation.prepared import Prepared
from estime.cocreation.vocabulary import PHASES
from estime.cocreation.wording import PHASE_NAMES
from estime.kernel import clock

_PHASES: Final = Prepared(
    lambda challenges: Phase.objects.filter(challenge__in=challenges).order_by("pk"), plan_once=True
)
_EXTENSIONS: Final = Prepared(
    lambda challenges: (
        Extension.objects.filter(phase__challenge__in=challenges).select_related("by").order_by("pk")
    ),
    plan_once=True,
)


class PhaseTold(NamedTuple):
    """One phase as a page tells it. `when`: past, now or next (whatever lies ahead). `extensions`: oldest first."""

    kind: str
    name: str
    starts: datetime
    ends: datetime
    when: str
    extensions: Sequence[Extension] = ()


def phases_of(challenge: Challenge) -> list[Phase]:
    """Its phases in their order; without a query where they were prefetched."""
    return sorted(_phases(challenge), key=lambda phase: PHASES.index(phase.kind))


def phases_hold(challenges: Sequence[Challenge], *, extensions: bool = False) -> None:
    """Read the calendars of challenges along, for what is shown of them now: one query, two with `extensions`."""
    held: dict[int, list[Phase]] = {challenge.pk: [] for challenge in challenges}
    longer: defaultdict[int, list[Extension]] = defaultdict(list)
    for challenge in challenges:
        challenge.phases_held = held[challenge.pk]
    for phase in _PHASES.all(held) if held else ():
        held[phase.challenge_id].append(phase)
        phase.extensions_held = longer[phase.pk] if extensions else None
    for one in _EXTENSIONS.all(held) if extensions and held else ():
        longer[one.phase_id].append(one)


def _phases(challenge: Challenge) -> Sequence[Phase]:
    """In whatever order; read anew each time where they are not held: phases move."""
    if challenge.phases_held is not None:
        return challenge.phases_held
    if "phases" in getattr(challenge, "_prefetched_objects_cache", ()):
        return list(challenge.phases.all())
    return _PHASES.all([challenge.pk])


def _extensions(phase: Phase) -> Sequence[Extension]:
    if phase.extensions_held is not None:
        return phase.extensions_held
    return sorted(phase.extensions.all(), key=lambda each: each.pk)


def phase_now(challenge: Challenge, at: datetime | None = None) -> str:
    """The kind of the current phase; empty before the opening, between phases, after the last, cancelled or hidden."""
    at = at or clock.now()
    if challenge.opened is None or challenge.opened > at or challenge.hidden:
        return ""
    if challenge.cancelled is not None and challenge.cancelled <= at:
        return ""
    return next((phase.kind for phase in _phases(challenge) if phase.starts <= at < phase.ends), "")


def check_phase(challenge: Challenge, *kinds: str, at: datetime | None = None) -> None:
    """Raises `NotNow` unless the challenge is in one of these phases."""
    if phase_now(challenge, at) in kinds:
        return
    if challenge.hidden:
        raise challenge_hidden_now()
    names = " · ".join(str(PHASE_NAMES[kind]) for kind in PHASES if kind in kinds)
    if challenge.cancelled is not None:
        raise NotNow(
            _("This challenge was called off."),
            todo=_("Its page says why."),
            phases=list(kinds),
            cancelled=True,
        )
    raise NotNow(
        _("This challenge is not in the phase where that is possible (%(phases)s).") % {"phases": names},
        todo=_("Its calendar says what can be done when."),
        phases=list(kinds),
    )


def challenge_hidden_now() -> NotNow:
    """Nothing can be done in a challenge that is hidden."""
    return NotNow(
        _("This challenge is hidden at the moment."), todo=_("Its page says why, and by whom."), hidden=True
    )


def phases_told(
    challenge: Challenge, at: datetime | None = None, *, extensions: bool = True
) -> list[PhaseTold]:
    """Its calendar in words; `extensions`: with each time it was made longer (one query, or prefetched)."""
    at = at or clock.now()
    return [
        PhaseTold(
            phase.kind,
            str(PHASE_NAMES[phase.kind]),
            phase.starts,
            phase.ends,
            "past" if phase.ends <= at else "now" if phase.starts <= at else "next",
            _extensions(phase) if extensions else (),
        )
        for phase in phases_of(challenge)
    ]


def is_over(challenge: Challenge, at: datetime | None = None) -> bool:
    """Whether its last phase has ended, or it was cancelled."""
    at = at or clock.now()
    return challenge.cancelled is not None or all(phase.ends <= at for phase in _phases(challenge))
